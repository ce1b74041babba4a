// SPDX-License-Identifier: Apache-2.0
#include "lockdown/state/trial.h"

#include <string_view>

#include "lockdown/state/json_file.h"

namespace bansoko::state {
namespace {

std::string trial_path(const std::string& folder) { return folder + "/trial.json"; }

}  // namespace

Result<std::optional<Trial>> read_trial(const std::string& folder) {
  const std::string path = trial_path(folder);
  BANSOKO_TRY(const auto text, read_if_there(path));
  if (!text) return std::optional<Trial>();
  Fields fields(std::string_view(*text), path);
  const Trial trial{.began = fields.time("began")};
  BANSOKO_CHECK(fields.checked());
  return std::optional(trial);
}

Result<> write(const std::string& folder, const Trial& trial) {
  return write_json(trial_path(folder), {{"began", trial.began}});
}

Result<> remove_trial(const std::string& folder) { return remove_if_there(trial_path(folder)); }

}  // namespace bansoko::state
