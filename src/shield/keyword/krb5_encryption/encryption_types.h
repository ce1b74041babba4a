// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword {

inline constexpr std::string_view kEncryptionTypesForm =
    "[!]weak, or [!] and a list: rc4-hmac,rc4-hmac-exp or 23,24 or -128";

/// Asks that a field of Kerberos be an encryption type among those of the argument.
Result<> ask_for_encryption(std::string_view field, std::string_view argument, detect::RuleBuilder& rule);

}  // namespace bansoko::keyword
