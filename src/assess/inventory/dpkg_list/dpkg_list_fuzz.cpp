// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/fuzz_source.h"

namespace bansoko::inventory::dpkg_list {
const Source& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::inventory;
  fuzz_source(dpkg_list::describe(), "x", std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
