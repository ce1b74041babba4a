// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/lazy_array.h"
#include "shield/detect/transform.h"

namespace bansoko::detect {

/// What transforms made of the buffers at hand: each once, however many rules ask for it. One per worker; all
/// memory is taken at start.
class TransformCache {
 public:
  /// Results kept at one time.
  static constexpr std::size_t kMaxResults = 1024;

  explicit TransformCache(std::size_t bytes) : memory_(bytes), results_(kSlots) {}

  /// The buffers may have changed: forgets all results.
  void begin() noexcept;

  /// `bytes` after each transform of `chain`, which `number` stands for; valid until begin(). Nothing if
  /// there is no room for it.
  std::optional<Bytes> get(std::uint32_t number, std::span<const Transform> chain, Bytes bytes) noexcept;

 private:
  static constexpr std::size_t kSlots = 2 * kMaxResults;  // a power of two; never full
  struct Result {
    std::uint64_t look;  // of another look: free
    const std::uint8_t* from;
    std::size_t from_size;
    const std::uint8_t* made;
    std::size_t made_size;
    std::uint32_t chain;
    bool failed;
  };

  Result& slot_of(std::uint32_t number, Bytes bytes) noexcept;
  std::optional<Bytes> make(std::span<const Transform> chain, Bytes bytes) noexcept;

  LazyArray<std::uint8_t> memory_;
  LazyArray<Result> results_;
  std::size_t used_ = 0;   // of the memory
  std::size_t count_ = 0;  // of the results
  std::uint64_t look_ = 1;
  TransformTools tools_;
};

}  // namespace bansoko::detect
