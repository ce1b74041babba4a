// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_event.h"

namespace bansoko::keyword::stream_event {
namespace {

using packet::Anomaly;
using packet::Packet;

bool has_payload(const Packet& packet) noexcept { return !packet.payload.empty(); }
bool begins_and_ends(const Packet& packet) noexcept {
  return packet.has(packet::syn) && packet.has(packet::fin);
}

constexpr auto kEvents = std::to_array<PacketEvent>({
    {"est_packet_out_of_window", {Anomaly::stream_outside_window}, has_payload},
    {"fin_syn", {Anomaly::tcp_flags_invalid}, begins_and_ends},
    {"pkt_invalid_timestamp", {Anomaly::stream_old_timestamp}},
    {"reassembly_no_segment", {Anomaly::stream_segment_limit, Anomaly::stream_memory_limit}},
    {"reassembly_overlap_different_data", {Anomaly::stream_conflicting_retransmission}, has_payload},
    {"reassembly_seq_gap", {Anomaly::stream_gap}},
});

bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  return was_raised(at.packet, kEvents, numbers);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return add_event(option.value, "stream.", kEvents, holds, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "stream-event",
      .help = "something is wrong with the segment's place in its stream",
      .valid = "reassembly_seq_gap and its like, or an anomaly's own name without stream.",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::stream_event
