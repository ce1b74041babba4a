// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::filestore {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.warn("it changes nothing: files are not stored");
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "filestore",
                                           .help = "accepted, and changes nothing: files are not stored",
                                           .valid = "what Suricata takes",
                                           .value_optional = true,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::filestore
