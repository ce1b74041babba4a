// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/settled_ports.h"
#include "shield/proto/sip/sip_parser.h"

namespace bansoko::proto::sip {
namespace {

constexpr std::uint16_t kPort = 5060;

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<SipMemory>(Limits::from(limits));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<SipParser>(Limits::from(limits), static_cast<SipMemory&>(*shared));
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  std::string_view text = as_text(first.window);
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  if (text.empty()) return Guess::maybe;
  const Guess guess = probe_start_line(text);
  if (approach.transport == kOverTcp) return guess;
  if (is_port_of_another(approach, {kPort})) return Guess::no;
  // A datagram is whole.
  return unless_own_port(guess == Guess::yes ? Guess::yes : Guess::no, approach, {kPort});
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "sip",
                                 .help = "the Session Initiation Protocol, over UDP and TCP, and SDP in it",
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

}  // namespace bansoko::proto::sip
