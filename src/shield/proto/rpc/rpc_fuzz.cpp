// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). Over TCP it is fed once as given, once byte by byte and once with
// little memory, over UDP as datagrams: what a rule could see must be the same, and what was taken given back.
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

/// After a gap a message is looked for where a chunk begins, which depends on how the stream was cut.
std::vector<std::uint8_t> without_gaps(Bytes dialogue) {
  std::vector<std::uint8_t> copy(dialogue.begin(), dialogue.end());
  for (std::size_t at = 0; at + 2 < copy.size();) {
    copy[at] &= 1U;
    at += 3 + (std::size_t{copy[at + 1]} << 8U | copy[at + 2]);
  }
  if (!copy.empty() && copy.size() < 3) copy[0] &= 1U;
  return copy;
}

void run_with_little_memory(Bytes dialogue) {
  constexpr std::array<std::uint64_t, 5> kLittle{4096, 2, 2, 4, 600};
  const auto shared = describe().make_shared(kLittle);
  const MemoryBudget& budget = static_cast<const RpcMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    fuzz::run(describe(), *parser, dialogue, 500);
    fuzz::require(budget.used() <= budget.most());
    parser->reset({.wanted = ~0ULL});
    fuzz::require(!budget.is_tight());
  }
  fuzz::require(budget.used() == 0);
}

}  // namespace
}  // namespace bansoko::proto::rpc

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  const std::vector<std::uint8_t> whole = rpc::without_gaps(dialogue);
  static const LoneParser parser(rpc::describe(), rpc::kSmall);
  fuzz::require(fuzz::run(rpc::describe(), *parser, whole, SIZE_MAX) ==
                fuzz::run(rpc::describe(), *parser, whole, 1));
  fuzz::run(rpc::describe(), *parser, dialogue, SIZE_MAX, kOverUdp);
  rpc::run_with_little_memory(dialogue);
  for (const Transports transport : {kOverTcp, kOverUdp})
    rpc::describe().probe({.window = dialogue}, {.transport = transport, .server_port = 111});
  return 0;
}
