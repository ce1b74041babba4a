// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace bansoko::pattern {

/// A byte string to look for, a loan. `id` is the caller's own and may stand for several uses of it.
struct Literal {
  std::string_view bytes;
  bool nocase = false;
  std::uint32_t id = 0;
};

/// Called for each place where a literal stands; often, and more than once for the same one.
using OnHit = void (*)(void* context, std::uint32_t id) noexcept;

}  // namespace bansoko::pattern
