// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/head_reader.h"

#include <algorithm>

namespace bansoko::proto::http {
namespace {
constexpr std::size_t kLeastLine = 256;  // as the setting line_limit
}

void HeadReader::reset() noexcept {
  line_at_ = 0;
  is_cut_ = false;
  after_return_ = false;
  after_feed_ = true;
}

void HeadReader::begin_trailers(const Message& message, Message& to) {
  // What is the last line now is the empty one.
  to.continue_head(message, line_at_);
  reset();
  line_at_ = to.head.size();
}

/// How many bytes to take for this line, its end included; npos: it goes on.
std::size_t HeadReader::line_end(std::string_view rest) noexcept {
  const auto feed = rest.find('\n');
  if (side_ == Side::client) return feed == std::string_view::npos ? feed : feed + 1;
  // Clients take a lone CR for a line end, servers do not.
  const auto before = rest.substr(0, feed);
  if (const auto carriage = before.find('\r'); carriage != std::string_view::npos) {
    after_return_ = true;
    return carriage + 1;
  }
  return feed == std::string_view::npos ? feed : feed + 1;
}

bool HeadReader::read_line(ByteReader& in, Message& message, Anomaly if_too_long) {
  while (!in.rest().empty()) {
    const std::string_view rest = as_text(in.rest());
    if (after_return_) {
      after_return_ = false;
      if (rest[0] == '\n') {
        message.head += '\n';
        in.skip(1);
      }
      return true;
    }
    const auto end = line_end(rest);
    const auto piece = rest.substr(0, end);
    const std::size_t size = message.head.size() - line_at_;
    const std::size_t allowed = limits_->line - std::min(size, limits_->line);
    // Framing must be read even where there is no memory to keep the line.
    const std::size_t had = std::max(message.room(), kLeastLine - std::min(size, kLeastLine));
    const std::size_t room = std::min(allowed, had);
    message.head += piece.substr(0, room);
    if (piece.size() > room) {
      is_cut_ |= had < allowed;
      message.anomalies.add(had < allowed ? Anomaly::memory_limit : if_too_long);
      if (end != std::string_view::npos) message.head += piece.back();
    }
    in.skip(piece.size());
    if (end != std::string_view::npos && !after_return_) return true;
  }
  return false;
}

bool HeadReader::read_start_line(ByteReader& in, Message& message) {
  const std::size_t before = in.rest().size();
  const bool is_over = read_line(in, message, Anomaly::start_line_too_long);
  message.start_line_size += before - in.rest().size();
  if (!is_over) return false;
  line_at_ = message.head.size();
  is_cut_ = false;
  message.start_line_done(side_ == Side::client);
  return true;
}

bool HeadReader::read_headers(ByteReader& in, Message& message) {
  while (read_line(in, message, Anomaly::header_too_long))
    if (add_header(message)) return true;
  return false;
}

/// Whether the line is the empty one that ends the headers.
bool HeadReader::add_header(Message& message) {
  const std::string_view line = std::string_view(message.head).substr(line_at_);
  std::string_view text = without_line_end(line);
  // LF CR is how some end their lines: such a CR alone is no empty line.
  const bool is_stray_return = line == "\r" && after_feed_;
  after_feed_ = line.ends_with('\n');
  if (is_stray_return) {
    line_at_ = message.head.size();
    return false;
  }
  if (text.empty()) {
    message.headers_done();
    return true;
  }
  if (text.front() == '\r') text.remove_prefix(1);
  const bool is_continued = text.front() == ' ' || text.front() == '\t';
  const bool is_too_large = line_at_ + line.size() > limits_->head;
  const bool is_too_many = message.headers.size() >= limits_->headers;
  const bool is_without_memory = is_cut_ || !message.has_room_for_header();
  is_cut_ = false;
  if (is_too_large || is_too_many || is_without_memory) {
    message.anomalies.add(is_too_large  ? Anomaly::headers_too_large
                          : is_too_many ? Anomaly::too_many_headers
                                        : Anomaly::memory_limit);
    const auto colon = std::min(text.find(':'), text.size() - 1);
    message.framing.see(strip(text.substr(0, colon)), strip(text.substr(colon + 1)), message.anomalies);
    message.head.resize(line_at_);
    return false;
  }
  const auto at = line_at_ + static_cast<std::size_t>(text.data() - line.data());
  message.headers.add_line(static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(text.size()),
                           is_continued);
  line_at_ = message.head.size();
  return false;
}

void HeadReader::cut_headers(Message& message) {
  if (!after_return_ || !add_header(message)) {
    message.head.resize(line_at_);
    message.headers_done();
  }
}

}  // namespace bansoko::proto::http
