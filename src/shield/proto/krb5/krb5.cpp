// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/proto/krb5/krb5_parser.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::krb5 {
namespace {

constexpr std::array kLimits{
    Limit{"message_size", "bytes looked into of one message over TCP", 128 << 10, 1024, 16 << 20, true},
    Limit{"values", "parts of a name, and types of encryption and of pre-authentication, looked at", 64, 8,
          4096},
    Limit{"memory",
          "for the messages of all connections that come in parts, per worker, beyond a fixed part of each; "
          "when "
          "it is used up, the rest of such a message is not looked into",
          8 << 20, 1 << 16, 1ULL << 40, true},
};

Limits read_limits(std::span<const std::uint64_t> limits) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < limits.size() ? limits[i] : kLimits[i].value);
  };
  return {.message_size = at(0), .values = at(1), .memory = at(2)};
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<Krb5Memory>(read_limits(limits));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<Krb5Parser>(read_limits(limits), static_cast<Krb5Memory&>(*shared));
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  constexpr std::uint16_t kPort = 88;
  constexpr std::uint32_t kMostSize = 1 << 20;
  if (first.window.empty()) return Guess::maybe;
  if (approach.transport == kOverUdp) {
    if (is_port_of_another(approach, {kPort})) return Guess::no;
    const bool is_message = probe_message(first.window) == Guess::yes;
    return unless_own_port(is_message ? Guess::yes : Guess::no, approach, {kPort});
  }
  ByteReader in(first.window);
  const std::uint32_t size = in.u32();
  if (!in.ok()) return first.window.front() == 0 ? Guess::maybe : Guess::no;
  return size <= kMostSize ? probe_message(in.rest().first(std::min<std::size_t>(in.rest().size(), size)))
                           : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "krb5",
                                 .help = "Kerberos 5, between a client and a KDC, over UDP and TCP",
                                 .transports = kOverTcp | kOverUdp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = message_buffers(),
                                 .fields = message_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::krb5
