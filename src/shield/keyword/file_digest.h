// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "shield/detect/rule_builder.h"

/// What filemd5, filesha1 and filesha256 have in common.
namespace bansoko::keyword {

inline constexpr std::string_view kValidDigestFile =
    "a file of digests in hexadecimal, one a line, beside the rules; ! before it to negate";

/// `kind`: "md5", "sha1" or "sha256"; the buffer "file." and the kind is the digest of a whole file.
Result<> compare_file_digest(const rule::Option& option, std::string_view kind, detect::RuleBuilder& rule);

}  // namespace bansoko::keyword
