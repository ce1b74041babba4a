// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "shield/engine/settings.h"
#include "shield/flow/flow.h"
#include "shield/packet/frame.h"
#include "shield/packet/packet.h"
#include "shield/rule/rule_text.h"

namespace bansoko::engine {

/// Why a packet met its fate. The word for it stands in events, counters and tests alike.
enum class Reason : std::uint8_t {
  clean,        // nothing spoke against it
  alert,        // a rule spoke, and only to tell
  rule,         // a drop or reject rule
  pass_rule,    // an operator's rule that lets pass
  exception,    // only rules spoke whose hits an operator excepts
  exempt,       // not IP, or neighbour discovery: never dropped
  kill_switch,  // it asks for a domain that ends malware, or is the answer
  flow_blocked,
  flow_passed,
  flow_released,
  depth_reached,  // inspected as far as the settings ask: the rest goes by
  fragment_held,  // its datagram is not whole: nothing can be delivered yet
  checksum_bad,   // its receiver throws it away
  fragment_broken,
  fragment_limit,
  conflicting_retransmission,
  unverified_retransmission,
  memory_limit,
  segment_limit,
  ttl_too_low,    // it never reaches its receiver
  truncated,      // the driver did not hand over all of it
  no_session,     // TCP whose beginning we did not see
  stream,         // the stream tracker refused it for another anomaly
  malformed,      // headers that we cannot follow, and a receiver perhaps can
  tunnel_limit,   // more tunnels in tunnels than the settings have us follow
  cannot_record,  // the flow began while events cannot be written
  flow_limit,     // the last one
};

inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::flow_limit) + 1;

/// "rule", "flow_blocked" and so on.
std::string_view name_of(Reason reason) noexcept;

/// "accept", "release", "drop", "block", "reject".
std::string_view name_of(packet::Action action) noexcept;

/// "observe", "enforce".
std::string_view name_of(Mode mode) noexcept;

/// The strongest rule that matched: pass comes before drop, drop before reject, reject before alert; what is
/// only observed comes after what is enforced, but for alerts.
struct RuleHit {
  rule::Action action = rule::Action::alert;
  std::uint32_t sid = 0;
  bool about_flow = false;  // asked once per flow
  bool observed = false;    // the patch or a host is: its action is told, and not done
};

/// The anomaly that a refusal was about: "stream.conflicting_retransmission". Where there is none, the reason
/// itself.
std::string_view cause_of(Reason reason, packet::AnomalySet anomalies) noexcept;

/// What the steps before judgement found out about one packet.
struct Facts {
  bool exempt = false;
  bool has_flow = false;   // that the kernel knows as well, and this packet's alone
  bool in_tunnel = false;  // the kernel knows the flow around it alone, and must not be told to block that
  bool checksum_bad = false;
  bool fragment_held = false;
  bool refused = false;             // by the defragmenter or the stream tracker; `anomalies` say why
  bool depth_reached = false;       // on both sides, and nothing is waited for
  bool side_depth_reached = false;  // on the side that sent this packet
  bool side_let_go = false;         // and was so before this packet
  bool cannot_record = false;  // nothing could be written about this flow, and the operator wants none such
  flow::Standing standing = flow::Standing::inspected;
  bool kill_switch = false;  // then `hit` is the rule about that
  std::optional<RuleHit> hit = {};
  bool excepted = false;  // there were hits that an operator excepts
  packet::AnomalySet anomalies = {};
};

/// What the operator's settings say about judging.
struct Policy {
  Mode mode = Mode::observe;
  flow::OnLimit on_flow_limit = flow::OnLimit::pass;
  bool early_release = true;
  flow::OnLimit on_malformed = flow::OnLimit::drop;
  flow::OnLimit on_truncated = flow::OnLimit::pass;
  flow::OnLimit on_tunnel_limit = flow::OnLimit::drop;
};

/// What becomes of a packet and of its flow.
struct Decision {
  packet::Verdict verdict = {};                      // what the kernel is told
  packet::Action enforced = packet::Action::accept;  // what it is told in mode enforce
  Reason reason = Reason::clean;
  flow::Standing standing = flow::Standing::inspected;  // of the flow from now on
  Mode mode = Mode::enforce;                            // that was applied
};

/// Depends on nothing but its arguments. Mode observe, of the settings or of the hit that decides, is applied
/// last: the kernel is told to let pass and the
/// flow is not blocked, while `enforced` and `reason` are those of mode enforce.
Decision judge(const Facts& facts, const Policy& policy) noexcept;

/// Headers that say what cannot be, or that end too early. What we made of the packet may not be what its
/// receiver makes of it.
bool is_malformed(packet::AnomalySet anomalies) noexcept;

/// Neighbour discovery (RFC 4861): ICMPv6 types 133 to 137 with the hop limit of 255 that its receivers
/// require.
bool is_neighbour_discovery(const packet::Packet& packet) noexcept;

}  // namespace bansoko::engine
