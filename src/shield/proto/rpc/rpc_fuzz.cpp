// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). Over TCP it is fed once as given, once byte by byte and once
// with little memory, over UDP as datagrams: what a rule could see must be the same, and what was taken given
// back.
#include <array>
#include <cstdint>
#include <vector>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/rpc/rpc_parser.h"

namespace bansoko::proto::rpc {
const Protocol& describe();

namespace {

constexpr std::array<std::uint64_t, 5> kSmall{1024, 2, 2, 4, 1 << 20};
constexpr std::array<std::uint64_t, 5> kLittle{4096, 2, 2, 4, 600};

/// After a gap a message is looked for where a chunk begins, which depends on how the stream was cut.
std::vector<std::uint8_t> without_gaps(Bytes dialogue) {
  std::vector<std::uint8_t> copy(dialogue.begin(), dialogue.end());
  for (std::size_t at = 0; at + 2 < copy.size();) {
    copy[at] &= 1U;
    at += 3 + (std::size_t{copy[at + 1]} << 8U | copy[at + 2]);
  }
  return copy;
}

}  // namespace
}  // namespace bansoko::proto::rpc

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  const std::vector<std::uint8_t> whole = rpc::without_gaps(dialogue);
  static const LoneParser parser(rpc::describe(), rpc::kSmall);
  fuzz::compare_pieces(rpc::describe(), *parser, whole);
  fuzz::run(rpc::describe(), *parser, dialogue, SIZE_MAX, kOverUdp);
  fuzz::run_with_little_memory<rpc::RpcMemory>(rpc::describe(), rpc::kLittle, dialogue);
  for (const Transports transport : {kOverTcp, kOverUdp})
    rpc::describe().probe({.window = dialogue}, {.transport = transport, .server_port = 111});
  return 0;
}
