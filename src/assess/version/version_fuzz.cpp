// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "assess/version/version.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::version;
  // Three versions, a line each: orders are antisymmetric and transitive.
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto first = std::min(text.find('\n'), size), second = std::min(text.find('\n', first + 1), size);
  const std::string_view a = text.substr(0, first), b = text.substr(first, second - first),
                         c = text.substr(second);
  for (const Scheme scheme :
       {Scheme::debian, Scheme::rpm, Scheme::dotted, Scheme::windows, Scheme::sql_server}) {
    const auto ab = compare(scheme, a, b), bc = compare(scheme, b, c), ac = compare(scheme, a, c);
    const auto ba = compare(scheme, b, a);
    const bool antisymmetric = std::is_lt(ab) == std::is_gt(ba) && std::is_eq(ab) == std::is_eq(ba);
    const bool transitive = std::is_gt(ab) || std::is_gt(bc) ||
                            (std::is_eq(ab) && std::is_eq(bc) ? std::is_eq(ac) : std::is_lt(ac));
    if (!antisymmetric || !transitive || std::is_neq(compare(scheme, a, a))) std::abort();
  }
  return 0;
}
