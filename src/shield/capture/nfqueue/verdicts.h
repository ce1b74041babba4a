// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "shield/packet/frame.h"

namespace bansoko::capture::nfqueue {

/// What the kernel is told about one packet.
struct Reply {
  bool drop = false;
  std::optional<std::uint32_t> mark = {};  // the packet's mark from now on; none: as it is

  friend bool operator==(const Reply&, const Reply&) = default;
};

/// A verdict as the tables of the firewall understand it. Bits of `mark` that are not ours are kept.
/// Observing accepts everything; only a release still reaches the tables, since it lets pass as well.
Reply reply_for(packet::Action action, std::uint32_t mark, bool observe) noexcept;

/// Collects the answers of one batch, to be sent at once. Runs of plain accepts become one message.
class VerdictWriter {
 public:
  /// Room for `most` answers; nothing is allocated afterwards.
  VerdictWriter(std::uint16_t queue, std::size_t most);

  /// Answers must come in the order of the packets, with none left out: an answer to a run covers
  /// every packet before its last that has none yet.
  void add(std::uint32_t id, const Reply& reply) noexcept;

  /// When off, each packet gets a message of its own.
  void use_runs(bool on) noexcept { use_runs_ = on; }

  /// Ends the last run and shows all messages; clear() before the next batch.
  Bytes finish() noexcept;
  void clear() noexcept;

 private:
  void flush_run() noexcept;
  void put(std::uint16_t type, std::uint32_t id, const Reply& reply) noexcept;

  std::uint16_t queue_ = 0;
  bool use_runs_ = true;
  std::uint32_t run_last_ = 0;
  std::size_t run_length_ = 0;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
};

}  // namespace bansoko::capture::nfqueue
