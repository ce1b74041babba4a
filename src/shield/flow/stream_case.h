// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/flow/conversation.h"
#include "tests/cases.h"

/// For tests of TcpTracker: segments, and what becomes of them.
namespace bansoko::flow {

using packet::Anomaly;
using packet::TcpFlag;

struct StreamCase {
  std::string_view name;
  std::vector<TestSegment> segments;  // after the handshake
  std::string_view client = {};       // delivered of each side
  std::string_view server = {};
  std::string_view outcomes = {};  // of each segment: '.' accepted, 'x' refused; empty: all accepted
  std::vector<Anomaly> anomalies = {};
  Phase phase = Phase::established;
  StreamSettings settings = {};
};

inline void expect(Conversation& conversation, const StreamCase& row) {
  const std::string outcomes = send_all(conversation, row.segments);
  EXPECT_EQ(outcomes, row.outcomes.empty() ? std::string(row.segments.size(), '.') : row.outcomes);
  EXPECT_EQ(conversation.sink.logs[0], row.client);
  EXPECT_EQ(conversation.sink.logs[1], row.server);
  EXPECT_EQ(conversation.anomalies, set_of(row.anomalies));
  EXPECT_EQ(conversation.flow.phase, row.phase);
  EXPECT_FALSE(conversation.sink.broken);
  conversation.tracker.end(conversation.flow, conversation.sink);
  EXPECT_FALSE(conversation.sink.broken);
  EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0u);
}

inline constexpr auto kConflict = Anomaly::stream_conflicting_retransmission;
inline constexpr auto kGap = Anomaly::stream_gap;
inline constexpr auto kOutside = Anomaly::stream_outside_window;
inline constexpr auto kResetOutside = Anomaly::stream_reset_outside_window;
inline constexpr auto kUnverified = Anomaly::stream_retransmission_unverified;

}  // namespace bansoko::flow
