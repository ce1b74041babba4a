// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/rpc/rpc_parser.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::rpc {
namespace {

constexpr std::uint16_t kMapperPort = 111, kNfsPort = 2049;

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<RpcMemory>(Limits::from(limits));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<RpcParser>(Limits::from(limits), static_cast<RpcMemory&>(*shared));
}

/// A call tells on any port, a reply on those that are settled.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (first.window.empty()) return Guess::maybe;
  const bool is_over_udp = approach.transport == kOverUdp;
  if (is_over_udp && is_port_of_another(approach, {kMapperPort, kNfsPort})) return Guess::no;
  Guess guess = probe_call(first.window, approach.transport);
  const bool is_own_port = approach.server_port == kMapperPort || approach.server_port == kNfsPort;
  if (is_own_port) guess = std::max(guess, probe_reply(first.window, approach.transport));
  if (!is_over_udp) return guess;
  // A datagram is whole.
  return unless_own_port(guess == Guess::yes ? guess : Guess::no, approach, {kMapperPort, kNfsPort});
}

}  // namespace

const Protocol& describe() {
  static constexpr std::array<std::string_view, 1> kAlso{"nfs"};
  static const Protocol protocol{
      .name = "rpc",
      .also = kAlso,
      .help = "ONC RPC over UDP and TCP: the port mapper, MOUNT, NFS 2 to 4 and others",
      .transports = kOverTcp | kOverUdp,
      .probe = probe,
      .make_shared = make_shared,
      .make_parser = make_parser,
      .buffers = buffers(),
      .fields = fields(),
      .limits = kLimits,
      .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::rpc
