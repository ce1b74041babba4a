// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>

namespace bansoko::detect {

/// What is said about rules, kept in a few large pieces of memory for the life of a rule set.
class TextPool {
 public:
  using Setting = std::pair<std::string_view, std::string_view>;  // a name and its value

  std::string_view keep(std::string_view text) {
    const auto kept = keep_all(std::span<const char>(text));
    return {kept.data(), kept.size()};
  }
  /// The same copy for the same text, up to forget().
  std::string_view keep_once(std::string_view text);
  const Setting* keep_once(const Setting& setting);

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
  struct SameSetting {
    using is_transparent = void;
    std::size_t operator()(const Setting& setting) const noexcept {
      const std::hash<std::string_view> hash;
      return hash(setting.first) * 31 + hash(setting.second);
    }
    std::size_t operator()(const Setting* setting) const noexcept { return (*this)(*setting); }
    bool operator()(const Setting* a, const Setting* b) const noexcept { return *a == *b; }
    bool operator()(const Setting& a, const Setting* b) const noexcept { return a == *b; }
    bool operator()(const Setting* a, const Setting& b) const noexcept { return *a == b; }
  };
  std::unordered_set<const Setting*, SameSetting, SameSetting> settings_;
};

}  // namespace bansoko::detect
