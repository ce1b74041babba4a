// SPDX-License-Identifier: Apache-2.0
// The first byte says over what: bit 0 set is TCP. The rest is a dialogue (message_fuzz.h).
#include "shield/proto/message_fuzz.h"

namespace bansoko::proto::ldap {
const Protocol& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  bansoko::ByteReader in(bansoko::Bytes(data, size));
  const Transports transport = (in.u8() & 1U) != 0 ? kOverTcp : kOverUdp;
  fuzz_messages(ldap::describe(), in.rest(), transport, "ldap.memory_limit", {1024, 16, 256, 4, 4, 4096});
  return 0;
}
