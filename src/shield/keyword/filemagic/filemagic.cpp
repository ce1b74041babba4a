// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::filemagic {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder&) {
  return fail(Errc::invalid,
              "kinds of files are not told by their content here: look into file.data instead");
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "filemagic",
                                           .help = "refused: say with file.data what the file begins with",
                                           .valid = "nothing",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::filemagic
