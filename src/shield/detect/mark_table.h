// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/counter.h"
#include "base/lazy_array.h"
#include "shield/packet/address.h"

namespace bansoko::detect {

/// Marks on addresses and pairs of them, each for a time (`xbits`). Fixed in size: where it is full, the mark
/// that would end soonest gives way, and that is counted.
class MarkTable {
 public:
  explicit MarkTable(std::uint32_t capacity);

  /// Who bears which mark. One address: `b` stays zero.
  struct Key {
    packet::Address a, b;
    std::uint64_t network = 0;  // Packet::network
    std::uint32_t mark = 0;
    bool is_pair = false;
    friend bool operator==(const Key&, const Key&) = default;
  };
  /// The same whichever of two addresses comes first.
  static Key pair(const packet::Address& one, const packet::Address& other) noexcept;

  bool has(const Key& key, std::chrono::nanoseconds now) noexcept;
  /// A mark that is there already lasts until `until` from now on.
  void set(const Key& key, std::chrono::nanoseconds until, std::chrono::nanoseconds now,
           Counter& limit_reached) noexcept;
  void unset(const Key& key) noexcept;

 private:
  struct Entry {
    Key key;
    std::chrono::nanoseconds until;
    bool used;
  };
  Entry* find(const Key& key) noexcept;
  Entry& place(const Key& key, std::size_t probe) noexcept;

  std::size_t mask_;
  LazyArray<Entry> entries_;
};

}  // namespace bansoko::detect
