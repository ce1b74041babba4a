// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/pgsql/pgsql_parser.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::pgsql {
namespace {

constexpr std::array kLimits{message_size_limit(64 << 10), message_memory_limit()};

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<MessageMemory>(read_message_limits(limits, kLimits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<PgsqlParser>(read_message_limits(limits, kLimits),
                                       static_cast<MessageMemory*>(shared)->budget);
}

Guess probe_startup(ByteReader in) noexcept {
  if (!in.rest().empty() && in.rest().front() != 0) return Guess::no;
  const std::uint32_t size = in.u32();
  const std::uint32_t version = in.u32();
  if (!in.ok()) return Guess::maybe;
  constexpr std::uint32_t kBare = 8, kCancel = 16, kOld = 296, kLeast = 9;
  bool is_one = false;
  if (version == ssl_request || version == gssenc_request)
    is_one = size == kBare;
  else if (version == cancel_request)
    is_one = size == kCancel;
  else if (version >> 16U == 2)
    is_one = size == kOld;
  else
    is_one = version >> 16U == 3 && size >= kLeast && size <= kLongestStartup;
  return is_one ? Guess::yes : Guess::no;
}

/// The first that is more than a letter: about authentication, or an error.
Guess probe_answer(ByteReader in) noexcept {
  const std::uint8_t type = in.u8();
  if (in.ok() && type != 'R' && type != 'E') return Guess::no;
  const std::uint32_t size = in.u32();
  const std::uint32_t code = in.u32();
  if (!in.ok()) return Guess::maybe;
  constexpr std::uint32_t kLeast = 8, kMost = 4096, kLastCode = 12;
  if (size < kLeast || size > kMost) return Guess::no;
  const bool is_one = type == 'R' ? code <= kLastCode : code >> 24U == 'S';
  return is_one ? Guess::yes : Guess::no;
}

Guess probe(const StreamChunk& first, const Approach&) noexcept {
  const ByteReader in(first.window);
  return first.from == Side::client ? probe_startup(in) : probe_answer(in);
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "pgsql",
                                 .help = "PostgreSQL: startups, queries and errors in the clear",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = pgsql_buffers(),
                                 .fields = pgsql_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::pgsql
