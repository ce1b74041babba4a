// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "shield/proto/message_recorder.h"

namespace bansoko::proto {

/// For fuzzing protocols of messages. A dialogue is pieces, each behind a byte (bit 0: the server, bit 1:
/// after a loss of as many bytes as the byte says) and its length in two bytes. Over TCP it must not matter
/// how it is cut, unless bytes were lost or there was no memory; each message is told once and over.
inline void fuzz_messages(const Protocol& protocol, Bytes bytes, Transports transport,
                          std::string_view out_of_memory, std::vector<std::uint64_t> limits) {
  std::vector<Sent> sent;
  bool has_gap = false;
  for (ByteReader in(bytes); !in.rest().empty() && sent.size() < 64;) {
    const std::uint8_t head = in.u8();
    const std::size_t size = std::min<std::size_t>(in.u16(), in.rest().size());
    const std::uint32_t gap = transport == kOverTcp && (head & 2U) != 0 ? head : 0;
    has_gap |= gap != 0;
    sent.push_back({.from = (head & 1U) != 0 ? Side::server : Side::client,
                    .bytes = std::string(as_text(in.take(size))),
                    .gap = gap});
  }
  const LoneParser parser(protocol, limits);
  const auto run = [&](std::size_t piece) {
    MessageRecorder seen(protocol);
    feed(*parser, sent, transport, seen, piece);
    if (seen.ids != seen.ended) std::abort();
    return seen.lines;
  };
  const auto whole = run(SIZE_MAX);
  const auto bytewise = run(1);
  const auto is_cut = [&](const auto& line) { return line.value == out_of_memory; };
  if (!has_gap && std::ranges::none_of(bytewise, is_cut) && std::ranges::none_of(whole, is_cut) &&
      whole != bytewise)
    std::abort();
  for (const Sent& one : sent)
    for (const std::uint16_t port : {std::uint16_t{88}, std::uint16_t{389}, std::uint16_t{3389}})
      protocol.probe({.window = as_bytes(one.bytes)},
                     {.transport = transport, .client_port = 40000, .server_port = port});
}

}  // namespace bansoko::proto
