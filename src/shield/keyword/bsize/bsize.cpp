// SPDX-License-Identifier: Apache-2.0
#include "base/range.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::bsize {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const Range size, parse_range(option.value));
  rule.add(detect::BufferSize{size});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "bsize",
                                           .help = "the size of the buffer at hand",
                                           .valid = "10, <10, <=10, >10, >=10 or 10<>20",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::bsize
