// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/datagram_fuzz.h"

namespace bansoko::proto::ssrp {
const Protocol& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bansoko::proto::fuzz_datagrams(bansoko::proto::ssrp::describe(), bansoko::Bytes(data, size));
  return 0;
}
