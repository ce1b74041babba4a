// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/judge.h"

#include <initializer_list>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

using flow::Standing;
using packet::Action;
using packet::Anomaly;

packet::AnomalySet with(std::initializer_list<Anomaly> anomalies) {
  packet::AnomalySet set;
  for (const Anomaly anomaly : anomalies) set.add(anomaly);
  return set;
}

std::optional<RuleHit> hit(rule::Action action) { return RuleHit{action, 7}; }

struct Case {
  std::string_view name;
  Facts facts;
  Policy policy;
  Action action;
  Reason reason;
  Standing standing;
};

constexpr Policy kEnforce{.mode = Mode::enforce};
constexpr Policy kObserve{.mode = Mode::observe};
constexpr Policy kNoRelease{.mode = Mode::enforce, .early_release = false};
constexpr Policy kMalformedPasses{.mode = Mode::enforce, .on_malformed = flow::OnLimit::pass};
constexpr Policy kTruncatedDrops{.mode = Mode::enforce, .on_truncated = flow::OnLimit::drop};
constexpr Policy kTunnelsPass{.mode = Mode::enforce, .on_tunnel_limit = flow::OnLimit::pass};
constexpr Policy kFullDrops{.mode = Mode::enforce, .on_flow_limit = flow::OnLimit::drop};

class Judge : public testing::TestWithParam<Case> {};

TEST_P(Judge, EnforcesAndObserves) {
  const Case& row = GetParam();
  const Decision decision = judge(row.facts, row.policy);
  EXPECT_EQ(decision.verdict.action, row.action);
  EXPECT_EQ(decision.reason, row.reason);
  EXPECT_EQ(decision.standing, row.standing);

  Policy observing = row.policy;
  observing.mode = Mode::observe;
  Policy enforcing = row.policy;
  enforcing.mode = Mode::enforce;
  const Decision observed = judge(row.facts, observing);
  EXPECT_EQ(observed.verdict.action, observed.enforced == Action::release ? Action::release : Action::accept);
  EXPECT_EQ(observed.reason, row.reason);
  EXPECT_EQ(observed.enforced, judge(row.facts, enforcing).verdict.action);
}

INSTANTIATE_TEST_SUITE_P(
    Receiver, Judge,
    testing::Values(
        Case{"TtlTooLow",
             {.refused = true, .anomalies = with({Anomaly::ip_ttl_too_low, Anomaly::frame_truncated})},
             kEnforce,
             Action::drop,
             Reason::ttl_too_low,
             Standing::inspected},
        Case{"TruncatedPasses",
             {.has_flow = true, .anomalies = with({Anomaly::frame_truncated})},
             kEnforce,
             Action::accept,
             Reason::clean,
             Standing::inspected},
        Case{"TruncatedDrops",
             {.has_flow = true, .anomalies = with({Anomaly::frame_truncated})},
             kTruncatedDrops,
             Action::drop,
             Reason::truncated,
             Standing::inspected},
        Case{"OverlapThatMayPass",
             {.has_flow = true, .anomalies = with({Anomaly::fragment_overlap})},
             kEnforce,
             Action::accept,
             Reason::clean,
             Standing::inspected},
        Case{"OldTimestamp",
             {.has_flow = true, .refused = true, .anomalies = with({Anomaly::stream_old_timestamp})},
             kEnforce,
             Action::drop,
             Reason::stream,
             Standing::inspected}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Rules, Judge,
    testing::Values(
        Case{"Clean", {.has_flow = true}, kEnforce, Action::accept, Reason::clean, Standing::inspected},
        Case{"Alert",
             {.has_flow = true, .hit = hit(rule::Action::alert)},
             kEnforce,
             Action::accept,
             Reason::alert,
             Standing::inspected},
        Case{"Drop",
             {.has_flow = true, .hit = hit(rule::Action::drop)},
             kEnforce,
             Action::block,
             Reason::rule,
             Standing::blocked},
        Case{"DropWithoutFlow",
             {.hit = hit(rule::Action::drop)},
             kEnforce,
             Action::drop,
             Reason::rule,
             Standing::inspected},
        Case{"DropInTunnel",
             {.has_flow = true, .in_tunnel = true, .hit = hit(rule::Action::drop)},
             kEnforce,
             Action::drop,
             Reason::rule,
             Standing::blocked},
        Case{"RejectInTunnel",
             {.has_flow = true, .in_tunnel = true, .hit = hit(rule::Action::reject)},
             kEnforce,
             Action::drop,
             Reason::rule,
             Standing::blocked},
        Case{"NoReleaseInTunnel",
             {.has_flow = true, .in_tunnel = true, .depth_reached = true, .side_depth_reached = true},
             kEnforce,
             Action::accept,
             Reason::clean,
             Standing::inspected},
        Case{"AddressesDropTheFlowThatTheKernelDoesNotKnow",
             {.hit = RuleHit{rule::Action::drop, 7, true}},
             kEnforce,
             Action::drop,
             Reason::rule,
             Standing::blocked},
        Case{"AddressesPassTheFlowThatTheKernelDoesNotKnow",
             {.hit = RuleHit{rule::Action::pass, 7, true}},
             kEnforce,
             Action::accept,
             Reason::pass_rule,
             Standing::passed},
        Case{"TunnelTooDeep",
             {.has_flow = true, .anomalies = with({Anomaly::tunnel_too_deep})},
             kEnforce,
             Action::drop,
             Reason::tunnel_limit,
             Standing::inspected},
        Case{"TunnelTooDeepPasses",
             {.has_flow = true, .anomalies = with({Anomaly::tunnel_too_deep})},
             kTunnelsPass,
             Action::accept,
             Reason::clean,
             Standing::inspected},
        Case{"Reject",
             {.has_flow = true, .hit = hit(rule::Action::reject)},
             kEnforce,
             Action::reject,
             Reason::rule,
             Standing::blocked},
        Case{"RejectWithoutFlow",
             {.hit = hit(rule::Action::reject)},
             kEnforce,
             Action::drop,
             Reason::rule,
             Standing::inspected},
        Case{"Pass",
             {.has_flow = true, .hit = hit(rule::Action::pass)},
             kEnforce,
             Action::accept,
             Reason::pass_rule,
             Standing::passed},
        Case{"PassWithoutFlow",
             {.hit = hit(rule::Action::pass)},
             kEnforce,
             Action::accept,
             Reason::pass_rule,
             Standing::inspected},
        Case{"PassOutranksRefusal",
             {.has_flow = true,
              .refused = true,
              .hit = hit(rule::Action::pass),
              .anomalies = with({Anomaly::stream_memory_limit})},
             kEnforce,
             Action::accept,
             Reason::pass_rule,
             Standing::passed},
        Case{"DropOutranksRefusal",
             {.has_flow = true,
              .refused = true,
              .hit = hit(rule::Action::drop),
              .anomalies = with({Anomaly::stream_memory_limit})},
             kEnforce,
             Action::block,
             Reason::rule,
             Standing::blocked},
        Case{"RefusalOutranksAlert",
             {.has_flow = true,
              .refused = true,
              .hit = hit(rule::Action::alert),
              .anomalies = with({Anomaly::stream_memory_limit})},
             kEnforce,
             Action::drop,
             Reason::memory_limit,
             Standing::inspected},
        Case{"KillSwitchOutranksItsRule",
             {.has_flow = true, .kill_switch = true, .hit = hit(rule::Action::pass)},
             kEnforce,
             Action::accept,
             Reason::kill_switch,
             Standing::inspected},
        Case{"RefusalOutranksKillSwitch",
             {.has_flow = true,
              .refused = true,
              .kill_switch = true,
              .hit = hit(rule::Action::pass),
              .anomalies = with({Anomaly::stream_conflicting_retransmission})},
             kEnforce,
             Action::drop,
             Reason::conflicting_retransmission,
             Standing::inspected},
        Case{"BlockedOutranksKillSwitch",
             {.has_flow = true,
              .standing = Standing::blocked,
              .kill_switch = true,
              .hit = hit(rule::Action::pass)},
             kEnforce,
             Action::drop,
             Reason::flow_blocked,
             Standing::blocked},
        Case{"ObservedDropLeavesTheFlow",
             {.has_flow = true, .hit = hit(rule::Action::drop)},
             kObserve,
             Action::accept,
             Reason::rule,
             Standing::inspected},
        Case{"ObservedPassHolds",
             {.has_flow = true, .hit = hit(rule::Action::pass)},
             kObserve,
             Action::accept,
             Reason::pass_rule,
             Standing::passed}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Flows, Judge,
    testing::Values(Case{"Blocked",
                         {.has_flow = true, .standing = Standing::blocked},
                         kEnforce,
                         Action::drop,
                         Reason::flow_blocked,
                         Standing::blocked},
                    Case{"BlockedOutranksPassRule",
                         {.has_flow = true, .standing = Standing::blocked, .hit = hit(rule::Action::pass)},
                         kEnforce,
                         Action::drop,
                         Reason::flow_blocked,
                         Standing::blocked},
                    Case{"Passed",
                         {.has_flow = true, .refused = true, .standing = Standing::passed},
                         kEnforce,
                         Action::accept,
                         Reason::flow_passed,
                         Standing::passed},
                    Case{"ReleasedAgain",
                         {.has_flow = true, .standing = Standing::released},
                         kEnforce,
                         Action::release,
                         Reason::flow_released,
                         Standing::released},
                    Case{"DepthReached",
                         {.has_flow = true, .depth_reached = true},
                         kEnforce,
                         Action::release,
                         Reason::depth_reached,
                         Standing::released},
                    // The other side may go on to speak: the flow is inspected still.
                    Case{"DepthReachedOnOneSide",
                         {.has_flow = true, .side_depth_reached = true},
                         kEnforce,
                         Action::release,
                         Reason::depth_reached,
                         Standing::inspected},
                    Case{"DepthReachedOnOneSideNoRelease",
                         {.has_flow = true, .side_depth_reached = true},
                         kNoRelease,
                         Action::accept,
                         Reason::clean,
                         Standing::inspected},
                    Case{"OneSideReleasedAgain",
                         {.has_flow = true, .side_let_go = true},
                         kEnforce,
                         Action::release,
                         Reason::flow_released,
                         Standing::inspected},
                    Case{"OneSideReleasedAndBlockedSince",
                         {.has_flow = true, .side_let_go = true, .standing = Standing::blocked},
                         kEnforce,
                         Action::drop,
                         Reason::flow_blocked,
                         Standing::blocked},
                    Case{"DepthReachedNoRelease",
                         {.has_flow = true, .depth_reached = true},
                         kNoRelease,
                         Action::accept,
                         Reason::clean,
                         Standing::inspected},
                    Case{"DepthReachedWithAlert",
                         {.has_flow = true, .depth_reached = true, .hit = hit(rule::Action::alert)},
                         kEnforce,
                         Action::accept,
                         Reason::alert,
                         Standing::inspected},
                    Case{"DepthReachedObserved",
                         {.has_flow = true, .depth_reached = true},
                         kObserve,
                         Action::release,
                         Reason::depth_reached,
                         Standing::released}),
    by_name);

Case refused(std::string_view name, Anomaly anomaly, Reason reason) {
  return {name,     {.has_flow = true, .refused = true, .anomalies = with({anomaly})},
          kEnforce, Action::drop,
          reason,   Standing::inspected};
}

INSTANTIATE_TEST_SUITE_P(
    Refusals, Judge,
    testing::Values(
        refused("Conflict", Anomaly::stream_conflicting_retransmission, Reason::conflicting_retransmission),
        refused("Unverified", Anomaly::stream_retransmission_unverified, Reason::unverified_retransmission),
        refused("Memory", Anomaly::stream_memory_limit, Reason::memory_limit),
        refused("Segments", Anomaly::stream_segment_limit, Reason::segment_limit),
        refused("NoSession", Anomaly::stream_no_session, Reason::no_session),
        refused("OtherStream", Anomaly::stream_outside_window, Reason::stream),
        refused("ResetOutsideWindow", Anomaly::stream_reset_outside_window, Reason::stream),
        refused("FragmentChecksum", Anomaly::ipv4_checksum, Reason::fragment_broken),
        refused("FragmentOverlap", Anomaly::fragment_overlap, Reason::fragment_broken),
        refused("FragmentLimit", Anomaly::fragment_limit, Reason::fragment_limit),
        Case{"AnomalyAloneIsNoReason",
             {.has_flow = true, .anomalies = with({Anomaly::stream_memory_limit})},
             kEnforce,
             Action::accept,
             Reason::clean,
             Standing::inspected},
        Case{"FlowLimitPasses",
             {.anomalies = with({Anomaly::flow_limit})},
             kEnforce,
             Action::accept,
             Reason::clean,
             Standing::inspected},
        Case{"FlowLimitDrops",
             {.anomalies = with({Anomaly::flow_limit})},
             kFullDrops,
             Action::drop,
             Reason::flow_limit,
             Standing::inspected},
        Case{"FragmentHeld",
             {.fragment_held = true},
             kEnforce,
             Action::accept,
             Reason::fragment_held,
             Standing::inspected},
        Case{"ChecksumBad",
             {.has_flow = true, .checksum_bad = true},
             kEnforce,
             Action::accept,
             Reason::checksum_bad,
             Standing::inspected},
        Case{"MalformedPasses",
             {.has_flow = true, .anomalies = with({Anomaly::ipv4_total_length})},
             kMalformedPasses,
             Action::accept,
             Reason::clean,
             Standing::inspected},
        Case{"MalformedOfAPassedFlow",
             {.has_flow = true, .standing = Standing::passed, .anomalies = with({Anomaly::udp_length})},
             kEnforce,
             Action::accept,
             Reason::flow_passed,
             Standing::passed},
        Case{"MalformedAndDropRule",
             {.has_flow = true, .hit = hit(rule::Action::drop), .anomalies = with({Anomaly::udp_length})},
             kEnforce,
             Action::block,
             Reason::rule,
             Standing::blocked},
        Case{"MalformedAndAlertRule",
             {.has_flow = true, .hit = hit(rule::Action::alert), .anomalies = with({Anomaly::udp_length})},
             kEnforce,
             Action::drop,
             Reason::malformed,
             Standing::inspected},
        Case{"ExemptFromMalformed",
             {.exempt = true, .anomalies = with({Anomaly::ipv6_payload_length})},
             kEnforce,
             Action::accept,
             Reason::exempt,
             Standing::inspected},
        Case{"ExemptFromRefusal",
             {.exempt = true, .refused = true, .anomalies = with({Anomaly::fragment_limit})},
             kEnforce,
             Action::accept,
             Reason::exempt,
             Standing::inspected},
        Case{"ExemptFromFlowLimit",
             {.exempt = true, .anomalies = with({Anomaly::flow_limit})},
             kFullDrops,
             Action::accept,
             Reason::exempt,
             Standing::inspected},
        Case{"ExemptFromRules",
             {.exempt = true, .has_flow = true, .hit = hit(rule::Action::drop)},
             kEnforce,
             Action::accept,
             Reason::exempt,
             Standing::inspected}),
    by_name);

struct MalformedCase {
  std::string_view name;
  Anomaly anomaly;
  bool malformed;
};

class Malformed : public testing::TestWithParam<MalformedCase> {};

TEST_P(Malformed, IsDroppedUnlessSettingsSayPass) {
  const Facts facts{.anomalies = with({GetParam().anomaly})};
  EXPECT_EQ(is_malformed(facts.anomalies), GetParam().malformed);
  EXPECT_EQ(judge(facts, kEnforce).reason, GetParam().malformed ? Reason::malformed : Reason::clean);
  EXPECT_EQ(judge(facts, kMalformedPasses).verdict.action, Action::accept);
  if (GetParam().malformed) {
    EXPECT_EQ(cause_of(Reason::malformed, facts.anomalies), packet::name_of(GetParam().anomaly));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Judge, Malformed,
    testing::Values(MalformedCase{"V4Truncated", Anomaly::ipv4_header_truncated, true},
                    MalformedCase{"V4HeaderLength", Anomaly::ipv4_header_length, true},
                    MalformedCase{"V4TotalLength", Anomaly::ipv4_total_length, true},
                    MalformedCase{"V6Truncated", Anomaly::ipv6_header_truncated, true},
                    MalformedCase{"V6PayloadLength", Anomaly::ipv6_payload_length, true},
                    MalformedCase{"V6ExtensionTruncated", Anomaly::ipv6_extension_truncated, true},
                    MalformedCase{"V6Chain", Anomaly::ipv6_extension_chain_too_long, true},
                    MalformedCase{"UdpLength", Anomaly::udp_length, true},
                    MalformedCase{"UdpLengthUnderHeader", Anomaly::udp_length_under_header, true},
                    MalformedCase{"V4Options", Anomaly::ipv4_options_malformed, false},
                    MalformedCase{"V6Order", Anomaly::ipv6_extension_order, false},
                    MalformedCase{"OtherVersion", Anomaly::ip_version_unknown, false},
                    MalformedCase{"CutByTheDriver", Anomaly::frame_truncated, false},
                    MalformedCase{"LinkTruncated", Anomaly::link_truncated, false}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
