// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "event/event.h"

// What can be read at all is written in one form, and that form reads back to the same form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const auto event = event::from_json(as_text({data, size}));
  if (!event) return 0;
  const std::string once = event::to_json(*event);
  if (once.find('\n') != std::string::npos) std::abort();
  const auto again = event::from_json(once);
  if (!again || event::to_json(*again) != once) std::abort();
  return 0;
}
