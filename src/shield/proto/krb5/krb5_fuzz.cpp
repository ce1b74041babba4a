// SPDX-License-Identifier: Apache-2.0
// The first byte says over what: bit 0 set is TCP. The rest is a dialogue (message_fuzz.h).
#include "shield/proto/message_fuzz.h"

namespace bansoko::proto::krb5 {
const Protocol& describe();
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  bansoko::ByteReader in(bansoko::Bytes(data, size));
  const Transports transport = (in.u8() & 1U) != 0 ? kOverTcp : kOverUdp;
  fuzz_messages(krb5::describe(), in.rest(), transport, "krb5.memory_limit", {1024, 8, 4096});
  return 0;
}
