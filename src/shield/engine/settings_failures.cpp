// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/settings_failures.h"

#include <array>

namespace bansoko::engine {
namespace {

using settings::Choice;
using settings::Section;

constexpr std::array<Choice<capture::OnFailure>, 2> kOnFailure{
    {{"open", capture::OnFailure::open}, {"closed", capture::OnFailure::closed}}};

}  // namespace

void bind_failures(Section& section, ShieldSettings& s) {
  section.choice("crash", s.capture.on_crash, kOnFailure,
                 "While no engine runs: open lets new traffic by uninspected, closed lets nothing by.");
  section.choice(
      "hang", s.on_failure.hang, kOnFailure,
      "An engine under bansoko-shield --supervise that makes no progress is ended and started anew. "
      "Until then: open lets new traffic by uninspected, closed lets nothing by.");
  section.duration("hang_time", s.on_failure.hang_time, std::chrono::seconds(1), std::chrono::minutes(10),
                   "Without progress for so long, an engine hangs.");
  section.choice("overload", s.capture.on_overload, kOnFailure,
                 "When a queue is full: open lets what does not fit by uninspected, closed drops it.");
  section.choice("spool", s.on_failure.spool, kOnFailure,
                 "While events or evidence cannot be written, as on a full disk: open goes on, closed drops "
                 "conversations that begin meanwhile.");
  section.choice("slow_rule", s.on_failure.slow_rule, kOnFailure,
                 "A rule that took longer than inspection.rule_budget: open suspends it for "
                 "inspection.suspension, closed keeps it in force. Both report it.");
}

}  // namespace bansoko::engine
