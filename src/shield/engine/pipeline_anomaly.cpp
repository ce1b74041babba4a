// SPDX-License-Identifier: Apache-2.0
// How rules about anomalies are asked.
#include "shield/engine/pipeline.h"

namespace bansoko::engine {

/// Whether or not the packet was looked into: what is wrong with it may be why it was not. Of a flow that is
/// blocked or excepted nothing more is said.
void Pipeline::heed_anomalies(const packet::Packet& packet, Facts& facts) noexcept {
  if (!inspector_.heeds_anomalies() || facts.cannot_record || facts.standing != flow::Standing::inspected)
    return;
  if (!inspected_) {
    const std::size_t protocol =
        flow_ == nullptr ? detect::Subject::kNoProtocol : applications_.protocol_of(*flow_);
    inspector_.begin({.packet = &packet, .flow = flow_, .side = side_, .protocol = protocol});
  }
  inspector_.anomalies();
  take_matches(packet, facts);
}

void Pipeline::on_anomaly(flow::Side side, std::size_t anomaly) noexcept {
  if (flow_ != nullptr) applications_.count_anomaly(*flow_, anomaly);
  if (inspecting_) inspector_.protocol_anomaly(side, anomaly);
}

}  // namespace bansoko::engine
