// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/uri.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/text.h"
#include "shield/proto/http/best_fit.h"
#include "shield/proto/http/utf8.h"

namespace bansoko::proto::http {
namespace {

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

/// Takes one character off the front of `text`: an escape decoded, an invalid one as it stands.
char next_decoded(std::string_view& text) noexcept {
  if (text[0] == '%') {
    if (text.size() >= 6 && to_lower(text[1]) == 'u') {
      if (const int code_point = hex_number(text.substr(2, 4)); code_point >= 0) {
        text.remove_prefix(6);
        return best_fit(static_cast<std::uint32_t>(code_point));
      }
    } else if (text.size() >= 3) {
      if (const int byte = hex_number(text.substr(1, 2)); byte >= 0) {
        text.remove_prefix(3);
        return static_cast<char>(byte);
      }
    }
  }
  const char c = text[0];
  text.remove_prefix(1);
  return c;
}

/// Writes text decoded to `out`, which has room for text.size(); how much was written.
std::size_t decode(std::string_view text, std::span<char> out) noexcept {
  std::size_t size = 0;
  while (!text.empty()) out[size++] = next_decoded(text);
  return size;
}

std::size_t decode_path(std::string_view text, std::span<char> out) noexcept {
  std::size_t size = 0;
  while (!text.empty()) {
    char c = next_decoded(text);
    if (c == '\\') c = '/';
    if (c == '/' && size > 0 && out[size - 1] == '/') continue;
    out[size++] = c;
  }
  return size;
}

/// RFC 3986 section 5.2.4, in place, but a path that ends in a dot segment loses its last slash, as in the
/// HTTP libraries of intrusion detection that rules are written against.
std::size_t remove_dot_segments(std::span<char> path) noexcept {
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
      in.remove_prefix(3);
    } else if (in.starts_with("./") && size == 0) {
      in.remove_prefix(2);
    } else if (in.starts_with("/./") || in == "/.") {
      skip(2);
    } else if (in.starts_with("/../") || in == "/..") {
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

/// Whether normalising can change anything.
bool is_plain(std::string_view text, std::string_view path) noexcept {
  if (std::any_of(text.begin(), text.end(), [](char c) { return c == '%'; })) return false;
  char previous = '/';  // a path may begin with a dot segment
  bool first = true;
  for (const char c : path) {
    const bool special = c == '\\' || static_cast<unsigned char>(c) >= 0x80 ||
                         (previous == '/' && (c == '.' || (c == '/' && !first)));
    if (special) return false;
    previous = c;
    first = false;
  }
  return true;
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
  const auto hash = std::min(target.find('#'), target.size());
  parts.fragment = target.substr(hash);
  target = target.substr(0, hash);
  const auto mark = std::min(target.find('?'), target.size());
  parts.query = target.substr(mark);
  parts.path = target.substr(0, mark);
  return parts;
}

std::string_view normalise(std::string_view target, const Target& parts, Arena& arena) {
  const auto start = target.size() - parts.path.size() - parts.query.size() - parts.fragment.size();
  const std::string_view rest = target.substr(start);
  if (is_plain(rest, parts.path)) return rest;
  const auto out = arena.take(rest.size());
  std::size_t size = decode_path(parts.path, out);
  size = collapse_utf8(out.first(size));
  size = remove_dot_segments(out.first(size));
  size += decode(parts.query, out.subspan(size));
  size += decode(parts.fragment, out.subspan(size));
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
