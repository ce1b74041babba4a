// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/protocol.h"
#include "shield/proto/tds/tds_parser.h"

namespace bansoko::proto::tds {
namespace {

constexpr std::array kLimits{message_size_limit(64 << 10), message_memory_limit()};

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<MessageMemory>(read_message_limits(limits, kLimits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<TdsParser>(read_message_limits(limits, kLimits),
                                     static_cast<MessageMemory*>(shared)->budget);
}

constexpr std::uint16_t kPort = 1433;
constexpr std::size_t kHeaderSize = 8;

/// The options of a PRELOGIN begin with one of five bytes, and the data of the first comes behind them all.
bool is_prelogin(ByteReader in, std::size_t size) noexcept {
  const std::uint8_t option = in.u8();
  const std::size_t offset = in.u16();
  return option <= 7 && offset >= 6 && offset + in.u16() <= size;
}

bool is_client_message(std::uint8_t type, ByteReader body, std::size_t size,
                       const Approach& approach) noexcept {
  if (type == prelogin) return is_prelogin(body, size);
  if (type == legacy_login) return approach.server_port == kPort && size == 512 - kHeaderSize;
  if (type != login7) return false;
  body.skip(4);
  return body.u32le() >> 28U == 7;
}

bool is_server_message(std::uint8_t type, ByteReader body, std::size_t size) noexcept {
  if (type != tabular_result) return false;
  ByteReader token = body;
  const std::uint8_t first = token.u8();
  const bool is_sized = first == 0xAA || first == 0xAB || first == 0xAD || first == 0xE3;
  return first == 0 ? is_prelogin(body, size) : is_sized && token.u16le() + std::size_t{3} <= size;
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  ByteReader in(first.window);
  const std::uint8_t type = in.u8();
  const std::uint8_t status = in.u8();
  const std::size_t size = in.u16();
  in.skip(3);  // the process, and the packet's number
  const std::uint8_t window = in.u8();
  const bool is_mine = type == tabular_result || type == prelogin || type == login7 || type == legacy_login;
  if (!first.window.empty() && !is_mine) return Guess::no;
  constexpr std::size_t kLooked = 8;  // of the body
  if (!in.ok() || in.rest().size() < kLooked) return Guess::maybe;
  if (status > 1 || window != 0 || size < kHeaderSize + kLooked) return Guess::no;
  const std::size_t body = size - kHeaderSize;
  const bool is_one = first.from == Side::client ? is_client_message(type, in, body, approach)
                                                 : is_server_message(type, in, body);
  return is_one ? Guess::yes : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "tds",
                                 .help = "TDS: SQL Server's logins, SQL text and calls in the clear",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = tds_buffers(),
                                 .fields = tds_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::tds
