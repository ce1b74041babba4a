// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "base/bytes.h"
#include "lockdown/state/codes.h"
#include "lockdown/state/imports.h"
#include "lockdown/state/state.h"

// The first byte chooses which of the files it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  if (size == 0) return 0;
  const std::string_view text = as_text({data + 1, size - 1});
  switch (data[0] % 5) {
    case 0:
      if (const auto window = state::parse_window(text, "f"); window && window->opened < 0) std::abort();
      break;
    case 1:
      if (const auto glass = state::parse_break_glass(text, "f"); glass && is_open(*glass, glass->until))
        std::abort();
      break;
    case 2:
      if (const auto one = state::parse_confirmation(text, "f"); one && one->by.size() > 1024) std::abort();
      break;
    case 3:
      if (const auto codes = state::parse_codes(text, "f"); codes && codes->codes.size() > state::kMaxCodes)
        std::abort();
      break;
    default:
      if (const auto imports = state::parse_imports(text, "f");
          imports && imports->size() > state::kMaxImportKeys)
        std::abort();
  }
  return 0;
}
