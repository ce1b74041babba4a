// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/probe.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

constexpr std::size_t kLongestMethod = 32;

// RFC 9110, WebDAV and its kin, and what is spoken on port 80 besides.
constexpr auto kMethods = std::to_array<std::string_view>({"GET",          "POST",
                                                           "HEAD",         "PUT",
                                                           "DELETE",       "OPTIONS",
                                                           "TRACE",        "CONNECT",
                                                           "PATCH",        "PROPFIND",
                                                           "PROPPATCH",    "MKCOL",
                                                           "COPY",         "MOVE",
                                                           "LOCK",         "UNLOCK",
                                                           "SEARCH",       "REPORT",
                                                           "MERGE",        "CHECKOUT",
                                                           "CHECKIN",      "VERSION-CONTROL",
                                                           "BITS_POST",    "RPC_IN_DATA",
                                                           "RPC_OUT_DATA", "DEBUG",
                                                           "TRACK",        "PURGE",
                                                           "LINK",         "UNLINK",
                                                           "BIND",         "ACL",
                                                           "MKCALENDAR",   "SUBSCRIBE",
                                                           "UNSUBSCRIBE",  "NOTIFY",
                                                           "POLL",         "SOURCE"});

// RFC 9110 section 5.6.2: a token.
bool is_method_character(char c) noexcept {
  const bool is_letter = to_lower(c) >= 'a' && to_lower(c) <= 'z';
  return is_letter || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// SIP has methods of the same names, for targets of other schemes (RFC 3261 section 19.1).
Guess probe_scheme(std::string_view method, std::string_view target) noexcept {
  if (method != "OPTIONS" && method != "NOTIFY" && method != "SUBSCRIBE") return Guess::yes;
  for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
    const std::size_t size = std::min(target.size(), scheme.size());
    if (!same_text(target.substr(0, size), scheme.substr(0, size))) continue;
    return target.find('\n') == std::string_view::npos ? Guess::maybe : Guess::no;
  }
  return Guess::yes;
}

Guess probe_request(std::string_view text) noexcept {
  if (const auto begun = text.substr(0, kHttp2Preface.size()); kHttp2Preface.starts_with(begun))
    return begun.size() == kHttp2Preface.size() ? Guess::no : Guess::maybe;
  text.remove_prefix(std::min(text.find_first_not_of("\r\n \t"), text.size()));
  const auto end = std::find_if_not(text.begin(), text.end(), is_method_character);
  const auto method = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  if (method.size() > kLongestMethod) return Guess::no;
  if (end == text.end()) return Guess::maybe;
  if (method.empty() || (*end != ' ' && *end != '\t')) return Guess::no;
  text.remove_prefix(method.size());
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  if (text.empty()) return Guess::maybe;
  const bool is_known = std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
  const auto line_end = text.find('\n');
  const auto line = text.substr(0, line_end);
  const auto version = line.rfind(' ');
  const bool has_version = version != std::string_view::npos && line.substr(version + 1).starts_with("HTTP/");
  if (has_version) return Guess::yes;
  if (const Guess guess = probe_scheme(method, text); guess != Guess::yes) return guess;
  const bool is_target = text[0] == '/' || text[0] == '*' || text[0] == '\\' || text[0] == '%' ||
                         text[0] == '.' || text[0] == '?' || (text[0] >= '0' && text[0] <= '9') ||
                         text[0] == '[' || (to_lower(text[0]) >= 'a' && to_lower(text[0]) <= 'z');
  if (is_known && is_target) return Guess::yes;
  // Many line protocols begin with a word and a blank: without a version, nothing else tells.
  return line_end == std::string_view::npos && line.size() < 4096 && is_target ? Guess::maybe : Guess::no;
}

Guess probe_response(std::string_view text) noexcept {
  constexpr std::string_view kName = "HTTP/";
  text.remove_prefix(std::min(text.find_first_not_of("\r\n \t"), text.size()));
  const auto size = std::min(text.size(), kName.size());
  if (!same_text(text.substr(0, size), kName.substr(0, size))) return Guess::no;
  if (text.size() <= kName.size()) return Guess::maybe;
  return text[kName.size()] >= '0' && text[kName.size()] <= '9' ? Guess::yes : Guess::no;
}

}  // namespace

Guess probe(const StreamChunk& first, const Approach&) noexcept {
  const auto text = as_text(first.bytes());
  return first.from == Side::client ? probe_request(text) : probe_response(text);
}

}  // namespace bansoko::proto::http
