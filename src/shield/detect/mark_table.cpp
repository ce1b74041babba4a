// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/mark_table.h"

#include <algorithm>
#include <bit>

namespace bansoko::detect {
namespace {

constexpr std::size_t kProbes = 8;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ hash >> 32U;
}

std::uint64_t mix(std::uint64_t hash, const packet::Address& address) noexcept {
  ByteReader bytes(address.bytes);
  hash = mix(hash, bytes.u64());
  return mix(hash, bytes.u64());
}

}  // namespace

MarkTable::MarkTable(std::uint32_t capacity)
    : mask_(std::bit_ceil(std::max<std::size_t>(capacity, kProbes)) - 1), entries_(mask_ + 1) {}

MarkTable::Key MarkTable::pair(const packet::Address& one, const packet::Address& other) noexcept {
  Key key;
  key.a = std::min(one, other);
  key.b = std::max(one, other);
  key.is_pair = true;
  return key;
}

MarkTable::Entry& MarkTable::place(const Key& key, std::size_t probe) noexcept {
  const std::uint64_t hash = mix(mix(mix(mix(key.is_pair ? 1 : 0, key.mark), key.network), key.a), key.b);
  return entries_[(hash + probe) & mask_];
}

MarkTable::Entry* MarkTable::find(const Key& key) noexcept {
  for (std::size_t i = 0; i < kProbes; ++i) {
    Entry& entry = place(key, i);
    if (entry.used && entry.key == key) return &entry;
  }
  return nullptr;
}

bool MarkTable::has(const Key& key, std::chrono::nanoseconds now) noexcept {
  const Entry* const entry = find(key);
  return entry != nullptr && now <= entry->until;
}

void MarkTable::set(const Key& key, std::chrono::nanoseconds until, std::chrono::nanoseconds now,
                    Counter& limit_reached) noexcept {
  Entry* chosen = find(key);
  for (std::size_t i = 0; i < kProbes && chosen == nullptr; ++i)
    if (Entry& entry = place(key, i); !entry.used || entry.until < now) chosen = &entry;
  if (chosen == nullptr) {
    chosen = &place(key, 0);
    for (std::size_t i = 1; i < kProbes; ++i)
      if (Entry& entry = place(key, i); entry.until < chosen->until) chosen = &entry;
    limit_reached.add();
  }
  *chosen = {key, until, true};
}

void MarkTable::unset(const Key& key) noexcept {
  if (Entry* const entry = find(key); entry != nullptr) entry->used = false;
}

}  // namespace bansoko::detect
