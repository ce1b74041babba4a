// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "base/lazy_array.h"

#include "shield/packet/address.h"
#include "shield/packet/anomaly.h"
#include "shield/packet/partial_datagram.h"

namespace bansoko::packet {

/// What the fragments of one datagram have in common.
struct DatagramKey {
  Address source = {};
  Address dest = {};
  std::uint64_t network = 0;  // Packet::network
  std::uint32_t id = 0;
  std::array<std::uint16_t, 2> vlan{};  // identifiers only: a priority makes no other network
  std::uint8_t version = 0;
  std::uint8_t protocol = 0;  // 0 for IPv6: its receivers do not look at it (RFC 8200 section 4.5)

  friend bool operator==(const DatagramKey&, const DatagramKey&) = default;
};

/// The datagrams being put together, and those that may no longer be. All memory is reserved at start.
class DatagramTable {
 public:
  using Time = std::chrono::nanoseconds;
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Entry {
    DatagramKey key = {};
    Time started{};
    PartialDatagram data;
    std::array<std::uint8_t, 128> header{};  // of the first fragment: IP, and IPv6 extensions
    std::uint8_t header_size = 0;            // 0: it has not come
    std::uint8_t protocol = 0;               // that the first fragment states
    bool is_refused = false;                 // what comes of it must not pass
    AnomalySet reasons = {};                 // for that
    std::uint32_t next_in_bucket = kNone;
    std::uint32_t older = kNone;
    std::uint32_t newer = kNone;
  };

  DatagramTable(std::uint32_t max_datagrams, std::uint32_t max_fragments, std::uint64_t seed);

  /// kNone if it is not there.
  std::uint32_t find(const DatagramKey& key) const noexcept;

  /// kNone if the table is full, or the key's bucket is. The key must not be there yet.
  std::uint32_t insert(const DatagramKey& key, Time now) noexcept;

  /// The entry's blocks must have been given back.
  void erase(std::uint32_t index) noexcept;

  /// The one of this IP version that began first, or kNone.
  std::uint32_t oldest(std::uint8_t version) const noexcept { return by_age(version).oldest; }

  Entry& at(std::uint32_t index) noexcept { return entries_[index]; }

 private:
  struct Ages {
    std::uint32_t oldest = kNone;
    std::uint32_t newest = kNone;
  };

  std::uint32_t take_entry() noexcept;
  std::size_t bucket_of(const DatagramKey& key) const noexcept;
  const Ages& by_age(std::uint8_t version) const noexcept { return ages_[version == 6 ? 1 : 0]; }

  std::uint64_t seed_;
  std::uint32_t max_fragments_;
  LazyArray<PartialDatagram::Piece> pieces_;
  LazyArray<Entry> entries_;
  std::vector<std::uint32_t> buckets_;
  std::array<Ages, 2> ages_{};
  std::uint32_t free_ = kNone;  // list by next_in_bucket, of those used before
  std::uint32_t unused_ = 0;    // this entry and all behind it were never used
};

}  // namespace bansoko::packet
