// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/memory_budget.h"
#include "shield/proto/quiet_reader.h"
#include "shield/proto/test_dialogue.h"
#include "tests/allocations.h"
#include "tests/cases.h"

/// For tests of protocols with several messages of one form behind each other: lines, commands, records.
namespace bansoko::proto {

/// A dialogue, and what rules see of it, by Witness::value().
struct DialogueCase {
  std::string name;
  std::vector<Said> dialogue;
  std::map<std::string, std::string> want;
  std::set<std::string> anomalies = {};
  std::size_t transactions = 1;
  Parsed result = Parsed::more;
  std::vector<std::uint64_t> limits = {};
};

/// However the stream is cut; datagrams are not.
inline void expect_told(const Protocol& protocol, const DialogueCase& row, Transports transport = kOverTcp) {
  constexpr std::array<std::size_t, 6> kPieces{SIZE_MAX, 1, 2, 7, 61, 1460};
  const LoneParser parser(protocol, row.limits);
  for (const std::size_t piece : kPieces) {
    if (transport == kOverUdp && piece != SIZE_MAX) continue;
    const std::string how = " in pieces of " + std::to_string(piece);
    Witness seen(protocol);
    parser->reset({.wanted = ~0ULL, .transport = transport});
    EXPECT_EQ(follow(*parser, row.dialogue, piece, seen), row.result) << how;
    EXPECT_EQ(seen.faults, std::set<std::string>()) << how;
    EXPECT_EQ(seen.anomalies, row.anomalies) << how;
    EXPECT_EQ(seen.ended.size(), row.transactions) << how;
    for (const auto& [key, value] : row.want) EXPECT_EQ(seen.value(key), value) << key << how;
  }
}

/// What a side begins with, and what it is taken for.
struct DialogueOpening {
  std::string name;
  Said said;
  std::uint16_t port;  // the server's
  Guess want;
  Transports transport = kOverTcp;
};

inline void expect_guess(const Protocol& protocol, const DialogueOpening& row) {
  const StreamChunk first{.from = row.said.from, .window = as_bytes(row.said.bytes)};
  EXPECT_EQ(protocol.probe(first, {.transport = row.transport, .server_port = row.port}), row.want);
}

inline void expect_no_allocation_once_warm(const Protocol& protocol, const std::vector<Said>& dialogue) {
  const LoneParser parser(protocol);
  QuietReader reader(protocol);
  const auto talk = [&] {
    parser->reset({.wanted = ~0ULL});
    follow(*parser, dialogue, 700, reader);
  };
  talk();
  talk();
  const std::size_t before = reader.bytes;
  EXPECT_GT(before, 0u);
  const AllocationCounter allocations;
  talk();
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(reader.bytes, before / 2 * 3);
}

/// What rules see where `limits` give little memory; all of it must be given back. `Memory` is what
/// make_shared() makes.
template <class Memory>
Witness in_little_memory(const Protocol& protocol, const std::vector<std::uint64_t>& limits,
                         const std::vector<Said>& dialogue) {
  const auto shared = protocol.make_shared(limits);
  Witness seen(protocol);
  {
    const auto parser = protocol.make_parser(limits, shared.get());
    parser->reset({.wanted = ~0ULL});
    follow(*parser, dialogue, 300, seen);
  }
  EXPECT_EQ(static_cast<const Memory&>(*shared).budget.used(), 0u);
  return seen;
}

}  // namespace bansoko::proto
