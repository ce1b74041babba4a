// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_fuzz.h"

namespace bansoko::proto::rdp {
const Protocol& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  fuzz_messages(rdp::describe(), bansoko::Bytes(data, size), kOverTcp, "rdp.memory_limit", {31, 4096});
  return 0;
}
