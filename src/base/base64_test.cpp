// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string want;
  std::size_t room = 16;
};

class Base64 : public testing::TestWithParam<Case> {};

TEST_P(Base64, IsDecoded) {
  std::array<std::uint8_t, 16> room{};
  const std::size_t size = decode_base64(as_bytes(GetParam().text), std::span(room).first(GetParam().room));
  EXPECT_EQ(as_text(Bytes(room).first(size)), GetParam().want);
}

// The examples are those of RFC 4648 section 10.
INSTANTIATE_TEST_SUITE_P(
    Texts, Base64,
    testing::Values(Case{"Nothing", "", ""}, Case{"OneByte", "Zg==", "f"}, Case{"TwoBytes", "Zm8=", "fo"},
                    Case{"ThreeBytes", "Zm9v", "foo"}, Case{"FourBytes", "Zm9vYg==", "foob"},
                    Case{"SixBytes", "Zm9vYmFy", "foobar"}, Case{"Unpadded", "Zm9vYg", "foob"},
                    Case{"OneDigit", "Z", ""}, Case{"EndsAtAStranger", "Zm9v-Zm9v", "foo"},
                    Case{"EveryKindOfDigit", "+/a0", "\xfb\xf6\xb4"}, Case{"NoRoom", "Zm9v", "", 0},
                    Case{"FullRoom", "Zm9vYmFy", "foob", 4}),
    by_name);

}  // namespace
}  // namespace bansoko
