// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/file_digest.h"

namespace bansoko::keyword::filemd5 {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return compare_file_digest(option, "md5", rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "filemd5",
                                           .help = "the MD5 digest of a file that has passed is in a list",
                                           .valid = kValidDigestFile,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::filemd5
