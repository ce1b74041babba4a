// SPDX-License-Identifier: Apache-2.0
#include "patches/trial_rules.h"

namespace bansoko::patches {

Result<engine::ShieldSettings> trial_settings(engine::Mode mode) {
  Faults faults;
  // What rules of others call home is what these tests protect.
  auto settings = engine::parse_settings(
      "shield:\n"
      "  vars: {addresses: {HOME_NET: 10.0.0.0/8, EXTERNAL_NET: '!$HOME_NET'}}\n"
      "  rule_files: []\n"
      "  flows: {max_flows: 4096}\n",
      "patches test", proto::all_protocols(), faults);
  if (settings) settings->mode = mode;
  return settings;
}

Result<std::shared_ptr<const detect::RuleSet>> compile_rules(engine::Loader& loader,
                                                             const engine::ShieldSettings& settings,
                                                             const std::vector<std::string>& files,
                                                             Faults& faults) {
  engine::ShieldSettings with = settings;
  with.rule_files = files;
  BANSOKO_TRY(engine::LoadedRules loaded, loader.load(with));
  for (const rule::Diagnostic& each : loaded.diagnostics)
    faults.push_back({each.file, each.line, each.column, {}, each.message, each.valid});
  return loaded.set;
}

}  // namespace bansoko::patches
