// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::tls_cert_expired {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.add_moment("tls.cert_not_after", detect::FieldTest::Clock::past);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "tls_cert_expired",
      .help = "the last moment at which the certificate is valid has passed",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::tls_cert_expired
