// SPDX-License-Identifier: Apache-2.0
// Single addresses that are shut out, of tables that are installed.
#include <linux/netfilter.h>

#include "shield/capture/firewall.h"
#include "shield/capture/ruleset.h"

namespace bansoko::capture {
namespace {

constexpr std::size_t kMapped = 12;  // bytes before an IPv4 address in its mapped form

NftBatch batch_for(const packet::Address& address) {
  NftBatch batch(kTable);
  batch.use_family(address.is_v4() ? NFPROTO_IPV4 : NFPROTO_IPV6);
  return batch;
}

Bytes key_of(const packet::Address& address) noexcept {
  return Bytes(address.bytes).subspan(address.is_v4() ? kMapped : 0);
}

Result<> put_in(std::string_view set, const packet::Address& address, std::chrono::seconds time) {
  NftBatch batch = batch_for(address);
  batch.add_element(set, key_of(address), time);
  return std::move(batch).commit();
}

Result<> take_out(std::string_view set, const packet::Address& address) {
  NftBatch batch = batch_for(address);
  batch.delete_element(set, key_of(address));
  return std::move(batch).commit();
}

}  // namespace

Result<> Firewall::shut_out(const packet::Address& address, std::chrono::seconds time) {
  return put_in(kQuarantined, address, time);
}

Result<> Firewall::let_in(const packet::Address& address) { return take_out(kQuarantined, address); }

Result<> Firewall::confine(const packet::Address& address, std::chrono::seconds time) {
  return put_in(kConfined, address, time);
}

Result<> Firewall::let_out(const packet::Address& address) { return take_out(kConfined, address); }

Result<std::uint64_t> Firewall::quarantined_packets() {
  std::uint64_t sum = 0;
  for (const std::uint8_t family : {NFPROTO_IPV4, NFPROTO_IPV6}) {
    BANSOKO_TRY(const auto packets, counted_packets(family, kTable, kQuarantinedCounter));
    sum += packets.value_or(0);
  }
  return sum;
}

}  // namespace bansoko::capture
