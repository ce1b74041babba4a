// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/source_fuzz.h"

namespace bansoko::inventory::shield_events {
const Source& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return bansoko::inventory::fuzz_source(bansoko::inventory::shield_events::describe(), data, size);
}
