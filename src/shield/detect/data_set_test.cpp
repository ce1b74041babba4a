// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/data_set.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::detect {
namespace {

using namespace std::string_literals;

struct Case {
  std::string name;
  DataType type;
  bool numbered;
  std::string file;
  std::string value;
  std::optional<std::uint16_t> want;
};

class Find : public testing::TestWithParam<Case> {};

TEST_P(Find, ByItsBytes) {
  const auto set = DataSet::parse(GetParam().file, GetParam().type, GetParam().numbered);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->find(as_bytes(GetParam().value)), GetParam().want);
}

constexpr auto kText = DataType::string;

INSTANTIATE_TEST_SUITE_P(
    Values, Find,
    testing::Values(Case{"Text", kText, false, "YWJj", "abc", 0},
                    Case{"Longer", kText, false, "YWJj", "abcd", std::nullopt},
                    Case{"Shorter", kText, false, "YWJj", "ab", std::nullopt},
                    Case{"Padded", kText, false, "YQ==\nYWI=\n", "a", 0},
                    Case{"PaddedOnce", kText, false, "YQ==\nYWI=\n", "ab", 0},
                    Case{"Binary", kText, false, "AP8=", "\0\xff"s, 0},
                    Case{"None", kText, false, "", "abc", std::nullopt},
                    Case{"Nothing", kText, false, "YWJj", "", std::nullopt},
                    Case{"Windows", kText, false, "YQ==\r\nYWI=\r\n", "ab", 0},
                    Case{"Number", kText, true, "YQ==,3\nYWI=, 65535\n", "ab", 65535},
                    Case{"LastNumber", kText, true, "YQ==,3\nYWI=,1\nYQ==,4\n", "a", 4},
                    Case{"Md5", DataType::md5, false, "000102030405060708090a0B0c0D0e0f",
                         "\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf"s, 0},
                    Case{"Sha256", DataType::sha256, false, std::string(64, '7'), std::string(32, 'w'), 0},
                    Case{"Ipv4", DataType::ipv4, false, "192.0.2.1", "\xc0\0\2\1"s, 0},
                    Case{"Ipv4OfTextSize", DataType::ipv4, false, "192.0.2.1", "192.0.2.1", std::nullopt},
                    Case{"IpOfFour", DataType::ip, false, "2001:db8::1\n192.0.2.1", "\xc0\0\2\1"s, 0},
                    Case{"IpMapped", DataType::ip, false, "::ffff:192.0.2.1", "\xc0\0\2\1"s, 0},
                    Case{"IpOfSixteen", DataType::ip, false, "2001:db8::1\n192.0.2.1",
                         "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"s, 0}),
    by_name);

struct Fault {
  std::string name;
  DataType type;
  bool numbered;
  std::string file;
  std::string want;
};

class Refused : public testing::TestWithParam<Fault> {};

TEST_P(Refused, SaysWhere) {
  const auto set = DataSet::parse(GetParam().file, GetParam().type, GetParam().numbered);
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().message.find(GetParam().want), std::string::npos) << set.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Files, Refused,
    testing::Values(Fault{"Base64", kText, false, "YWJj\n!!", "line 2: '!!' is not base64"},
                    Fault{"Base64Cut", kText, false, "YWJ", "not base64"},
                    Fault{"Base64Empty", kText, false, "====", "not base64"},
                    Fault{"HexShort", DataType::md5, false, "00", "has not 32 digits"},
                    Fault{"Hex", DataType::md5, false, std::string(32, 'g'), "not hexadecimal"},
                    Fault{"Address", DataType::ip, false, "192.0.2.256", "192.0.2.256"},
                    Fault{"AddressSix", DataType::ipv4, false, "2001:db8::1", "not an IPv4 address"},
                    Fault{"NoNumber", kText, true, "YWJj", "no number"},
                    Fault{"NumberTooLarge", kText, true, "YWJj,65536", "more than 65535"}),
    by_name);

}  // namespace
}  // namespace bansoko::detect
