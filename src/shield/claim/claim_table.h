// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "base/lazy_array.h"

namespace bansoko::claim {

/// Which claims have been told, so that each is told once in a time. Of fixed size.
class ClaimTable {
 public:
  /// Different texts of one subject (a host, a port and a topic) that are told in that time.
  static constexpr std::size_t kTexts = 6;

  enum class Answer : std::uint8_t {
    news,   // to be told; noted as told
    known,  // told before
    many,   // the subject has said kTexts other things: not to be told
    full,   // no room for another subject: not to be told
  };

  /// Room for about `subjects`, rounded up to a power of two.
  ClaimTable(std::size_t subjects, std::chrono::seconds repeat);

  /// Hashes under a secret key, so that nobody can choose which collide.
  Answer note(std::uint64_t subject, std::uint64_t text, std::chrono::nanoseconds now) noexcept;

  /// What was noted last has not been told after all.
  void forget_last() noexcept;

 private:
  static constexpr std::size_t kWays = 4;

  struct Told {
    std::uint32_t text = 0;  // 0: none
    std::uint32_t at = 0;    // in seconds
  };
  struct Place {
    std::uint64_t subject = 0;  // 0: free
    std::array<Told, kTexts> texts{};
  };

  Place* place_of(std::uint64_t subject, std::uint32_t now) noexcept;
  bool is_old(const Told& told, std::uint32_t now) const noexcept;
  bool is_old(const Place& place, std::uint32_t now) const noexcept;

  LazyArray<Place> places_;
  std::uint32_t repeat_;
  Told* last_ = nullptr;
};

}  // namespace bansoko::claim
