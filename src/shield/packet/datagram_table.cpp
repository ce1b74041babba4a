// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/datagram_table.h"

#include <bit>
#include <cstring>
#include <utility>

namespace bansoko::packet {
namespace {

constexpr int kMaxInBucket = 32;  // so that a lookup has a bound whatever the keys

constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 32);
}

std::uint64_t mix(std::uint64_t hash, const Address& address) noexcept {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), address.bytes.data(), address.bytes.size());
  return mix(mix(hash, words[0]), words[1]);
}

}  // namespace

DatagramTable::DatagramTable(std::uint32_t max_datagrams, std::uint32_t max_fragments, std::uint64_t seed)
    : seed_(seed),
      max_fragments_(max_fragments),
      pieces_(std::size_t{max_datagrams} * max_fragments),
      entries_(max_datagrams),
      buckets_(std::bit_ceil(std::size_t{max_datagrams} + 1), kNone) {}

/// kNone: all are in use.
std::uint32_t DatagramTable::take_entry() noexcept {
  if (free_ != kNone) return std::exchange(free_, entries_[free_].next_in_bucket);
  if (unused_ == entries_.size()) return kNone;
  entries_[unused_] = {};
  entries_[unused_].data.use(pieces_.part(std::size_t{unused_} * max_fragments_, max_fragments_));
  return unused_++;
}

std::size_t DatagramTable::bucket_of(const DatagramKey& key) const noexcept {
  std::uint64_t hash = mix(mix(mix(seed_, key.network), key.source), key.dest);
  hash = mix(hash, std::uint64_t{key.id} << 32 | std::uint64_t{key.vlan[0]} << 16 | key.vlan[1]);
  hash = mix(hash ^ seed_, std::uint64_t{key.version} << 8 | key.protocol);
  return hash & (buckets_.size() - 1);
}

std::uint32_t DatagramTable::find(const DatagramKey& key) const noexcept {
  std::uint32_t index = buckets_[bucket_of(key)];
  while (index != kNone && entries_[index].key != key) index = entries_[index].next_in_bucket;
  return index;
}

std::uint32_t DatagramTable::insert(const DatagramKey& key, Time now) noexcept {
  std::uint32_t& bucket = buckets_[bucket_of(key)];
  int in_bucket = 0;
  for (std::uint32_t i = bucket; i != kNone; i = entries_[i].next_in_bucket) ++in_bucket;
  if (in_bucket >= kMaxInBucket) return kNone;
  const std::uint32_t index = take_entry();
  if (index == kNone) return kNone;
  Entry& entry = entries_[index];
  entry.key = key;
  entry.started = now;
  entry.header_size = 0;
  entry.is_refused = false;
  entry.reasons = {};
  entry.next_in_bucket = bucket;
  bucket = index;
  Ages& ages = ages_[key.version == 6 ? 1 : 0];
  entry.older = ages.newest;
  entry.newer = kNone;
  (ages.newest == kNone ? ages.oldest : entries_[ages.newest].newer) = index;
  ages.newest = index;
  return index;
}

void DatagramTable::erase(std::uint32_t index) noexcept {
  Entry& entry = entries_[index];
  std::uint32_t* link = &buckets_[bucket_of(entry.key)];
  while (*link != index) link = &entries_[*link].next_in_bucket;
  *link = entry.next_in_bucket;
  Ages& ages = ages_[entry.key.version == 6 ? 1 : 0];
  (entry.older == kNone ? ages.oldest : entries_[entry.older].newer) = entry.newer;
  (entry.newer == kNone ? ages.newest : entries_[entry.newer].older) = entry.older;
  entry.next_in_bucket = free_;
  free_ = index;
}

}  // namespace bansoko::packet
