// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/ssh/conversation.h"

namespace bansoko::proto::ssh {
const Protocol& describe();

namespace {

constexpr std::array<std::uint64_t, 4> kLimits{64, 128, 2048, 1 << 20};

void run_with_little_memory(Bytes dialogue) {
  constexpr std::array<std::uint64_t, 4> kLittle{64, 128, 2048, 600};
  const auto shared = describe().make_shared(kLittle);
  const MemoryBudget& budget = static_cast<const SshMemory&>(*shared).budget;
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
}  // namespace bansoko::proto::ssh

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(ssh::describe(), ssh::kLimits);
  fuzz::require(fuzz::run(ssh::describe(), *parser, dialogue, SIZE_MAX) ==
                fuzz::run(ssh::describe(), *parser, dialogue, 1));
  ssh::run_with_little_memory(dialogue);
  ssh::describe().probe({.window = dialogue}, {});
  return 0;
}
