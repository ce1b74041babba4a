// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/digest.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::ssh {

/// What the SSH parsers of one worker share.
class SshMemory final : public SharedMemory {
 public:
  explicit SshMemory(std::size_t most) : budget(most), md5(DigestKind::md5) {}

  MemoryBudget budget;
  Digest md5;
};

/// How far a side of the key exchange has come.
enum Step : std::uint8_t { step_banner = 10, step_algorithms = 20 };

/// The algorithms of SSH_MSG_KEXINIT (RFC 4253 section 7.1), in its order: lists with commas. Views.
struct Algorithms {
  enum List : std::uint8_t {
    key_exchange,
    host_key,
    encryption_to_server,
    encryption_to_client,
    integrity_to_server,
    integrity_to_client,
    compression_to_server,
    compression_to_client,
    count
  };

  bool is_here = false;
  std::array<Bytes, List::count> lists{};
};

/// Reads the body of SSH_MSG_KEXINIT, behind the message's number.
Algorithms read_algorithms(Bytes body) noexcept;

/// What one side has said in the clear.
struct Greeting {
  Greeting(SshMemory& shared, std::size_t banner_size);
  void clear(bool release);

  SshMemory& memory;
  BudgetedBytes banner;        // the line that begins with SSH-
  BudgetedBytes offer;         // the body of its SSH_MSG_KEXINIT
  std::optional<Bytes> proto;  // in `banner`
  std::optional<Bytes> software;
  Algorithms algorithms = {};
  BudgetedBytes hassh, digest;  // built when they are first asked for
  bool has_hassh = false, has_digest = false;
};

/// A conversation or a message: one table of buffers and fields is about both.
struct SshTransaction : Transaction {
  explicit SshTransaction(bool about_message) noexcept : is_message(about_message) {}

  bool is_message;
};

/// Who both sides say they are, and what they can do.
struct Conversation final : SshTransaction {
  Conversation(SshMemory& memory, std::size_t banner_size)
      : SshTransaction(false), greetings{Greeting(memory, banner_size), Greeting(memory, banner_size)} {}

  std::array<Greeting, 2> greetings;  // by Side
};

/// A message in the clear, before there are keys.
struct Message final : SshTransaction {
  Message() noexcept : SshTransaction(true) {}

  std::uint8_t type = 0;
  std::uint32_t size = 0;  // of its packet
};

/// The tables of buffers and fields.
std::span<const Buffer> ssh_buffers() noexcept;
std::span<const Field> ssh_fields() noexcept;

}  // namespace bansoko::proto::ssh
