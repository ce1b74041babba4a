// SPDX-License-Identifier: Apache-2.0
#include "explain/explanation.h"

#include "explain/facts.h"
#include "explain/summary.h"

namespace bansoko::explain {

const Words* words_for(const event::Alert& alert, const patches::Library& library) noexcept {
  if (alert.gid != 1) return nullptr;
  for (const patches::LibraryPatch& each : library.patches)
    for (const patches::PatchRule& rule : each.rules)
      if (rule.sid == alert.signature_id && rule.rev == alert.rev) return each.patch.explanation_of(rule.sid);
  return nullptr;
}

std::string explain(const event::Event& event, const std::optional<event::Event>& flow_end,
                    const patches::Library& library, const Voice& voice) {
  const Words* const why = event.alert ? words_for(*event.alert, library) : nullptr;
  return summary(event, flow_end, why, voice) + "\n\n" + facts(event, flow_end, voice);
}

}  // namespace bansoko::explain
