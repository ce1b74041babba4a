// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/header_case.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::proto::http2 {
namespace {

/// Those that are not written with a capital after each hyphen alone.
constexpr auto kOdd = std::to_array<std::string_view>(
    {"ETag", "TE", "DNT", "WWW-Authenticate", "SOAPAction", "Content-MD5", "X-CSRF-Token", "X-XSS-Protection",
     "X-UA-Compatible", "MIME-Version", "NEL", "Expect-CT", "SourceMap", "X-WebKit-CSP", "HTTP2-Settings"});

char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

void append_in_old_case(std::string_view name, std::string& to) {
  const auto odd =
      std::ranges::find_if(kOdd, [name](std::string_view known) { return same_text(known, name); });
  if (odd != kOdd.end()) {
    to += *odd;
    return;
  }
  bool is_first = true;
  for (const char c : name) {
    to += is_first ? to_upper(c) : c;
    is_first = c == '-';
  }
}

}  // namespace bansoko::proto::http2
