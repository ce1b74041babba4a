// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/fuzz_format.h"

namespace bansoko::feed::osv {
const FeedFormat& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bansoko::feed::fuzz_format(bansoko::feed::osv::describe(), data, size);
  return 0;
}
