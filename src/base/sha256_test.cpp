// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko {
namespace {

struct Case {
  const char* name;
  std::string bytes;
  const char* digest;
};

class Sha256Of : public testing::TestWithParam<Case> {};

TEST_P(Sha256Of, Whole) { EXPECT_EQ(sha256_hex(GetParam().bytes), GetParam().digest); }

TEST_P(Sha256Of, ByteByByte) {
  Sha256 digest;
  for (const char& byte : GetParam().bytes) digest.add({&byte, 1});
  EXPECT_EQ(digest.hex(), GetParam().digest);
}

// FIPS 180-4 and its examples; the lengths around a block as sha256sum gives them.
INSTANTIATE_TEST_SUITE_P(
    Sha256, Sha256Of,
    testing::Values(Case{"Empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                    Case{"OneBlock", "abc",
                         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                    Case{"TwoBlocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
                    Case{"LengthJustFits", std::string(55, 'a'),
                         "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
                    Case{"WholeBlock", std::string(64, 'a'),
                         "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
                    Case{"Million", std::string(1000000, 'a'),
                         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}),
    by_name);

}  // namespace
}  // namespace bansoko
