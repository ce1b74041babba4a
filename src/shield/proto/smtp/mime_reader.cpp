// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smtp/mime_reader.h"

#include <algorithm>

#include "base/text.h"
#include "shield/proto/header_parameters.h"

namespace bansoko::proto::smtp {
namespace {

constexpr std::size_t kLongLine = 998;        // RFC 5322 section 2.1.1
constexpr std::size_t kLongEncodedLine = 76;  // RFC 2045 section 6.7, 6.8
constexpr std::size_t kLongHeaderName = 75;
constexpr std::size_t kDelimiterPiece = 300;  // as much of a line as may be a delimiter

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

}  // namespace

MimeReader::MimeReader(const Limits& limits, MemoryBudget& budget, Mail& mail)
    : limits_(limits), mail_(mail), header_(budget, kLongLine) {}

void MimeReader::start(const Wanted& wanted) noexcept {
  wanted_ = wanted;
  header_.clear();
  depth_ = 0;
  is_main_ = true;
  is_file_ = false;
  is_delimiter_line_ = false;
  begin_part();
}

void MimeReader::begin_part() noexcept {
  step_ = Step::headers;
  part_ = {};
  line_end_ = {};
}

void MimeReader::line(const Line& line) {
  if (!wanted_.mail) return;
  if (line.text.size() > kLongLine) mail_.anomalies.add(Anomaly::mime_long_line);
  if (line.starts) is_delimiter_line_ = depth_ > 0 && read_delimiter(line.text);
  if (is_delimiter_line_) return;
  if (step_ == Step::headers) return header_line(line);
  if (step_ == Step::content) content_line(line);
}

/// "--boundary" of any multipart under way begins its next part, "--boundary--" ends it (RFC 2046
/// section 5.1).
bool MimeReader::read_delimiter(std::string_view text) {
  if (!text.starts_with("--")) return false;
  const std::string_view given = text.substr(2, kDelimiterPiece);
  for (std::size_t depth = depth_; depth-- > 0;) {
    const std::string_view boundary = boundaries_[depth].view();
    if (!given.starts_with(boundary)) continue;
    const std::string_view rest = given.substr(boundary.size());
    const bool is_last = rest.starts_with("--");
    if (!is_last && !trim(rest).empty()) continue;
    if (step_ == Step::headers) headers_done();
    end_content(true);
    depth_ = is_last ? depth : depth + 1;
    begin_part();
    if (is_last) step_ = Step::outside;
    return true;
  }
  return false;
}

void MimeReader::header_line(const Line& line) {
  if (line.starts && line.ends && line.text.empty()) return headers_done();
  std::string_view text = line.text;
  const bool continues = !line.starts || (!text.empty() && is_blank(text.front()));
  if (!continues) read_header();
  // Folding goes without a trace, as in Suricata; RFC 5322 section 2.2.3 would leave the blanks.
  if (line.starts)
    while (continues && !text.empty() && is_blank(text.front())) text.remove_prefix(1);
  const std::size_t room = limits_.header - header_.size();
  if (text.size() > room) mail_.anomalies.add(Anomaly::mime_long_header_value);
  if (!header_.append(as_bytes(text.substr(0, room)), limits_.header))
    mail_.anomalies.add(Anomaly::memory_limit);
}

void MimeReader::read_header() {
  const std::string_view header = as_text(header_.bytes());
  if (header.empty()) return;
  const auto colon = header.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    mail_.anomalies.add(Anomaly::mime_malformed);
  } else {
    const std::string_view name = trim(header.substr(0, colon));
    const std::string_view value = trim(header.substr(colon + 1));
    if (name.size() > kLongHeaderName) mail_.anomalies.add(Anomaly::mime_long_header_name);
    if (is_main_) read_header_of_mail(name, value);
    if (same_text(name, "content-type")) read_type(value);
    if (same_text(name, "content-disposition")) read_name(value, "filename");
    if (same_text(name, "content-transfer-encoding")) part_.coding = coding_of(value);
  }
  header_.clear();
}

void MimeReader::read_header_of_mail(std::string_view name, std::string_view value) {
  struct Known {
    std::string_view name;
    Single kind;
  };
  static constexpr std::array kKnown{Known{"from", Single::from},
                                     Known{"to", Single::to},
                                     Known{"cc", Single::cc},
                                     Known{"subject", Single::subject},
                                     Known{"date", Single::date},
                                     Known{"message-id", Single::message_id},
                                     Known{"x-mailer", Single::x_mailer}};
  for (const Known& known : kKnown)
    if (same_text(name, known.name)) return mail_.set(known.kind, value);
  if (same_text(name, "received")) mail_.add(Listed::received, value);
}

void MimeReader::read_type(std::string_view value) {
  const std::string_view type = HeaderParameters(value).first();
  const auto is_of = [type](std::string_view family) {
    return same_text(type.substr(0, family.size()), family);
  };
  part_.is_text = is_of("text/") || type.empty();
  part_.is_message = same_text(type, "message/rfc822");
  if (part_.name_size == 0) read_name(value, "name");
  if (!is_of("multipart/")) return;
  const std::string_view boundary = header_parameter(value, "boundary").value_or("");
  if (boundary.size() > kMostBoundary) return mail_.anomalies.add(Anomaly::mime_long_boundary);
  part_.is_multipart = !boundary.empty();
  part_.boundary.size = boundary.size();
  std::ranges::copy(boundary, part_.boundary.text.begin());
}

void MimeReader::headers_done() {
  read_header();
  const bool was_main = std::exchange(is_main_, false);
  if (was_main) {
    mail_.progress[0] = std::max(mail_.progress[0], kHeaders);
    mail_.note_growth();
  }
  if (part_.is_multipart && depth_ < limits_.depth) {
    boundaries_[depth_++] = part_.boundary;
    step_ = Step::outside;
    return;
  }
  if (part_.is_multipart) mail_.anomalies.add(Anomaly::mime_depth_limit);
  // Of a mail within the mail the headers follow; where it is encoded, it is content.
  if (part_.is_message && part_.coding == Coding::none) return begin_part();
  step_ = Step::content;
  is_file_ = wanted_.files && mail_.begin_file({part_.name.data(), part_.name_size}, wanted_.sums);
  decoder_.start(part_.coding);
  line_end_ = {};
  searched_ = 0;
}

void MimeReader::content_line(const Line& line) {
  if (!is_file_) return;
  const bool is_encoded = part_.coding != Coding::none;
  if (is_encoded && line.text.size() > kLongEncodedLine) mail_.anomalies.add(Anomaly::mime_long_encoded_line);
  append(line_end_);
  append(line.text);
  line_end_ = !line.ends ? std::string_view() : line.has_cr ? "\r\n" : "\n";
  find_links(false);
}

void MimeReader::append(std::string_view text) {
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, TransferDecoder::kPiece);
    text.remove_prefix(piece.size());
    mail_.append(decoder_.decode(piece, decoded_));
  }
  if (!decoder_.is_invalid()) return;
  mail_.anomalies.add(decoder_.coding() == Coding::base64 ? Anomaly::mime_invalid_base64
                                                          : Anomaly::mime_invalid_qp);
}

void MimeReader::end_content(bool is_whole) {
  if (!is_file_) return;
  mail_.end_file(is_whole);
  find_links(true);
  is_file_ = false;
}

void MimeReader::lose() noexcept {
  is_delimiter_line_ = false;
  mail_.sums.spoil();
}

void MimeReader::finish(bool is_whole) {
  if (!wanted_.mail) return;
  if (step_ == Step::headers && is_main_) headers_done();
  end_content(is_whole);
}

}  // namespace bansoko::proto::smtp
