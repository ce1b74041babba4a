// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/wins/message.h"

namespace bansoko::proto::wins {
namespace {

/// Goes through what is at hand of a message that states its size.
class Walk {
 public:
  Walk(Bytes at_hand, std::uint64_t stated) noexcept : in_(at_hand), left_(stated) {}

  /// Whether so many bytes more are at hand. If the message does not have them, that is noted.
  bool has(std::uint64_t size) noexcept {
    if (size > left_) overrun_ = size - left_;
    return overrun_ == 0 && size <= in_.rest().size();
  }
  std::uint8_t u8() noexcept { return read(1, in_.u8()); }
  std::uint16_t u16() noexcept { return read(2, in_.u16()); }
  std::uint32_t u32() noexcept { return read(4, in_.u32()); }
  std::uint32_t u32le() noexcept { return read(4, in_.u32le()); }
  void skip(std::size_t size) noexcept {
    in_.skip(size);
    left_ -= size;
  }
  std::uint64_t overrun() const noexcept { return overrun_; }

 private:
  template <class Number>
  Number read(unsigned size, Number value) noexcept {
    left_ -= size;
    return value;
  }

  ByteReader in_;
  std::uint64_t left_;
  std::uint64_t overrun_ = 0;
};

constexpr std::uint64_t kNumber = 4, kOwner = 24, kAddress = 8;

/// False: it is not all at hand.
bool skip(Walk& in, std::uint64_t size) noexcept {
  if (!in.has(size)) return false;
  in.skip(static_cast<std::size_t>(size));
  return true;
}

/// The number of records, if so many of at least that size can be.
std::optional<std::uint32_t> read_count(Walk& in, std::uint64_t least, Parts& into) noexcept {
  if (!in.has(kNumber)) return std::nullopt;
  const std::uint32_t count = in.u32();
  into.record_count = count;
  in.has(count * least);
  return in.overrun() == 0 ? std::optional(count) : std::nullopt;
}

/// Owners, and who began the replication.
void read_owners(Walk& in, Parts& into) noexcept {
  const auto count = read_count(in, kOwner, into);
  if (count) in.has(*count * kOwner + kNumber);
}

bool read_addresses(Walk& in, Parts& into) noexcept {
  if (!in.has(kNumber)) return false;
  const std::uint64_t count = in.u32le();
  into.address_count = std::max(into.address_count.value_or(0), count);
  return skip(in, count * kAddress);
}

/// A name is followed by one to four zeros, flags, the group, a version and one address or a list.
bool read_name(Walk& in, Parts& into) noexcept {
  constexpr std::uint64_t kBehindName = 4 + 4 + 8;
  constexpr std::uint32_t kHasList = 2;  // special groups and hosts with several addresses
  if (!in.has(kNumber)) return false;
  const std::uint64_t length = in.u32();
  into.name_length = std::max(into.name_length.value_or(0), length);
  const std::uint64_t padded = length + 4 - length % 4;
  if (!in.has(padded + kBehindName)) return false;
  in.skip(static_cast<std::size_t>(padded));
  const std::uint32_t flags = in.u32();
  in.skip(kBehindName - kNumber);
  const bool is_read = (flags & kHasList) != 0 ? read_addresses(in, into) : skip(in, kNumber);
  return is_read && skip(in, kNumber);  // and a number whose meaning is not known
}

void read_names(Walk& in, Parts& into) noexcept {
  constexpr std::uint64_t kLeast = 4 + 4 + 4 + 4 + 8 + 4 + 4;
  const auto count = read_count(in, kLeast, into);
  for (std::uint32_t i = 0; count && i < *count; ++i)
    if (!read_name(in, into)) return;
}

/// False: the message ends within what each of its kind has.
bool read_replication(Walk& in, Parts& into) noexcept {
  if (!in.has(kNumber)) return false;
  in.skip(kNumber - 1);  // to be ignored
  const std::uint8_t command = in.u8();
  into.command = command;
  switch (command) {
    case send_request:
      return in.has(kOwner);
    case send_reply:
      read_names(in, into);
      break;
    case table_reply:
    case update:
    case update_propagated:
    case inform:
    case inform_propagated:
      read_owners(in, into);
      break;
    default:
      break;
  }
  return true;
}

bool read_body(Walk& in, Parts& into) noexcept {
  constexpr std::uint64_t kStart = 8;
  switch (into.type.value_or(replication + 1)) {
    case start:
    case start_reply:
      if (!in.has(kStart)) return false;
      into.own_handle = in.u32();
      return true;
    case stop:
      return in.has(kNumber);
    case replication:
      return read_replication(in, into);
    default:
      return true;
  }
}

}  // namespace

Anomalies read_message(Bytes body, std::uint64_t stated, Parts& into) noexcept {
  constexpr std::uint64_t kHead = 12;
  Walk in(body, stated);
  into.size = stated;
  bool is_whole = in.has(kHead);
  if (is_whole) {
    in.skip(2);
    if ((in.u16() & kReplicationBits) != kReplicationBits) return bit(other_message);
    into.handle = in.u32();
    into.type = in.u32();
    is_whole = read_body(in, into);
  }
  into.overrun = in.overrun();
  if (in.overrun() == 0) return 0;
  return bit(is_whole ? records_outside : short_message);
}

}  // namespace bansoko::proto::wins
