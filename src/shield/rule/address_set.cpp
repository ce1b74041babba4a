// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/address_set.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "shield/rule/ranges.h"

namespace bansoko::rule {
namespace {

using packet::Address;

constexpr Address last_address() noexcept {
  Address last;
  for (auto& byte : last.bytes) byte = 0xff;
  return last;
}

struct NextAddress {
  static std::optional<Address> after(Address address) noexcept {
    for (auto byte = address.bytes.rbegin(); byte != address.bytes.rend(); ++byte)
      if (++*byte != 0) return address;
    return {};
  }
  static std::optional<Address> before(Address address) noexcept {
    for (auto byte = address.bytes.rbegin(); byte != address.bytes.rend(); ++byte)
      if ((*byte)-- != 0) return address;
    return {};
  }
};

}  // namespace

AddressSet::AddressSet() : ranges_{{Address{}, last_address()}} {}

AddressSet::AddressSet(std::vector<Range> ranges)
    : ranges_(joined<NextAddress>(std::move(ranges))),
      any_(ranges_.size() == 1 && ranges_.front().first == Address{} &&
           ranges_.front().last == last_address()) {}

bool AddressSet::contains(const Address& address) const noexcept { return any_ || holds(ranges_, address); }

AddressSet AddressSet::without(const AddressSet& other) const {
  return AddressSet(subtracted<NextAddress>(ranges_, other.ranges_));
}

bool operator==(const AddressSet& a, const AddressSet& b) {
  return std::equal(a.ranges_.begin(), a.ranges_.end(), b.ranges_.begin(), b.ranges_.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && x.last == y.last; });
}

}  // namespace bansoko::rule
