// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shield/detect/notes.h"

namespace bansoko::detect {

/// The numbers that flows keep for `flowint`: as many for each flow as there may be names.
class FlowNumbers {
 public:
  FlowNumbers(std::uint32_t flows, std::uint32_t names)
      : names_(names), values_(std::size_t{flows} * names), known_(flows, names) {}

  std::optional<std::uint32_t> get(std::uint32_t slot, std::uint32_t variable) noexcept {
    if (variable >= names_ || !known_.has(slot, variable)) return std::nullopt;
    return values_[at(slot, variable)];
  }
  void set(std::uint32_t slot, std::uint32_t variable, std::uint32_t value) noexcept {
    if (variable >= names_) return;
    known_.set(slot, variable);
    values_[at(slot, variable)] = value;
  }
  void clear(std::uint32_t slot) noexcept { known_.clear(slot); }

 private:
  std::size_t at(std::uint32_t slot, std::uint32_t variable) const noexcept {
    return std::size_t{slot} * names_ + variable;
  }

  std::size_t names_;
  LazyArray<std::uint32_t> values_;
  FlowBits known_;
};

}  // namespace bansoko::detect
