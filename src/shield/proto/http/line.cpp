// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/line.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

constexpr std::string_view kBlank = " \t\v\f\r\n";

std::string_view strip_front(std::string_view text) noexcept {
  return text.substr(std::min(text.find_first_not_of(kBlank), text.size()));
}

std::string_view strip_back(std::string_view text) noexcept {
  const auto last = text.find_last_not_of(kBlank);
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

/// Takes the word at the front of `text`, and the blanks after it.
std::string_view take_word(std::string_view& text) noexcept {
  const auto end = std::min(text.find_first_of(kBlank), text.size());
  const auto word = text.substr(0, end);
  text = strip_front(text.substr(end));
  return word;
}

}  // namespace

StartLine split_request_line(std::string_view line) noexcept {
  StartLine parts;
  line = strip_back(strip_front(line));
  parts.first = take_word(line);
  auto blank = line.rfind(' ');
  if (blank == std::string_view::npos) blank = line.find_last_of(kBlank);
  if (blank != std::string_view::npos) parts.third = line.substr(blank + 1);
  parts.second = strip_back(line.substr(0, blank));
  return parts;
}

StartLine split_status_line(std::string_view line) noexcept {
  StartLine parts;
  line = strip_front(without_line_end(line));
  parts.first = take_word(line);
  parts.second = take_word(line);
  parts.third = line;
  return parts;
}

bool is_authority_form(const StartLine& request) noexcept {
  return request.first == "CONNECT" && !request.second.starts_with('/');
}

bool is_status_line(std::string_view line) noexcept {
  return same_text(strip_front(line).substr(0, 4), "http");
}

std::string_view without_line_end(std::string_view line) noexcept {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  return line;
}

std::string_view strip(std::string_view text) noexcept { return strip_back(strip_front(text)); }

}  // namespace bansoko::proto::http
