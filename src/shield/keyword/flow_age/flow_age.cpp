// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::flow_age {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  if (at.flow == nullptr) return std::nullopt;
  using std::chrono::duration_cast, std::chrono::seconds;
  const seconds age = duration_cast<seconds>(at.flow->last_seen) - duration_cast<seconds>(at.flow->started);
  return static_cast<std::uint64_t>(std::max(age, seconds(0)).count());
}

constexpr std::uint64_t kMost = 0xffffffff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "flow.age",
                                           .help = "how many seconds ago the flow began",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::flow_age
