// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/claim_event.h"

#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "shield/claim/topics.h"
#include "shield/engine/teller.h"
#include "shield/packet/address.h"

namespace bansoko::engine {

event::Event event_of(const claim::Claim& claim, std::uint64_t number) {
  using std::chrono::system_clock;
  event::Event event;
  event.type = kInventoryType;
  event.time = system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(claim.time));
  // The high bits of a flow's number are those of the run.
  event.id = fmt::format("{:%Y%m%d-%H%M%S}-i{:x}-{}", fmt::gmtime(system_clock::to_time_t(event.time)),
                         (claim.flow_id ^ claim.flow_id >> 40U) & 0xffffff, number);
  event.flow_id = claim.flow_id;
  const bool is_server = claim.port != 0;
  // The port that it asked from tells nothing.
  event.source = {packet::to_text(claim.host), claim.port};
  event.dest = {packet::to_text(claim.peer), claim.peer_port};
  event.transport = transport_name(claim.transport);
  event.direction = is_server ? "to_client" : "to_server";
  event.name = kSoftwareName;
  event.software = event::Software{.host = event.source.address,
                                   .port = claim.port,
                                   .topic = std::string(claim::topic_names()[claim.topic]),
                                   .said = std::string(claim.said())};
  return event;
}

}  // namespace bansoko::engine
