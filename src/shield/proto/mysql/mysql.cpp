// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/proto/mysql/mysql_parser.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::mysql {
namespace {

constexpr std::array kLimits{message_size_limit(64 << 10), message_memory_limit()};

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<MessageMemory>(read_message_limits(limits, kLimits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<MysqlParser>(read_message_limits(limits, kLimits),
                                       static_cast<MessageMemory*>(shared)->budget);
}

constexpr std::size_t kMostGreeting = 1024, kMostLogin = 8192, kMostVersion = 128;

bool is_printable(std::uint8_t byte) noexcept { return byte >= 0x20 && byte < 0x7F; }

/// Who refuses a host says so instead of the greeting: an error from 1000 on, and a sentence.
Guess probe_refusal(ByteReader in, std::size_t size) noexcept {
  const Bytes all = in.rest().first(std::min(in.rest().size(), size));
  in.skip(1);
  const std::uint16_t code = in.u16le();
  if (!in.ok()) return Guess::maybe;
  if (size < 4 || code < 1000 || code > 5000 || !std::ranges::all_of(all.subspan(3), is_printable))
    return Guess::no;
  return all.size() == size ? Guess::yes : Guess::maybe;
}

/// Its version is a text that begins with a digit, and a challenge follows.
Guess probe_greeting(ByteReader in, std::size_t size) noexcept {
  if (in.rest().empty()) return Guess::maybe;
  if (in.rest().front() == 0xFF) return probe_refusal(in, size);
  const std::uint8_t protocol = in.u8();
  if (protocol != 9 && protocol != 10) return Guess::no;
  const Bytes text = in.rest().first(std::min(in.rest().size(), kMostVersion));
  const auto end = std::ranges::find_if_not(text, is_printable);
  if (!text.empty() && (text.front() < '0' || text.front() > '9')) return Guess::no;
  if (end == text.end()) return text.size() < kMostVersion ? Guess::maybe : Guess::no;
  const auto length = static_cast<std::size_t>(end - text.begin());
  return *end == 0 && size >= 1 + length + 1 + 4 + 8 ? Guess::yes : Guess::no;
}

/// Of a login of version 4.1 or later there are zeros behind the character set.
Guess probe_login(ByteReader in, std::size_t size) noexcept {
  constexpr std::size_t kZeros = 19;
  const std::uint16_t flags = in.u16le();
  in.skip(2 + 4 + 1);
  const Bytes zeros = in.take(kZeros);
  if (size < 32) return Guess::no;
  if (!in.ok()) return Guess::maybe;
  const bool is_login = (flags & protocol_41) != 0 && std::ranges::count(zeros, std::uint8_t{0}) == kZeros;
  return is_login ? Guess::yes : Guess::no;
}

Guess probe(const StreamChunk& first, const Approach&) noexcept {
  ByteReader in(first.window);
  const std::size_t low = in.u16le();
  const std::size_t size = std::size_t{in.u8()} << 16U | low;
  const std::uint8_t sequence = in.u8();
  if (!in.ok()) return Guess::maybe;
  if (first.from == Side::client)
    return sequence == 1 && size <= kMostLogin ? probe_login(in, size) : Guess::no;
  return sequence == 0 && size <= kMostGreeting && size > 0 ? probe_greeting(in, size) : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "mysql",
                                 .help = "MySQL and MariaDB: logins, commands and errors in the clear",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = mysql_buffers(),
                                 .fields = mysql_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::mysql
