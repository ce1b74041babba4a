// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/uri.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "base/text.h"
#include "shield/proto/http/best_fit.h"
#include "shield/proto/http/utf8.h"

namespace bansoko::proto::http {
namespace {

// Kinds of signs.
constexpr std::uint16_t kPercent = 1, kControl = 2, kHigh = 4, kBackslash = 8, kSlash = 16, kDot = 32,
                        kBlank = 64, kSemicolon = 128, kColon = 256;
constexpr std::uint16_t kDotSegment = 512;  // a dot or a slash after a slash
constexpr std::uint16_t kTrailing = 1024;   // a dot or a blank at a segment's end

bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

constexpr auto kKinds = [] {
  std::array<std::uint16_t, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i)
    kinds[i] = i >= 0x80 ? kHigh : i < 0x20 || i == 0x7f ? kControl : 0;
  kinds['%'] = kPercent;
  kinds['\\'] = kBackslash;
  kinds['/'] = kSlash;
  kinds['.'] = kDot;
  kinds[' '] = kBlank;
  kinds[';'] = kSemicolon;
  kinds[':'] = kColon;
  return kinds;
}();

unsigned kind_of(char c) noexcept { return kKinds[static_cast<unsigned char>(c)]; }

int hex(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The number in all of `digits`, or -1.
int hex_number(std::string_view digits) noexcept {
  int value = 0;
  for (const char c : digits) {
    if (hex(c) < 0) return -1;
    value = value * 16 + hex(c);
  }
  return value;
}

/// How long the escape is that `text` begins with; 0: there is none.
std::size_t escape_size(std::string_view text, bool u_escapes) noexcept {
  if (text.empty() || text[0] != '%') return 0;
  if (u_escapes && text.size() >= 6 && to_lower(text[1]) == 'u' && hex_number(text.substr(2, 4)) >= 0)
    return 6;
  return text.size() >= 3 && hex_number(text.substr(1, 2)) >= 0 ? 3 : 0;
}

/// Takes one character off the front of `text`: an escape decoded, an invalid one as it stands.
char next_decoded(std::string_view& text, const Reading& reading, UriFindings& findings) noexcept {
  const std::size_t size = escape_size(text, reading.u_escapes);
  char c = text[0];
  if (size > 0) {
    const int number = hex_number(text.substr(size == 6 ? 2 : 1, size == 6 ? 4 : 2));
    c = size == 6 ? best_fit(static_cast<std::uint32_t>(number), reading.query_utf8 ? Fit::any : Fit::western)
                  : static_cast<char>(number);
  }
  findings.escape_invalid |= size == 0 && c == '%';
  findings.control_character |= size == 0 && is_control(c);
  findings.nul |= c == '\0';
  text.remove_prefix(std::max<std::size_t>(size, 1));
  return c;
}

/// Writes text decoded to `out`, which has room for text.size(); how much was written.
std::size_t decode(std::string_view text, std::span<char> out, const Reading& reading,
                   UriFindings& findings) noexcept {
  std::size_t size = 0;
  const bool invalid = findings.escape_invalid;
  while (!text.empty()) out[size++] = next_decoded(text, reading, findings);
  findings.escape_invalid = invalid;  // in a query nobody minds
  return reading.query_utf8 ? collapse_utf8(out.first(size), Fit::any).size : size;
}

/// `out` may be where the text is.
std::size_t decode_path(std::string_view text, std::span<char> out, const Reading& reading,
                        UriFindings& findings) noexcept {
  std::size_t size = 0;
  while (!text.empty()) {
    char c = next_decoded(text, reading, findings);
    if (c == '\\' && reading.backslashes) c = '/';
    if (c == '/' && size > 0 && out[size - 1] == '/') continue;
    out[size++] = c;
  }
  return size;
}

bool has_escape(std::string_view text, bool u_escapes) noexcept {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (escape_size(text.substr(at), u_escapes) > 0) return true;
  return false;
}

/// What Windows and application servers take a segment for: without parameters, stream name and what trails.
std::string_view bare_segment(std::string_view segment, const Reading& reading) noexcept {
  if (reading.parameters) segment = segment.substr(0, segment.find(';'));
  if (!reading.trailing) return segment;
  if (segment.find(":$") != std::string_view::npos) segment = segment.substr(0, segment.find(':'));
  const auto last = segment.find_last_not_of(". ");
  if (last != std::string_view::npos) return segment.substr(0, last + 1);
  // Of dots and blanks alone the dots stay: ".. " leads up as ".." does.
  return segment.substr(0, segment.find_last_not_of(' ') + 1);
}

/// In place: each segment bare, backslashes (UTF-8 may have had them) as slashes, several as one.
std::size_t tidy_segments(std::span<char> path, const Reading& reading) noexcept {
  std::string_view in(path.data(), path.size());
  if (reading.nul_ends) in = in.substr(0, in.find('\0'));
  std::size_t size = 0;
  while (!in.empty()) {
    const auto end = std::min(in.find_first_of("/\\"), in.size());
    for (const char c : bare_segment(in.substr(0, end), reading)) path[size++] = c;
    if (end == in.size()) break;
    in.remove_prefix(end + 1);
    if (size == 0 || path[size - 1] != '/') path[size++] = '/';
  }
  return size;
}

/// RFC 3986 section 5.2.4, in place, but a path that ends in a dot segment loses its last slash, as in the
/// HTTP libraries of intrusion detection that rules are written against.
std::size_t remove_dot_segments(std::span<char> path, bool& above_root) noexcept {
  std::string_view in(path.data(), path.size());
  std::size_t size = 0;
  const auto last_segment = [&] {
    const auto slash = std::string_view(path.data(), size).rfind('/');
    return slash == std::string_view::npos ? 0 : slash;
  };
  const auto skip = [&](std::size_t count) {
    in.remove_prefix(count);
    if (in == "/") in = {};
  };
  while (!in.empty()) {
    if (in.starts_with("../") && size == 0) {
      above_root = true;
      in.remove_prefix(3);
    } else if (in.starts_with("./") && size == 0) {
      in.remove_prefix(2);
    } else if (in.starts_with("/./") || in == "/.") {
      skip(2);
    } else if (in.starts_with("/../") || in == "/..") {
      above_root |= size == 0;
      size = last_segment();
      skip(3);
    } else if (size == 0 && (in == "." || in == "..")) {
      in = {};
    } else {
      const auto slash = std::min(in.find('/', 1), in.size());
      for (const char c : in.substr(0, slash)) path[size++] = c;
      in.remove_prefix(slash);
    }
  }
  return size;
}

/// What follows `scheme:`: takes the authority off the front of `rest` and gives the host in it.
std::string_view take_host(std::string_view& rest) noexcept {
  if (rest.starts_with("//") && rest.size() > 2) {
    rest.remove_prefix(2);
  } else if (rest.starts_with('/')) {
    return {};
  }
  const auto end = std::min(rest.find_first_of("/?#\\"), rest.size());
  std::string_view authority = rest.substr(0, end);
  rest.remove_prefix(end);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.starts_with('['))
    return authority.substr(0, std::min(authority.find(']'), authority.size() - 1) + 1);
  return authority.substr(0, authority.find(':'));
}

}  // namespace

Target split_target(std::string_view target) noexcept {
  Target parts;
  if (!target.starts_with('/') && !target.starts_with('\\')) {
    const auto colon = target.find_first_of(":/?#");
    if (colon != std::string_view::npos && target[colon] == ':') {
      target.remove_prefix(colon + 1);
      parts.host = take_host(target);
    }
  }
  parts.rest = target;
  const auto hash = std::min(target.find('#'), target.size());
  parts.fragment = target.substr(hash);
  target = target.substr(0, hash);
  const auto mark = std::min(target.find('?'), target.size());
  parts.query = target.substr(mark);
  parts.path = target.substr(0, mark);
  return parts;
}

TargetKinds kinds_of(const Target& parts) noexcept {
  TargetKinds kinds;
  unsigned before = parts.path.starts_with('/') ? 0 : kSlash;  // it may begin with a dot segment
  for (const char c : parts.path) {
    const unsigned kind = kind_of(c);
    kinds.path |= kind;
    if ((before & kSlash) != 0 && (kind & (kDot | kSlash)) != 0) kinds.path |= kDotSegment;
    if ((before & (kDot | kBlank)) != 0 && (kind & kSlash) != 0) kinds.path |= kTrailing;
    before = kind;
  }
  if ((before & (kDot | kBlank)) != 0) kinds.path |= kTrailing;
  for (const char c : parts.rest.substr(parts.path.size())) kinds.after |= kind_of(c);
  return kinds;
}

bool is_plain(const TargetKinds& kinds, const Reading& reading) noexcept {
  const unsigned special = kPercent | kControl | kDotSegment | (reading.backslashes ? kBackslash : 0U) |
                           (reading.utf8 ? kHigh : 0U) | (reading.parameters ? kSemicolon : 0U) |
                           (reading.trailing ? kColon | kTrailing : 0U);
  const unsigned special_after = kPercent | kControl | (reading.query_utf8 ? kHigh : 0U);
  return (kinds.path & special) == 0 && (kinds.after & special_after) == 0;
}

std::string_view normalise(const Target& parts, const Reading& reading, Arena& arena, UriFindings& findings) {
  const Fit fit = reading.query_utf8 ? Fit::any : Fit::western;
  const auto out = arena.take(parts.rest.size());
  std::size_t size = decode_path(parts.path, out, reading, findings);
  findings.double_encoded |= has_escape({out.data(), size}, reading.u_escapes);
  UriFindings second;
  if (reading.twice) size = decode_path({out.data(), size}, out, reading, second);
  if (reading.utf8) {
    const Collapsed collapsed = collapse_utf8(out.first(size), fit);
    findings.overlong |= collapsed.overlong;
    size = collapsed.size;
  }
  if (reading.trailing || reading.parameters) size = tidy_segments(out.first(size), reading);
  size = remove_dot_segments(out.first(size), findings.above_root);
  size += decode(parts.query, out.subspan(size), reading, findings);
  size += decode(parts.fragment, out.subspan(size), reading, findings);
  return {out.data(), size};
}

std::string_view normalise_host(std::string_view host, Arena& arena) {
  std::string_view name = host.substr(0, host.find_first_of("/?#"));
  if (name.starts_with('[') && name.find(']') != std::string_view::npos) {
    name = name.substr(0, name.find(']') + 1);
  } else {
    name = name.substr(0, name.find(':'));
  }
  if (std::none_of(name.begin(), name.end(), [](char c) { return c != to_lower(c); })) return name;
  const auto out = arena.take(name.size());
  std::transform(name.begin(), name.end(), out.begin(), to_lower);
  return {out.data(), out.size()};
}

}  // namespace bansoko::proto::http
