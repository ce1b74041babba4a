// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/dcerpc/dcerpc_parser.h"
#include "shield/proto/protocol.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::dcerpc {
namespace {

constexpr std::array kLimits{
    Limit{"stub_size", "bytes of stub data kept of one call, its fragments put together", 0x20000, 1024,
          1 << 24, true},
    Limit{"contexts", "presentation contexts followed in one association", 256, 1, 65535},
    Limit{"calls", "calls of one side under way at a time that are put together", 8, 1, 256},
    Limit{"fragments", "datagrams of one side kept until those before them come", 16, 1, 256},
    Limit{"memory",
          "for the calls of all associations over TCP and UDP, per worker, beyond a fixed part of each",
          16 << 20, 1 << 16, 1ULL << 40, true},
};

std::uint64_t limit(std::span<const std::uint64_t> limits, std::size_t i) noexcept {
  return i < limits.size() ? limits[i] : kLimits[i].value;
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<CallMemory>(limit(limits, 4));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  const CallLimits of_calls{.contexts = limit(limits, 1),
                            .calls = limit(limits, 2),
                            .fragments = limit(limits, 3),
                            .stub_size = limit(limits, 0)};
  return std::make_unique<DcerpcParser>(of_calls, static_cast<CallMemory&>(*shared).budget);
}

// A connection begins with a bind. What is met in its middle must look like it in every byte: SOCKS 5 begins
// with a version of 5 too.
Guess probe_connection(Bytes bytes) noexcept {
  const Guess guess = look_like_pdu(bytes);
  if (guess != Guess::yes) return guess;
  const std::uint8_t type = bytes[2];
  const bool is_beginning = type == bind || type == bind_ack || type == bind_nak;
  return is_beginning || (bytes[6] == 0 && bytes[7] == 0) ? Guess::yes : Guess::no;
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (approach.transport == kOverUdp)
    return is_port_of_another(approach, {}) ? Guess::no : look_like_datagram(first.window);
  return probe_connection(first.window);
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "dcerpc",
                                 .help = "DCE/RPC, over TCP and UDP; in pipes it is a part of smb",
                                 .transports = kOverTcp | kOverUdp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = call_buffers(),
                                 .fields = call_fields(),
                                 .limits = kLimits,
                                 .anomalies = kCallAnomalies,
                                 .is_little_endian = is_little_endian};
  return protocol;
}

}  // namespace bansoko::proto::dcerpc
