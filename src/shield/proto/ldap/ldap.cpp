// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/proto/ldap/ldap_parser.h"
#include "shield/proto/protocol.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::ldap {
namespace {

constexpr std::array kLimits{
    Limit{"message_size", "bytes looked into of one message", 128 << 10, 1024, 16 << 20, true},
    Limit{"values", "attribute types, as many values, controls and URIs looked at in one message", 1024, 16,
          65536},
    Limit{"filter_size", "bytes of a search filter's text looked into", 16 << 10, 256, 1 << 20, true},
    Limit{"filter_depth", "how deep in each other the parts of a filter are looked at", 64, 1, 512},
    Limit{"open_requests", "unanswered requests remembered in one flow; beyond them the oldest is forgotten",
          32, 1, 4096},
    Limit{"memory",
          "for the messages of all connections that come in parts, per worker, beyond a fixed part of each; "
          "when "
          "it is used up, the rest of such a message is not looked into",
          16 << 20, 1 << 16, 1ULL << 40, true},
};

Limits read_limits(std::span<const std::uint64_t> limits) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < limits.size() ? limits[i] : kLimits[i].value);
  };
  return {.message_size = at(0),
          .values = at(1),
          .filter_size = at(2),
          .filter_depth = at(3),
          .open_requests = at(4),
          .memory = at(5)};
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<LdapMemory>(read_limits(limits));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<LdapParser>(read_limits(limits), static_cast<LdapMemory&>(*shared));
}

/// A sequence of a number and an operation, each within what holds it.
Guess probe_message(Bytes bytes) noexcept {
  constexpr std::size_t kEnough = 40;  // headers of any usual length
  const std::uint64_t size = measure_message(bytes);
  if (size == kNoFrame) return Guess::no;
  if (size == kSizeUnknown) return Guess::maybe;
  const Bytes here = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes.size())));
  const Guess unless_told = here.size() < std::min<std::uint64_t>(size, kEnough) ? Guess::maybe : Guess::no;
  ByteReader in(here);
  const std::uint64_t content = read_ber_header(in)->size;
  const std::size_t before = in.rest().size();
  const auto id = read_ber_header(in);
  if (!id) return unless_told;
  if (id->first != BerReader::kInteger || id->size == 0 || id->size > 5) return Guess::no;
  in.skip(static_cast<std::size_t>(id->size));
  if (in.rest().empty()) return unless_told;
  if (!operation_of(in.rest().front())) return Guess::no;
  const auto operation = read_ber_header(in);
  if (!operation) return unless_told;
  const std::uint64_t used = before - in.rest().size();
  return !operation->is_indefinite && used + operation->size <= content ? Guess::yes : Guess::no;
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  constexpr std::uint16_t kPort = 389;
  if (first.window.empty()) return Guess::maybe;
  if (approach.transport == kOverTcp) return probe_message(first.window);
  if (is_port_of_another(approach, {kPort})) return Guess::no;
  const bool is_message = probe_message(first.window) == Guess::yes;
  return unless_own_port(is_message ? Guess::yes : Guess::no, approach, {kPort});
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{
      .name = "ldap",
      .help = "the Lightweight Directory Access Protocol, over TCP and UDP (CLDAP)",
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

}  // namespace bansoko::proto::ldap
