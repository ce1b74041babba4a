// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "lockdown/approved/exchange.h"

// The signature is not looked at: what stands behind it must hold by itself. Without an accepted key, nothing
// is read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  if (approved::read_exchange({data, size}, {})) std::abort();
  const auto read = approved::read_unsigned({data, size});
  if (read && (read->list == nullptr || read->list->size() != read->manifest.entries)) std::abort();
  return 0;
}
