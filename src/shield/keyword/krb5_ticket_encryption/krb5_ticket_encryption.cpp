// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/krb5_encryption/encryption_types.h"

namespace bansoko::keyword::krb5_ticket_encryption {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return ask_for_encryption("krb5.ticket_encryption", option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "krb5.ticket_encryption",
                                           .help = "the encryption type of a Kerberos ticket",
                                           .valid = kEncryptionTypesForm,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::krb5_ticket_encryption
