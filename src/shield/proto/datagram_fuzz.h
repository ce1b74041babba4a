// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "shield/proto/message_recorder.h"

namespace bansoko::proto {

/// For fuzzing: gives a protocol datagrams, each behind a byte (bit 0: from the server) and its length in two
/// bytes. Twice the same must be the same, and each must be told once and ended.
inline void fuzz_datagrams(const Protocol& protocol, Bytes bytes) {
  std::vector<Sent> sent;
  for (ByteReader in(bytes); !in.rest().empty();) {
    const Side from = (in.u8() & 1U) != 0 ? Side::server : Side::client;
    const std::size_t size = std::min<std::size_t>(in.u16(), in.rest().size());
    sent.push_back({.from = from, .bytes = std::string(as_text(in.take(size)))});
  }
  const LoneParser parser(protocol);
  MessageRecorder first(protocol);
  MessageRecorder second(protocol);
  feed(*parser, sent, kOverUdp, first);
  feed(*parser, sent, kOverUdp, second);
  if (first.lines != second.lines || first.ids != first.ended) std::abort();
  for (const Sent& one : sent)
    for (const std::uint16_t port : {std::uint16_t{53}, std::uint16_t{69}, std::uint16_t{123}})
      protocol.probe({.window = as_bytes(one.bytes)},
                     {.transport = kOverUdp, .client_port = 40000, .server_port = port});
}

}  // namespace bansoko::proto
