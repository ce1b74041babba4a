// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"

namespace bansoko::keyword::flags {

const detect::Keyword& describe();

}  // namespace bansoko::keyword::flags

namespace bansoko::keyword::tcp_flags {

/// The newer name of `flags`.
const detect::Keyword& describe() {
  static const detect::Keyword keyword = [] {
    detect::Keyword same = flags::describe();
    same.name = "tcp.flags";
    return same;
  }();
  return keyword;
}

}  // namespace bansoko::keyword::tcp_flags
