// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::packet {

/// Where two copies of the same bytes differ first, and how both go on from there.
struct Conflict {
  static constexpr std::size_t kMaxSample = 16;

  std::uint64_t offset = 0;  // in the stream or the datagram
  std::uint8_t size = 0;     // of the samples; 0: there is none
  std::array<std::uint8_t, kMaxSample> earlier{};
  std::array<std::uint8_t, kMaxSample> later{};

  Bytes earlier_bytes() const noexcept { return Bytes(earlier).first(size); }
  Bytes later_bytes() const noexcept { return Bytes(later).first(size); }

  /// Notes the first difference of two runs of the same size that begin at `begin`; there must be one.
  void note(std::uint64_t begin, Bytes kept, Bytes other) noexcept {
    const auto differ = std::mismatch(kept.begin(), kept.end(), other.begin());
    const auto at = static_cast<std::size_t>(differ.first - kept.begin());
    offset = begin + at;
    size = static_cast<std::uint8_t>(std::min(kMaxSample, kept.size() - at));
    std::copy_n(differ.first, size, earlier.begin());
    std::copy_n(differ.second, size, later.begin());
  }
};

}  // namespace bansoko::packet
