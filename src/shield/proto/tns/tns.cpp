// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/protocol.h"
#include "shield/proto/tns/tns_parser.h"

namespace bansoko::proto::tns {
namespace {

constexpr std::array kLimits{message_size_limit(32 << 10), message_memory_limit()};

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<MessageMemory>(read_message_limits(limits, kLimits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<TnsParser>(read_message_limits(limits, kLimits),
                                     static_cast<MessageMemory*>(shared)->budget);
}

constexpr std::uint16_t kPort = 1521;
constexpr std::uint16_t kOldest = 200;  // of versions; SQL*Net 2 has some 300

/// A version that is not older than what it is compatible with, and connect data behind the fixed part.
Guess probe_connect(ByteReader in, std::size_t size) noexcept {
  const std::uint16_t version = in.u16();
  const std::uint16_t compatible = in.u16();
  in.skip(14);
  const std::uint16_t offset = in.u16();
  if (!in.ok()) return Guess::maybe;
  constexpr std::uint16_t kFixedPart = 28;
  const bool is_one = version >= kOldest && compatible <= version && compatible >= kOldest &&
                      offset >= kFixedPart && offset <= size;
  return is_one ? Guess::yes : Guess::no;
}

Guess probe_answer(std::uint8_t type, ByteReader in, std::size_t size) noexcept {
  if (type == resend) return size == kHeaderSize ? Guess::yes : Guess::no;
  const std::uint16_t first = in.u16();
  const std::uint16_t second = in.u16();
  if (!in.ok()) return Guess::maybe;
  constexpr std::size_t kRefusalHead = kHeaderSize + 4, kRedirectHead = kHeaderSize + 2;
  bool is_one = false;
  if (type == accept) is_one = first >= kOldest && first < 2 * kOldest && size >= 24;
  if (type == refuse) is_one = second + kRefusalHead == size;
  if (type == redirect) is_one = first + kRedirectHead == size && size > kRedirectHead;
  return is_one ? Guess::yes : Guess::no;
}

/// On Oracle's port the checksums, which nobody uses, need not be zero.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  ByteReader in(first.window);
  const std::size_t size = in.u16();
  const std::uint16_t checksum = in.u16();
  const std::uint8_t type = in.u8();
  in.skip(1);
  const std::uint16_t header_checksum = in.u16();
  // The first packets are short.
  constexpr std::uint8_t kMostHigh = 0x20;
  if (!first.window.empty() && first.window.front() > kMostHigh) return Guess::no;
  if (!in.ok()) return Guess::maybe;
  const bool is_plain = (checksum == 0 && header_checksum == 0) || approach.server_port == kPort;
  if (!is_plain || size < kHeaderSize) return Guess::no;
  if (first.from == Side::client) return type == connect ? probe_connect(in, size) : Guess::no;
  const bool is_answer = type == accept || type == refuse || type == redirect || type == resend;
  return is_answer ? probe_answer(type, in, size) : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "tns",
                                 .help = "TNS: connections to Oracle's listener, and their data",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = tns_buffers(),
                                 .fields = tns_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::tns
