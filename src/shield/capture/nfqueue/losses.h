// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/unique_fd.h"

namespace bansoko::capture::nfqueue {

/// How many packets the kernel dropped because the queue was full, from the text of
/// /proc/net/netfilter/nfnetlink_queue; none when the queue is not listed.
std::optional<std::uint32_t> parse_dropped(std::string_view table, std::uint16_t queue) noexcept;

/// Counts packets that came for a queue and were never shown to us.
class Losses {
 public:
  explicit Losses(std::uint16_t queue);

  /// Told of every packet's number, in order: one that is missing was lost on its way to a full socket.
  void see(std::uint32_t id) noexcept;

  /// Looks at the kernel's own counter, at most once a second.
  void look(std::chrono::nanoseconds now) noexcept;

  std::uint64_t total() const noexcept { return missing_ + dropped_; }

 private:
  std::uint16_t queue_ = 0;
  UniqueFd table_;
  std::chrono::nanoseconds looked_{};
  std::uint32_t last_id_ = 0;  // the kernel begins with 1 when a queue is bound
  std::uint32_t last_dropped_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace bansoko::capture::nfqueue
