// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko {
namespace {

struct Case {
  const char* name;
  DigestKind kind;
  std::string_view text;
  std::string_view want;
};

class DigestOf : public testing::TestWithParam<Case> {};

TEST_P(DigestOf, IsAsPublishedAndWithoutMemory) {
  Digest digest(GetParam().kind);
  const Bytes text = as_bytes(GetParam().text);
  for (int round = 0; round < 2; ++round) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      digest.add(text.first(cut));
      digest.add(text.subspan(cut));
      EXPECT_EQ(hexadecimal(digest.finish()), GetParam().want) << "cut at " << cut;
    }
  }
  EXPECT_EQ(digest.size() * 2, GetParam().want.size());
}

INSTANTIATE_TEST_SUITE_P(
    Published, DigestOf,
    testing::Values(
        // RFC 1321 appendix A.5, RFC 3174 section 7.3, FIPS 180-2 appendix B.
        Case{"Md5Nothing", DigestKind::md5, "", "d41d8cd98f00b204e9800998ecf8427e"},
        Case{"Md5", DigestKind::md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        Case{"Sha1", DigestKind::sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        Case{"Sha256", DigestKind::sha256, "abc",
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}),
    by_name);

}  // namespace
}  // namespace bansoko
