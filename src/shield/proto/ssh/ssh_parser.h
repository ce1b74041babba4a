// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "shield/proto/protocol.h"
#include "shield/proto/ssh/conversation.h"

namespace bansoko::proto::ssh {

enum Anomaly : std::uint8_t {
  invalid_banner,
  long_banner,
  invalid_record,
  long_kex_record,
  invalid_kex_record,
  message_before_keys,
  memory_limit,
  gap,
  anomaly_count
};

/// By Anomaly. Those that have a like among the events of Suricata's rule language bear its name.
inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "ssh.invalid_banner",       // no SSH-version-software within prelude_size
    "ssh.long_banner",          // longer than banner_size: its end is not looked into
    "ssh.invalid_record",       // a packet whose lengths contradict each other: no longer parsed
    "ssh.long_kex_record",      // SSH_MSG_KEXINIT longer than kexinit_size: its end is not looked into
    "ssh.invalid_kex_record",   // SSH_MSG_KEXINIT that ends within its lists
    "ssh.message_before_keys",  // one of authentication or of a channel, in the clear
    "ssh.memory_limit",         // SSH_MSG_KEXINIT is not looked into
    "ssh.gap",                  // bytes of the stream were lost
};

struct Limits {
  std::size_t banner_size = 0;
  std::size_t prelude_size = 0;
  std::size_t kexinit_size = 0;
  std::size_t memory = 0;
};

/// Follows a connection until both sides encrypt (RFC 4253).
class SshParser final : public Parser {
 public:
  /// `memory` outlives it.
  SshParser(const Limits& limits, SshMemory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  enum class State : std::uint8_t { line, rest_of_line, packet, opaque };

  static constexpr std::size_t kHeaderSize = 4 + 1 + 1;  // length, padding, message number

  struct SideState {
    State state = State::line;
    bool is_banner_read = false;
    std::size_t prelude = 0;  // bytes until the banner is read
    std::array<std::uint8_t, kHeaderSize> header{};
    std::uint8_t header_size = 0;
    std::uint32_t left = 0;  // of the packet, behind its header
    std::uint8_t type = 0;
    bool is_kept = false;  // the packet is a SSH_MSG_KEXINIT to be read
  };

  Parsed take_line(Bytes& rest, Side side, TransactionSink& sink) noexcept;
  Parsed end_line(Side side, bool is_whole, TransactionSink& sink) noexcept;
  bool read_banner(Side side) noexcept;
  Parsed take_packet(Bytes& rest, Side side, TransactionSink& sink) noexcept;
  Parsed begin_packet(Side side, TransactionSink& sink) noexcept;
  void keep(Bytes bytes, Side side, TransactionSink& sink) noexcept;
  void end_packet(Side side, TransactionSink& sink) noexcept;
  void read_offer(Side side, TransactionSink& sink) noexcept;
  void advance(Side side, std::uint8_t step, TransactionSink& sink) noexcept;

  SideState& state(Side side) noexcept { return sides_[flow::index(side)]; }
  Greeting& greeting(Side side) noexcept { return conversation_.greetings[flow::index(side)]; }

  Limits limits_;
  MemoryBudget& budget_;
  Conversation conversation_;
  Message message_;
  std::array<SideState, 2> sides_{};
  std::uint64_t next_id_ = 0;
  bool is_open_ = false;  // conversation_ has begun
};

}  // namespace bansoko::proto::ssh
