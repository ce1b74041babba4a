// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/drivers.h"

#include <string>

namespace bansoko::engine {

Result<const capture::Driver*> find_driver(std::string_view name) {
  std::string names;
  for (const capture::Driver* driver : capture::all_drivers()) {
    if (driver->name == name) return driver;
    if (!names.empty()) names += ", ";
    names += driver->name;
  }
  return fail(Errc::not_found, "there is no capture driver '{}' (valid: {})", name, names);
}

}  // namespace bansoko::engine
