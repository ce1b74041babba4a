// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/cert_dates.h"

namespace bansoko::keyword::tls_cert_notafter {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const Range range, parse_dates(option.value));
  return rule.add_field("tls.cert_not_after", range);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "tls_cert_notafter",
                                           .help = "the last moment at which the certificate is valid",
                                           .valid = kValidDates,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::tls_cert_notafter
