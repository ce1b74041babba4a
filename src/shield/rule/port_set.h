// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bansoko::rule {

/// A set of ports as sorted ranges that do not touch; negation is already worked in.
class PortSet {
 public:
  struct Range {
    std::uint16_t first, last;  // inclusive
    friend bool operator==(const Range&, const Range&) = default;
  };

  static constexpr std::uint16_t kLast = 65535;

  /// Every port.
  PortSet();
  /// `ranges` may overlap and come in any order.
  explicit PortSet(std::vector<Range> ranges);

  bool contains(std::uint16_t port) const noexcept;
  bool is_any() const noexcept { return any_; }
  std::span<const Range> ranges() const noexcept { return ranges_; }
  PortSet without(const PortSet& other) const;

  friend bool operator==(const PortSet&, const PortSet&) = default;

 private:
  std::vector<Range> ranges_;
  bool any_ = true;
};

}  // namespace bansoko::rule
