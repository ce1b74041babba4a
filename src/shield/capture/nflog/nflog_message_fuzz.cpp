// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "shield/capture/netlink_reader.h"
#include "shield/capture/nflog/message.h"
#include "shield/capture/nft_message.h"

namespace {
void require(bool claim) {
  if (!claim) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  using namespace bansoko::capture;
  const Bytes all(data, size);
  static_cast<void>(nflog::is_checksum_unfilled(all));
  require(!parse_counter(all) || !nflog::parse_copy(all));  // a message is one or the other
  require(nflog::wire_size(all) >= size || size > nflog::kMaxCopy);
  Bytes rest = all;
  while (const auto message = take_message(rest)) {
    require(message->size() >= 16);  // so that this loop ends
    const auto copy = nflog::parse_copy(*message);
    if (!copy) continue;
    require(copy->arrived.count() >= 0);
    require(nflog::wire_size(copy->payload) >= copy->payload.size());
    static_cast<void>(nflog::is_checksum_unfilled(copy->payload));
    if (copy->payload.empty()) continue;
    require(copy->payload.data() >= data && copy->payload.data() + copy->payload.size() <= data + size);
  }
  return 0;
}
