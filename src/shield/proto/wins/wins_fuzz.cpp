// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_parser_fuzz.h"

namespace bansoko::proto::wins {
const Protocol& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bansoko::proto::fuzz_message_parser(bansoko::proto::wins::describe(), bansoko::Bytes(data, size));
  return 0;
}
