// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "shield/proto/memory_budget.h"

namespace bansoko::proto::dns {

/// The requests of one flow that nobody has answered yet, oldest first, as far as a limit and a budget let.
class Exchanges {
 public:
  Exchanges(std::size_t limit, MemoryBudget& budget) noexcept : budget_(budget), limit_(limit) {}
  ~Exchanges() { release(); }
  Exchanges(const Exchanges&) = delete;
  Exchanges& operator=(const Exchanges&) = delete;

  /// False: there was no room, and the oldest one (or, of none, this one) is forgotten.
  bool begin(std::uint16_t id, std::uint64_t number) noexcept;
  /// Ends the oldest one with this id and gives its number.
  std::optional<std::uint64_t> answer(std::uint16_t id) noexcept;
  /// Forgets them; keeps the memory.
  void clear() noexcept { open_.clear(); }
  void release() noexcept;

 private:
  struct Open {
    std::uint64_t number;
    std::uint16_t id;
  };
  bool make_room() noexcept;

  MemoryBudget& budget_;
  std::vector<Open> open_;
  std::size_t limit_;
};

}  // namespace bansoko::proto::dns
