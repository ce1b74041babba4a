// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/sip/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::proto::sip {
namespace {

constexpr std::string_view kVersion = "SIP/";

struct KnownHeader {
  HeaderName name;
  std::string_view word, compact;  // RFC 3261 section 7.3.3
};
constexpr std::array kKnown{
    KnownHeader{HeaderName::from, "From", "f"},
    KnownHeader{HeaderName::to, "To", "t"},
    KnownHeader{HeaderName::via, "Via", "v"},
    KnownHeader{HeaderName::user_agent, "User-Agent", ""},
    KnownHeader{HeaderName::content_type, "Content-Type", "c"},
    KnownHeader{HeaderName::content_length, "Content-Length", "l"},
};

HeaderName name_of(std::string_view word) noexcept {
  for (const KnownHeader& known : kKnown)
    if (same_text(word, known.word) || same_text(word, known.compact)) return known.name;
  return HeaderName::other;
}

bool is_token_character(char c) noexcept {
  return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

/// "SIP/2.0"
bool is_version(std::string_view word) noexcept {
  return word.size() > kVersion.size() && same_text(word.substr(0, kVersion.size()), kVersion) &&
         word[kVersion.size()] >= '0' && word[kVersion.size()] <= '9';
}

std::string_view without_line_end(std::string_view line) noexcept {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Cuts off a line with those that continue it, which begin with a blank (section 7.3.1).
std::string_view take_line(std::string_view& text, bool may_continue) noexcept {
  std::size_t end = 0;
  do {
    const auto feed = text.find('\n', end);
    end = feed == std::string_view::npos ? text.size() : feed + 1;
  } while (may_continue && end < text.size() && (text[end] == ' ' || text[end] == '\t'));
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  return line;
}

constexpr std::size_t kLongestMethod = 32;

}  // namespace

void SipMessage::clear() noexcept {
  start_line = body = method = uri = version = code = reason = {};
  header_count = longest_header = 0;
  stated_size.reset();
  has_head = false;
  kept_ = 0;
  description_.clear();
}

AnomalyBits SipMessage::read(std::string_view text, bool is_cut) noexcept {
  clear();
  start_line = without_line_end(take_line(text, false));
  if (!read_start_line(start_line)) return bit(Anomaly::invalid_data);
  AnomalyBits found = 0;
  while (!text.empty()) {
    const std::string_view line = take_line(text, text.front() != '\r' && text.front() != '\n');
    has_head = without_line_end(line).empty() && line.ends_with('\n');
    if (has_head) break;
    found |= read_header(without_line_end(line));
  }
  if (!has_head) return found | (is_cut ? 0 : bit(Anomaly::incomplete_data));
  return found | read_body(text, is_cut);
}

bool SipMessage::read_start_line(std::string_view line) noexcept {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos || first == 0) return false;
  if (is_version(line.substr(0, first))) {
    version = line.substr(0, first);
    const std::string_view rest = line.substr(first + 1);
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    code = rest.substr(0, blank);
    reason = rest.substr(std::min(blank + 1, rest.size()));
    return !code.empty();
  }
  const std::size_t last = line.rfind(' ');
  if (last == first || !is_version(line.substr(last + 1))) return false;
  method = line.substr(0, first);
  uri = line.substr(first + 1, last - first - 1);
  version = line.substr(last + 1);
  return true;
}

AnomalyBits SipMessage::read_header(std::string_view line) noexcept {
  ++header_count;
  const std::size_t colon = line.find(':');
  const std::string_view word = trim(line.substr(0, std::min(colon, line.size())));
  const bool is_header = colon != std::string_view::npos && !word.empty();
  const std::string_view value = is_header ? trim(line.substr(colon + 1)) : std::string_view();
  const HeaderName name = is_header ? name_of(word) : HeaderName::other;
  longest_header = std::max<std::uint64_t>(longest_header, line.size());
  AnomalyBits found = is_header ? 0 : bit(Anomaly::invalid_header);
  if (name == HeaderName::content_length) found |= read_length(value);
  if (kept_ == headers_.size()) return found | bit(Anomaly::header_limit);
  headers_[kept_++] = {name, line, value};
  return found;
}

AnomalyBits SipMessage::read_length(std::string_view value) noexcept {
  constexpr std::size_t kMostDigits = 18;
  std::uint64_t size = 0;
  const bool is_number = !value.empty() && value.size() <= kMostDigits &&
                         std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return bit(Anomaly::invalid_content_length);
  for (const char c : value) size = size * 10 + static_cast<std::uint64_t>(c - '0');
  const bool differs = stated_size && *stated_size != size;
  if (!stated_size) stated_size = size;
  return differs ? bit(Anomaly::invalid_content_length) : 0;
}

AnomalyBits SipMessage::read_body(std::string_view rest, bool is_cut) noexcept {
  const bool is_short = stated_size && *stated_size > rest.size();
  body = rest.substr(
      0, static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), stated_size.value_or(~0ULL))));
  AnomalyBits found = is_short && !is_cut ? bit(Anomaly::incomplete_data) : 0;
  constexpr std::string_view kDescription = "application/sdp";
  const std::string_view type = header(HeaderName::content_type, 0).value_or(std::string_view());
  if (same_text(type.substr(0, kDescription.size()), kDescription) && !description_.read(body))
    found |= bit(Anomaly::sdp_limit);
  return found;
}

std::optional<std::string_view> SipMessage::header(HeaderName name, unsigned instance) const noexcept {
  for (std::size_t i = 0; i < kept_; ++i)
    if (headers_[i].name == name && instance-- == 0) return headers_[i].value;
  return {};
}

std::optional<std::string_view> SipMessage::header_line(unsigned instance) const noexcept {
  return instance < kept_ ? std::optional<std::string_view>(headers_[instance].line) : std::nullopt;
}

Guess probe_start_line(std::string_view text) noexcept {
  constexpr std::size_t kLongest = 2048;
  const std::size_t size = std::min(text.size(), kVersion.size());
  if (same_text(text.substr(0, size), kVersion.substr(0, size)))
    return size < kVersion.size() ? Guess::maybe : Guess::yes;
  const auto end = std::find_if_not(text.begin(), text.end(), is_token_character);
  const auto length = static_cast<std::size_t>(end - text.begin());
  if (length > kLongestMethod || length == 0) return Guess::no;
  if (end == text.end()) return Guess::maybe;
  if (*end != ' ') return Guess::no;
  const std::size_t feed = text.find('\n');
  if (feed == std::string_view::npos) return text.size() < kLongest ? Guess::maybe : Guess::no;
  const std::string_view line = without_line_end(text.substr(0, feed + 1));
  const std::size_t last = line.rfind(' ');
  return last > length && is_version(line.substr(last + 1)) ? Guess::yes : Guess::no;
}

}  // namespace bansoko::proto::sip
