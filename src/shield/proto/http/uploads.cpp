// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/uploads.h"

#include <algorithm>

#include "base/text.h"
#include "shield/proto/header_parameters.h"

namespace bansoko::proto::http {
namespace {

constexpr auto kNone = std::string_view::npos;

/// The value of Content-Disposition among header lines.
std::string_view disposition_of(std::string_view headers) noexcept {
  constexpr std::string_view kName = "content-disposition:";
  while (!headers.empty()) {
    const auto end = std::min(headers.find('\n'), headers.size());
    const std::string_view line = headers.substr(0, end);
    headers.remove_prefix(std::min(end + 1, headers.size()));
    if (same_text(line.substr(0, kName.size()), kName)) return trim(line.substr(kName.size()));
  }
  return {};
}

}  // namespace

void Uploads::start(std::string_view method, std::string_view content_type, std::size_t most) noexcept {
  reset();
  if (method != "POST" && method != "PUT") return;
  kind_ = Kind::body;
  most_ = std::min(most, kMost);
  HeaderParameters parameters(content_type);
  if (!same_text(parameters.first(), "multipart/form-data")) return;
  const auto boundary = header_parameter(content_type, "boundary").value_or("");
  if (boundary.empty() || boundary.size() > kMostBoundary) return;
  kind_ = Kind::form;
  const std::string_view begin = "\n--";
  std::ranges::copy(boundary, std::ranges::copy(begin, delimiter_.begin()).out);
  delimiter_size_ = begin.size() + boundary.size();
}

void Uploads::advance(Bytes body, bool is_whole) noexcept {
  if (kind_ == Kind::form)
    while (step(as_text(body), is_whole)) continue;
  if (kind_ != Kind::body || body.empty()) return;
  count_ = 1;
  files_[0].size = static_cast<std::uint32_t>(body.size());
}

/// True: another step may be possible.
bool Uploads::step(std::string_view body, bool is_whole) noexcept {
  switch (step_) {
    case Step::preamble:
    case Step::content:
      return find_delimiter(body, is_whole);
    case Step::after_delimiter:
      return pass_delimiter_line(body);
    case Step::headers:
      return read_headers(body);
    case Step::over:
      break;
  }
  return false;
}

bool Uploads::find_delimiter(std::string_view body, bool is_whole) noexcept {
  const std::string_view delimiter(delimiter_.data(), delimiter_size_);
  // The first one may stand at the very beginning, without a line end before it.
  const std::string_view at_start = delimiter.substr(1);
  const bool is_first = step_ == Step::preamble && searched_ == 0;
  if (is_first && body.size() < at_start.size()) return false;
  const bool starts = is_first && body.starts_with(at_start);
  const auto found = starts ? 0 : body.find(delimiter, searched_);
  std::size_t end = found;
  if (found == kNone) {
    // One that is not complete may have begun, and a carriage return before it.
    const std::size_t kept = is_whole ? 0 : delimiter.size();
    end = std::max(at_, body.size() - std::min(body.size(), kept));
    searched_ = std::max({searched_, std::size_t{1}, body.size() - std::min(body.size(), delimiter.size())});
  } else if (end > at_ && body[end - 1] == '\r') {
    --end;
  }
  if (step_ == Step::content && is_file_) {
    File& file = files_[count_ - 1];
    file.size = std::max(file.size, static_cast<std::uint32_t>(std::max(end, at_) - file.at));
  }
  if (found == kNone) return false;
  at_ = found + (starts ? at_start.size() : delimiter.size());
  step_ = Step::after_delimiter;
  is_file_ = false;
  return true;
}

bool Uploads::pass_delimiter_line(std::string_view body) noexcept {
  if (body.substr(at_).starts_with("--")) {
    step_ = Step::over;
    return false;
  }
  const auto end = body.find('\n', at_);
  if (end == kNone) return false;
  at_ = searched_ = end + 1;
  step_ = Step::headers;
  return true;
}

bool Uploads::read_headers(std::string_view body) noexcept {
  for (auto line = searched_;;) {
    const auto found = body.find('\n', line);
    const auto end = std::min(found, body.size());
    const bool is_too_long = end - at_ > kMostHeaders;
    if (found == kNone && !is_too_long) return false;
    const std::size_t size = end - line;
    const bool is_blank = !is_too_long && (size == 0 || (size == 1 && body[line] == '\r'));
    if (is_blank || is_too_long) {
      const std::string_view headers = is_blank ? body.substr(at_, line - at_) : std::string_view();
      // A delimiter may follow at once: the line end before it is the one of the blank line.
      searched_ = is_blank ? end : line;
      at_ = is_blank ? end + 1 : line;
      begin_content(body, headers);
      return true;
    }
    searched_ = line = end + 1;
  }
}

void Uploads::begin_content(std::string_view body, std::string_view headers) noexcept {
  step_ = Step::content;
  const auto name = header_parameter(disposition_of(headers), "filename");
  if (!name || name->empty()) return;
  if (count_ == most_) {
    has_too_many_ = true;
    return;
  }
  is_file_ = true;
  files_[count_++] = {.name_at = static_cast<std::uint32_t>(name->data() - body.data()),
                      .name_size = static_cast<std::uint32_t>(name->size()),
                      .at = static_cast<std::uint32_t>(at_),
                      .size = 0};
}

Bytes Uploads::content(Bytes body, std::size_t file) const noexcept {
  return body.subspan(files_[file].at, files_[file].size);
}

std::string_view Uploads::name(Bytes body, std::size_t file) const noexcept {
  return as_text(body).substr(files_[file].name_at, files_[file].name_size);
}

}  // namespace bansoko::proto::http
