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

std::string_view driver_in_use(const ShieldSettings& settings) noexcept {
  const bool copies = settings.mode == Mode::observe && settings.observe_by == ObserveBy::copies;
  return copies && settings.driver == "nfqueue" ? "nflog" : std::string_view(settings.driver);
}

Result<> check_driver(const capture::Driver& driver, Mode mode) {
  if (driver.lead == capture::Lead::none)
    return fail(Errc::invalid,
                "driver '{}' reads captures: for that there is 'bansoko replay'; here use nfqueue",
                driver.name);
  if (mode == Mode::enforce && !driver.can_drop)
    return fail(Errc::invalid, "driver '{}' cannot drop: mode enforce needs nfqueue", driver.name);
  return {};
}

}  // namespace bansoko::engine
