// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/judge.h"

#include <array>
#include <utility>

namespace bansoko::engine {
namespace {

using flow::Standing;
using packet::Action;
using packet::Anomaly;

constexpr std::array<std::string_view, kReasonCount> kReasonNames{
    "clean",
    "alert",
    "rule",
    "pass_rule",
    "exception",
    "exempt",
    "kill_switch",
    "flow_blocked",
    "flow_passed",
    "flow_released",
    "depth_reached",
    "fragment_held",
    "checksum_bad",
    "fragment_broken",
    "fragment_limit",
    "conflicting_retransmission",
    "unverified_retransmission",
    "memory_limit",
    "segment_limit",
    "ttl_too_low",
    "truncated",
    "no_session",
    "stream",
    "malformed",
    "tunnel_limit",
    "cannot_record",
    "flow_limit",
};

// Linux drops what is malformed here; what stands behind a bridge or a router need not. ip.version_unknown is
// not among it: the driver hands over ARP of a bridge as it hands over IP, and no receiver takes it for IP.
constexpr std::array kRefusals{
    std::pair{Anomaly::ip_ttl_too_low, Reason::ttl_too_low},
    std::pair{Anomaly::stream_conflicting_retransmission, Reason::conflicting_retransmission},
    std::pair{Anomaly::stream_retransmission_unverified, Reason::unverified_retransmission},
    std::pair{Anomaly::stream_memory_limit, Reason::memory_limit},
    std::pair{Anomaly::stream_segment_limit, Reason::segment_limit},
    std::pair{Anomaly::stream_no_session, Reason::no_session},
    std::pair{Anomaly::stream_outside_window, Reason::stream},
    std::pair{Anomaly::stream_reset_outside_window, Reason::stream},
    std::pair{Anomaly::stream_data_after_close, Reason::stream},
    std::pair{Anomaly::stream_old_timestamp, Reason::stream},
    std::pair{Anomaly::stream_old_acknowledgement, Reason::stream},
    std::pair{Anomaly::stream_signature, Reason::stream},
    std::pair{Anomaly::stream_late_copy, Reason::stream},
    std::pair{Anomaly::stream_one_sided, Reason::stream},
    std::pair{Anomaly::stream_urgent, Reason::stream},
    std::pair{Anomaly::stream_data_on_syn, Reason::stream},
    std::pair{Anomaly::tcp_flags_invalid, Reason::stream},
    std::pair{Anomaly::fragment_limit, Reason::fragment_limit},
    std::pair{Anomaly::flow_limit, Reason::flow_limit},
    std::pair{Anomaly::tunnel_too_deep, Reason::tunnel_limit},
    std::pair{Anomaly::fragment_overlap, Reason::fragment_broken},
    std::pair{Anomaly::fragment_beyond_datagram, Reason::fragment_broken},
    std::pair{Anomaly::fragment_too_small, Reason::fragment_broken},
    std::pair{Anomaly::fragment_timeout, Reason::fragment_broken},
    std::pair{Anomaly::fragment_length_mismatch, Reason::fragment_broken},
    std::pair{Anomaly::fragment_header_chain, Reason::fragment_broken},
    std::pair{Anomaly::ipv4_header_truncated, Reason::malformed},
    std::pair{Anomaly::ipv4_header_length, Reason::malformed},
    std::pair{Anomaly::ipv4_total_length, Reason::malformed},
    std::pair{Anomaly::ipv6_header_truncated, Reason::malformed},
    std::pair{Anomaly::ipv6_payload_length, Reason::malformed},
    std::pair{Anomaly::ipv6_extension_truncated, Reason::malformed},
    std::pair{Anomaly::ipv6_extension_chain_too_long, Reason::malformed},
    std::pair{Anomaly::udp_length, Reason::malformed},
    std::pair{Anomaly::udp_length_under_header, Reason::malformed},
    // Of a fragment: whatever else has these is not refused for them.
    std::pair{Anomaly::ipv6_extension_order, Reason::fragment_broken},
    std::pair{Anomaly::ipv4_checksum, Reason::fragment_broken},
    std::pair{Anomaly::frame_truncated, Reason::fragment_broken},
    std::pair{Anomaly::frame_truncated, Reason::truncated},
};

constexpr packet::AnomalySet kMalformed = [] {
  packet::AnomalySet malformed;
  for (const auto& [anomaly, reason] : kRefusals)
    if (reason == Reason::malformed) malformed.add(anomaly);
  return malformed;
}();

Reason why_refused(packet::AnomalySet anomalies) noexcept {
  for (const auto& [anomaly, reason] : kRefusals)
    if (anomalies.has(anomaly)) return reason;
  return Reason::stream;
}

Decision decide(Action action, Reason reason, Standing standing, std::uint32_t sid = 0) noexcept {
  return {
      .verdict = {.action = action, .rule = sid}, .enforced = action, .reason = reason, .standing = standing};
}

Decision by_rule(const Facts& facts) noexcept {
  const std::uint32_t sid = facts.hit->sid;
  const bool for_all = facts.has_flow || facts.hit->about_flow;
  if (facts.hit->action == rule::Action::pass)
    return decide(Action::accept, Reason::pass_rule, for_all ? Standing::passed : facts.standing, sid);
  if (!facts.has_flow)
    return decide(Action::drop, Reason::rule, for_all ? Standing::blocked : facts.standing, sid);
  if (facts.in_tunnel) return decide(Action::drop, Reason::rule, Standing::blocked, sid);
  const Action action = facts.hit->action == rule::Action::reject ? Action::reject : Action::block;
  return decide(action, Reason::rule, Standing::blocked, sid);
}

Decision enforce(const Facts& facts, const Policy& policy) noexcept {
  // The kernel would let the tunnel by as a whole.
  const bool may_release = policy.early_release && !facts.in_tunnel;
  if (facts.exempt) return decide(Action::accept, Reason::exempt, facts.standing);
  if (facts.standing == Standing::blocked) return decide(Action::drop, Reason::flow_blocked, facts.standing);
  if (facts.standing == Standing::passed) return decide(Action::accept, Reason::flow_passed, facts.standing);
  if (facts.standing == Standing::released || facts.side_let_go) {
    // A flow is shown again after its release when its mark was lost: it is given once more.
    const Action action = may_release ? Action::release : Action::accept;
    return decide(action, Reason::flow_released, facts.standing);
  }
  if (facts.cannot_record) return decide(Action::drop, Reason::cannot_record, facts.standing);
  const bool acts = facts.hit && facts.hit->action != rule::Action::alert && !facts.kill_switch;
  if (acts && !facts.hit->observed) return by_rule(facts);
  if (policy.on_malformed == flow::OnLimit::drop && is_malformed(facts.anomalies))
    return decide(Action::drop, Reason::malformed, facts.standing);
  if (policy.on_truncated == flow::OnLimit::drop && facts.anomalies.has(Anomaly::frame_truncated))
    return decide(Action::drop, Reason::truncated, facts.standing);
  if (policy.on_tunnel_limit == flow::OnLimit::drop && facts.anomalies.has(Anomaly::tunnel_too_deep))
    return decide(Action::drop, Reason::tunnel_limit, facts.standing);
  if (facts.refused) return decide(Action::drop, why_refused(facts.anomalies), facts.standing);
  if (facts.anomalies.has(Anomaly::flow_limit) && policy.on_flow_limit == flow::OnLimit::drop)
    return decide(Action::drop, Reason::flow_limit, facts.standing);
  if (acts) return by_rule(facts);
  if (facts.kill_switch) return decide(Action::accept, Reason::kill_switch, facts.standing, facts.hit->sid);
  if (facts.hit) return decide(Action::accept, Reason::alert, facts.standing, facts.hit->sid);
  if (facts.excepted) return decide(Action::accept, Reason::exception, facts.standing);
  if (facts.checksum_bad) return decide(Action::accept, Reason::checksum_bad, facts.standing);
  if (facts.fragment_held) return decide(Action::accept, Reason::fragment_held, facts.standing);
  if (facts.depth_reached && may_release)
    return decide(Action::release, Reason::depth_reached, Standing::released);
  if (facts.side_depth_reached && may_release)
    return decide(Action::release, Reason::depth_reached, facts.standing);
  return decide(Action::accept, Reason::clean, facts.standing);
}

}  // namespace

std::string_view name_of(Reason reason) noexcept { return kReasonNames.at(static_cast<std::size_t>(reason)); }

std::string_view cause_of(Reason reason, packet::AnomalySet anomalies) noexcept {
  for (const auto& [anomaly, cause] : kRefusals)
    if (cause == reason && anomalies.has(anomaly)) return packet::name_of(anomaly);
  return name_of(reason);
}

std::string_view name_of(Action action) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"accept", "release", "drop", "block", "reject"};
  return kNames.at(static_cast<std::size_t>(action));
}

std::string_view name_of(Mode mode) noexcept { return mode == Mode::observe ? "observe" : "enforce"; }

Decision judge(const Facts& facts, const Policy& policy) noexcept {
  Decision decision = enforce(facts, policy);
  if (policy.mode == Mode::observe || (decision.reason == Reason::rule && facts.hit->observed))
    decision.mode = Mode::observe;
  if (decision.mode == Mode::observe) {
    // Released is what passes anyway, and in observe too it need not come here.
    if (decision.verdict.action != Action::release) decision.verdict.action = Action::accept;
    // The exploit's flow does go on, so what follows in it is real and worth telling.
    if (decision.standing == Standing::blocked) decision.standing = facts.standing;
  }
  return decision;
}

bool is_malformed(packet::AnomalySet anomalies) noexcept { return anomalies.has_any_of(kMalformed); }

bool is_neighbour_discovery(const packet::Packet& packet) noexcept {
  return packet.protocol == packet::Protocol::icmpv6 && packet.has_transport && packet.ttl == 255 &&
         packet.icmp_type >= 133 && packet.icmp_type <= 137;
}

}  // namespace bansoko::engine
