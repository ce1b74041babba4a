// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "shield/capture/netlink_socket.h"
#include "shield/capture/nfqueue/message.h"

namespace {
void require(bool claim) {
  if (!claim) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const Bytes message(data, size);
  const auto packet = capture::nfqueue::parse_packet(message);
  const auto answer = capture::parse_netlink_answer(message);
  require(!packet || !answer);  // a message is one or the other
  if (answer) require(answer->error >= 0);
  if (!packet) return 0;
  require(packet->arrived.count() >= 0);
  require(packet->wire_size >= packet->payload.size());
  if (!packet->payload.empty())
    require(packet->payload.data() >= data && packet->payload.data() + packet->payload.size() <= data + size);
  return 0;
}
