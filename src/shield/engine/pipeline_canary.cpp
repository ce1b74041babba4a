// SPDX-License-Identifier: Apache-2.0
// How a pipeline tries rules before they come into force.
#include "shield/engine/canary.h"
#include "shield/engine/pipeline.h"
#include "shield/packet/decode.h"

namespace bansoko::engine {

using flow::Standing;
using packet::Packet;

Result<> Pipeline::try_canary(const detect::RuleSet& candidate) {
  const detect::RuleSet* const before = rules_;
  BANSOKO_CHECK(use(candidate));
  Canary canary(++canary_port_);
  bool fired = false;
  for (std::size_t i = 0; i < Canary::kFrames; ++i) {
    Packet packet = packet::decode(canary.frame(i, line_.now()), 0, decode_settings_);
    const Decision decision = judge(examine(packet), {.mode = Mode::enforce});
    apply(decision);
    // Another rule that drops the canary's frames shows as well that rules are in force.
    fired = fired || decision.reason == Reason::rule;
  }
  const bool had_flow = flow_ != nullptr;
  // Nothing is to be told about its end.
  if (flow_ != nullptr) flow_->standing = Standing::passed;
  if (before != nullptr) BANSOKO_CHECK(use(*before));
  if (!fired && !had_flow) return fail(Errc::limit, "the canary could not be tried: the flow table is full");
  if (!fired) return fail(Errc::invalid, "the canary rule did not fire");
  return {};
}

}  // namespace bansoko::engine
