// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/protocol.h"
#include "shield/proto/wins/wins_parser.h"

namespace bansoko::proto::wins {
namespace {

constexpr std::array kLimits{message_size_limit(256 << 10), message_memory_limit()};

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<MessageMemory>(read_message_limits(limits, kLimits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<WinsParser>(read_message_limits(limits, kLimits),
                                      static_cast<MessageMemory*>(shared)->budget);
}

/// The start of an association, or the answer to it.
bool is_opening(ByteReader in, Side from) noexcept {
  constexpr std::uint32_t kLeast = 20, kMost = 64;
  const std::uint32_t length = in.u32();
  const std::uint32_t opcode = in.u32();
  const std::uint32_t handle = in.u32();
  const std::uint32_t type = in.u32();
  if (length < kLeast || length > kMost || opcode != kReplicationBits) return false;
  return from == Side::client ? type == start && handle == 0 : type == start_reply;
}

/// On the port of WINS whatever may have a length is taken for a message, so that none before it hides one.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  constexpr std::uint16_t kPort = 42;
  constexpr std::size_t kTelling = 16;
  const Bytes window = first.window;
  if (window.empty()) return Guess::maybe;
  if (window.front() != 0) return Guess::no;
  if (approach.server_port == kPort) return Guess::yes;
  if (window.size() < kTelling) return Guess::maybe;
  return is_opening(ByteReader(window), first.from) ? Guess::yes : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "wins",
                                 .help = "WINS: replication between name servers of NetBIOS",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .fields = wins_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::wins
