// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::tls_cert_valid {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  BANSOKO_CHECK(rule.add_moment("tls.cert_not_before", detect::FieldTest::Clock::past));
  return rule.add_moment("tls.cert_not_after", detect::FieldTest::Clock::future);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "tls_cert_valid",
      .help = "the present is between the first and the last moment at which the certificate is valid",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::tls_cert_valid
