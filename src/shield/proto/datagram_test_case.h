// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/message_recorder.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto {

/// For tests: datagrams, and what is noted of them, one line each.
struct DatagramCase {
  std::string name;
  std::vector<Sent> dialogue;
  std::vector<std::string> want;
};

inline void expect_noted(const Protocol& protocol, const DatagramCase& row) {
  const LoneParser parser(protocol);
  MessageRecorder seen(protocol);
  feed(*parser, row.dialogue, kOverUdp, seen);
  std::vector<std::string> lines;
  for (const auto& line : seen.lines)
    lines.push_back((line.side == Side::client ? "client " : "server ") + line.name + ' ' + line.value);
  EXPECT_EQ(lines, row.want);
  EXPECT_EQ(seen.ended, seen.ids) << "each transaction ends, once";
  EXPECT_EQ(seen.ids.size(), row.dialogue.size());
}

/// A datagram and what it is taken for between two ports.
struct ProbeCase {
  std::string name;
  std::string bytes;
  std::uint16_t port = 40000;
  Guess want = Guess::no;
};

inline void expect_guess(const Protocol& protocol, const ProbeCase& row) {
  EXPECT_EQ(protocol.probe({.window = as_bytes(row.bytes)},
                           {.transport = kOverUdp, .client_port = 50000, .server_port = row.port}),
            row.want);
}

inline void expect_no_allocation(const Protocol& protocol, const std::vector<Sent>& dialogue) {
  const LoneParser parser(protocol);
  MessageRecorder quiet(protocol);
  quiet.quiet = true;
  quiet.ended.reserve(100);
  const AllocationCounter allocations;
  feed(*parser, dialogue, kOverUdp, quiet);
  EXPECT_EQ(allocations.count(), 0u);
}

}  // namespace bansoko::proto
