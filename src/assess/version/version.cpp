// SPDX-License-Identifier: Apache-2.0
#include "assess/version/version.h"

namespace bansoko::version {

std::weak_ordering compare(Scheme scheme, std::string_view a, std::string_view b) noexcept {
  switch (scheme) {
    case Scheme::debian:
      return compare_debian(a, b);
    case Scheme::rpm:
      return compare_rpm(a, b);
    case Scheme::dotted:
      return compare_dotted(a, b);
    // What is no build is lower than any build, and equal to what else is none.
    case Scheme::windows:
      return parse_build(a) <=> parse_build(b);
    case Scheme::sql_server:
      return parse_sql_server_build(a) <=> parse_sql_server_build(b);
  }
  return std::weak_ordering::equivalent;
}

}  // namespace bansoko::version
