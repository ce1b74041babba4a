// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/settings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/bytes.h"

// Settings are taken without a fault or not at all, and those that are taken read back as what they say.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const auto protocols = proto::all_protocols();
  settings::Faults faults;
  const auto read = engine::parse_settings(as_text({data, size}), "input", protocols, faults);
  if (read.has_value() != faults.empty()) std::abort();
  if (!read) return 0;
  const std::string once = engine::settings_yaml(*read, protocols);
  const auto again = engine::parse_settings(once, "again", protocols, faults);
  if (!again || engine::settings_yaml(*again, protocols) != once) std::abort();
  return 0;
}
