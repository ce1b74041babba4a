// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/krb5_encryption/encryption_types.h"

namespace bansoko::keyword::krb5_encryption {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return ask_for_encryption("krb5.encryption", option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "krb5.encryption",
      .help = "an encryption type that a request offers, or that of an answer",
      .valid = kEncryptionTypesForm,
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::krb5_encryption
