// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/fuzz_source.h"

namespace bansoko::inventory::os_release {
const Source& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::inventory;
  fuzz_source(os_release::describe(), "os-release", std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
