// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_set>

namespace bansoko::detect {

/// What is said about rules, kept in a few large pieces of memory for the life of a rule set.
class TextPool {
 public:
  std::string_view keep(std::string_view text) {
    const auto kept = keep_all(std::span<const char>(text));
    return {kept.data(), kept.size()};
  }
  /// The same copy for the same text, up to forget().
  std::string_view keep_once(std::string_view text);

  template <class T>
  std::span<T> keep_all(std::span<T> all) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (all.empty()) return {};
    using Kept = std::remove_const_t<T>;
    auto* const kept = static_cast<Kept*>(memory_.allocate(all.size_bytes(), alignof(T)));
    std::uninitialized_copy(all.begin(), all.end(), kept);
    return {kept, all.size()};
  }

  /// Frees what keep_once() needs to know; what is kept is kept.
  void forget();

 private:
  static constexpr std::size_t kPiece = 64U << 10U;
  std::pmr::monotonic_buffer_resource memory_{kPiece};
  std::unordered_set<std::string_view> texts_;
};

}  // namespace bansoko::detect
