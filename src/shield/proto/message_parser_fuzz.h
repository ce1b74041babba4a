// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/message_parser.h"

namespace bansoko::proto {

/// For fuzzing a MessageParser: the input is a dialogue (fuzz_dialogue.h).
inline void fuzz_message_parser(const Protocol& protocol, Bytes dialogue) {
  constexpr std::array<std::uint64_t, 2> kLimits{512, 1 << 20}, kLittle{512, 600};
  const LoneParser parser(protocol, kLimits);
  fuzz::compare_pieces(protocol, *parser, dialogue);
  fuzz::run_with_little_memory<MessageMemory>(protocol, kLittle, dialogue);
  for (const Side side : {Side::client, Side::server})
    for (const std::uint16_t port :
         {std::uint16_t{40000}, std::uint16_t{42}, std::uint16_t{1433}, std::uint16_t{1521}})
      protocol.probe({.from = side, .window = dialogue}, {.transport = kOverTcp, .server_port = port});
}

}  // namespace bansoko::proto
