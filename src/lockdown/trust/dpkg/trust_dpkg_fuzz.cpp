// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "lockdown/trust/dpkg/status.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::trust::dpkg;
  const std::string_view text = bansoko::as_text({data, size});
  std::size_t conffiles = 0;
  for (const Package& package : read_status(text)) {
    if (package.name.empty()) std::abort();
    conffiles += package.conffiles.size();
  }
  if (conffiles > size) std::abort();
  static_cast<void>(Diversions(text).place_of("/usr/bin/x", "x"));
  return 0;
}
