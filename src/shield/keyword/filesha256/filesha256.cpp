// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/file_digest.h"

namespace bansoko::keyword::filesha256 {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return compare_file_digest(option, "sha256", rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "filesha256",
      .help = "the SHA-256 digest of a file that has passed is in a list",
      .valid = kValidDigestFile,
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::filesha256
