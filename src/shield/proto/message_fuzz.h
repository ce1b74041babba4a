// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/message_parser.h"

namespace bansoko::proto {

/// For fuzzing a MessageParser: the input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte
/// by byte, and once with little memory: what a rule could see must be the same, and what was taken must be
/// given back.
inline void fuzz_messages(const Protocol& protocol, Bytes dialogue) {
  constexpr std::array<std::uint64_t, 2> kLimits{512, 1 << 20}, kLittle{512, 600};
  const LoneParser parser(protocol, kLimits);
  fuzz::require(fuzz::run(protocol, *parser, dialogue, SIZE_MAX) == fuzz::run(protocol, *parser, dialogue, 1));
  const auto shared = protocol.make_shared(kLittle);
  const MemoryBudget& budget = static_cast<const MessageMemory&>(*shared).budget;
  {
    const auto little = protocol.make_parser(kLittle, shared.get());
    fuzz::run(protocol, *little, dialogue, 100);
    fuzz::require(budget.used() <= budget.most());
    little->reset({.wanted = ~0ULL});
    fuzz::require(!budget.is_tight());
  }
  fuzz::require(budget.used() == 0);
  for (const Side side : {Side::client, Side::server})
    protocol.probe({.from = side, .window = dialogue}, {.transport = kOverTcp, .server_port = 1433});
}

}  // namespace bansoko::proto
