// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/fuzz_source.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::inventory;
  // The first line names the source.
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto end = text.find('\n');
  if (end == std::string::npos) return 0;
  for (const Source* const source : all_sources())
    if (source->read_within != nullptr && text.compare(0, end, source->name) == 0)
      fuzz_source(*source, "/etc/x", text.substr(end + 1));
  return 0;
}
