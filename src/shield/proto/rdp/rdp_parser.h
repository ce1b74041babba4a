// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "shield/proto/frame_reader.h"
#include "shield/proto/protocol.h"
#include "shield/proto/rdp/pdu.h"

namespace bansoko::proto::rdp {

struct Limits {
  std::size_t channels = 0;
  std::size_t memory = 0;
};

class RdpMemory final : public SharedMemory {
 public:
  explicit RdpMemory(const Limits& limits) : budget(limits.memory), pdu(limits.channels) {}

  MemoryBudget budget;
  Pdu pdu;
};

/// Follows a connection until TLS or CredSSP begins. RDP's own encryption leaves the PDUs of MCS to be seen.
class RdpParser final : public Parser {
 public:
  /// `memory` outlives it.
  explicit RdpParser(RdpMemory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment& assignment) noexcept override;

 private:
  Parsed on_frame(Bytes frame, bool is_cut, Side from, TransactionSink& sink) noexcept;

  RdpMemory& memory_;
  std::array<FrameReader, 2> frames_;
  RdpTransaction transaction_;
  std::uint64_t next_id_ = 0;
};

}  // namespace bansoko::proto::rdp
