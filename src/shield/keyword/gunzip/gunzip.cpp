// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::gunzip {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder&) {
  return fail(Errc::unsupported,
              "what it gives may be much larger than the buffer: bodies are decompressed by their protocol");
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "gunzip",
                                           .help = "not provided for",
                                           .valid = "a rule with it is refused",
                                           .value_optional = true,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::gunzip
