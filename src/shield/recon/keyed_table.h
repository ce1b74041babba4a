// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/counter.h"
#include "base/keyed_hash.h"
#include "base/lazy_array.h"

namespace bansoko::recon {

/// A table of fixed size. A key has one of eight places, which ones only who knows the seed can tell; when
/// all are taken the one with the least weight is given up, and counted if it had any.
template <class Value>
class KeyedTable {
 public:
  using Key = std::array<std::uint64_t, 5>;
  static constexpr std::size_t kNone = ~std::size_t{0};

  KeyedTable(std::size_t entries, std::uint64_t seed)
      : hash_(seed), entries_((std::max<std::size_t>(entries, 1) + kWays - 1) / kWays * kWays) {}

  /// The index of this key's value, or kNone.
  std::size_t find(const Key& key) const noexcept {
    const std::size_t first = place_of(key);
    for (std::size_t i = first; i < first + kWays; ++i)
      if (entries_[i].taken && entries_[i].key == key) return i;
    return kNone;
  }

  /// The same, with a fresh value if there was none. `weight(value)` is compared by <; zero weighs nothing.
  template <class Weight>
  std::size_t claim(const Key& key, Weight weight) noexcept {
    if (const std::size_t found = find(key); found != kNone) return found;
    const std::size_t first = place_of(key);
    std::size_t lightest = first;
    for (std::size_t i = first; i < first + kWays; ++i) {
      if (!entries_[i].taken) {
        lightest = i;
        break;
      }
      if (weight(entries_[i].value) < weight(entries_[lightest].value)) lightest = i;
    }
    Entry& entry = entries_[lightest];
    if (entry.taken && !(weight(entry.value) == decltype(weight(entry.value)){})) given_up_.add();
    entry = {key, true, {}};
    return lightest;
  }

  /// Forgets every key.
  void clear() noexcept {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (entries_[i].taken) entries_[i].taken = false;  // what was never written takes no memory
  }

  Value& operator[](std::size_t index) noexcept { return entries_[index].value; }
  std::size_t size() const noexcept { return entries_.size(); }
  std::uint64_t given_up() const noexcept { return given_up_.value(); }

 private:
  static constexpr std::size_t kWays = 8;
  struct Entry {
    Key key{};
    bool taken = false;
    Value value{};
  };

  std::size_t place_of(const Key& key) const noexcept {
    return hash_(key) % (entries_.size() / kWays) * kWays;
  }

  KeyedHash hash_;
  LazyArray<Entry> entries_;
  Counter given_up_;
};

}  // namespace bansoko::recon
