// SPDX-License-Identifier: Apache-2.0
#include "assess/version/version.h"
#include "tests/source_folder.h"

#include <chrono>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bansoko::version {
namespace {

char sign(std::weak_ordering order) { return std::is_lt(order) ? '<' : std::is_gt(order) ? '>' : '='; }

struct Row {
  Scheme scheme = Scheme::dotted;
  const char* a = "";
  char order = '=';
  const char* b = "";
};

constexpr auto kDebian = Scheme::debian;
constexpr auto kRpm = Scheme::rpm;
constexpr auto kDotted = Scheme::dotted;
constexpr auto kWindows = Scheme::windows;
constexpr auto kSqlServer = Scheme::sql_server;

constexpr Row kRows[] = {
    {kDebian, "1.0", '=', "0:1.0-0"},
    {kDebian, "1:1.0", '>', "2.0"},
    {kDebian, "1:0.1", '<', "10:0.1"},
    {kDebian, "1.0~~", '<', "1.0~~a"},
    {kDebian, "1.0~~a", '<', "1.0~"},
    {kDebian, "1.0~", '<', "1.0"},
    {kDebian, "1.0", '<', "1.0a"},
    {kDebian, "1.0a", '<', "1.0+"},
    {kDebian, "1.0-1", '<', "1.0-1+deb12u1"},
    {kDebian, "1.0-1~deb11u1", '<', "1.0-1"},
    {kDebian, "1.0-1-1", '>', "1.0-1"},
    {kDebian, "1.001", '=', "1.1"},
    {kDebian, "99999999999999999999999", '>', "9999999999999999999999"},
    {kDebian, "3.0pl1-136", '<', "3.0pl1-137"},
    {kDebian, "7.6p2-4", '>', "7.6-0"},
    {kDebian, "1.0.3-3", '>', "1.0-1"},
    {kDebian, "1.3", '>', "1.2.2-2"},
    {kDebian, "", '<', "1"},
    {kDebian, "", '=', ""},
    {kRpm, "1.0.2k-19.el7", '<', "1.0.2k-26.el7_9"},
    {kRpm, "1:1.0", '>', "2.0"},
    {kRpm, "0:1.0", '=', "1.0"},
    {kRpm, ":1.0", '=', "1.0"},
    {kRpm, "1.0", '<', "1.0-1"},
    {kRpm, "1.0-1", '<', "1.0-1.1"},
    {kRpm, "1.0~rc1-1", '<', "1.0-1"},
    {kRpm, "1.0^git1-1", '>', "1.0-1"},
    {kRpm, "1.0^git1", '<', "1.0.1"},
    {kRpm, "1.0^", '<', "1.0a"},
    {kRpm, "1.0~^", '>', "1.0~"},
    {kRpm, "1.el7", '<', "1.1.el7"},
    {kRpm, "1a", '<', "1.1"},
    {kRpm, "1_0", '=', "1.0"},
    {kRpm, "A", '<', "a"},
    {kDotted, "2.4.49", '<', "2.4.50"},
    {kDotted, "2.4.9", '<', "2.4.49"},
    {kDotted, "2.0", '=', "2.0.0"},
    {kDotted, "2", '=', "2.0.0.0"},
    {kDotted, "1.0.1", '<', "1.0.1a"},
    {kDotted, "1.0.1e", '<', "1.0.1g"},
    {kDotted, "1.0.1g", '<', "1.0.2"},
    {kDotted, "0.9.8z", '<', "0.9.8za"},
    {kDotted, "0.9.8za", '<', "0.9.8zh"},
    {kDotted, "1.0.2-beta1", '<', "1.0.2"},
    {kDotted, "5.3.0alpha3", '<', "5.3.0beta1"},
    {kDotted, "5.3.0beta1", '<', "5.3.0RC1"},
    {kDotted, "5.3.0RC1", '<', "5.3.0RC4"},
    {kDotted, "5.3.0RC4", '<', "5.3.0"},
    {kDotted, "9.5.0a1", '<', "9.5.0b1"},
    {kDotted, "9.5.0b2", '<', "9.5.0rc1"},
    {kDotted, "9.5.0rc1", '<', "9.5.0"},
    {kDotted, "9.5.0", '<', "9.5.0-P1"},
    {kDotted, "9.5.0-P1", '<', "9.5.0-P2"},
    {kDotted, "9.5.0-P2", '<', "9.5.1"},
    {kDotted, "7.2p1", '<', "7.2p2"},
    {kDotted, "7.2", '<', "7.2p1"},
    {kDotted, "4.2.6p5", '<', "4.2.8"},
    {kDotted, "1.8.0_202", '<', "1.8.0_211"},
    {kDotted, "1.6.0-update_45", '>', "1.6.0"},
    {kDotted, "v1.2", '=', "1.2"},
    {kDotted, "6.0", '<', "10.0"},
    {kDotted, "1.0.1E", '=', "1.0.1e"},
    {kDotted, "3.0.20-dev", '<', "3.0.20"},
    {kDotted, "", '=', "0"},
    {kWindows, "6.1.7601.24384", '>', "6.1.7601.17514"},
    {kWindows, "6.1.7601", '<', "6.1.7601.17514"},
    {kWindows, "10.0.17763.316", '<', "10.0.17763.1000"},
    {kWindows, "6.1.7601.24384 (win7sp1_ldr.190307-1808)", '=', "6.1.7601.24384"},
    {kWindows, "no build", '<', "0"},
    {kWindows, "6.1.7601.x", '=', "5.2.3790.1.2"},
    {kWindows, "6.1.99999999999", '<', "0"},
    {kSqlServer, "8.00.2039", '=', "8.0.2039.0"},
    {kSqlServer, "8.00.760", '<', "8.00.2039"},
    {kSqlServer, "2000.80.2039.0", '=', "8.00.2039"},
    {kSqlServer, "2005.90.5000.0", '=', "9.00.5000.00"},
    {kSqlServer, "2007.100.6000.34", '=', "10.0.6000.34"},
    {kSqlServer, "2009.100.1600.1", '=', "10.50.1600.1"},
    {kSqlServer, "2011.110.2100.60", '=', "11.0.2100.60"},
    {kSqlServer, "9.00.5000", '<', "10.0.1600"},
};

TEST(Version, ComparesAsItsSchemeSays) {
  for (const Row& row : kRows) {
    EXPECT_EQ(sign(compare(row.scheme, row.a, row.b)), row.order) << row.a << " and " << row.b;
    const char back = row.order == '<' ? '>' : row.order == '>' ? '<' : '=';
    EXPECT_EQ(sign(compare(row.scheme, row.b, row.a)), back) << row.b << " and " << row.a;
  }
}

struct Vectors {
  const char* file = "";
  Scheme scheme = Scheme::debian;
  int least = 0;
};

class VersionVectors : public testing::TestWithParam<Vectors> {};

TEST_P(VersionVectors, Agree) {
  std::ifstream file(source_folder() + "/../shared/data/knowledge/vercmp/" + GetParam().file);
  if (!file) GTEST_SKIP() << "the vectors are not on this machine";
  int compared = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto at = line.find_first_of("<=>", line.find(' '));
    ASSERT_TRUE(at != std::string::npos && at > 0 && at + 2 <= line.size()) << line;
    const std::string a = line.substr(0, at - 1), b = line.substr(at + 2);
    EXPECT_EQ(sign(compare(GetParam().scheme, a, b)), line[at]) << line;
    ++compared;
  }
  EXPECT_GE(compared, GetParam().least);
}

INSTANTIATE_TEST_SUITE_P(Shared, VersionVectors,
                         testing::Values(Vectors{"debian-versions.txt", kDebian, 25},
                                         Vectors{"debian-generated-1500.txt", kDebian, 1500},
                                         Vectors{"redhat-versions.txt", kRpm, 150}),
                         [](const auto& row) { return "File" + std::to_string(row.index); });

std::vector<std::string> made_versions() {
  constexpr const char* kPieces[] = {"0", "1", "10", "01", ".",   "-", "~",    "^",  "+",        ":",
                                     "a", "b", "rc", "P",  "el7", "_", "beta", "zz", "\xce\xb1", " "};
  std::mt19937 random(20261123);  // NOLINT(cert-msc51-cpp): the same versions each time
  std::vector<std::string> versions;
  for (int i = 0; i < 120; ++i) {
    std::string version;
    for (auto left = random() % 7; left > 0; --left) version += kPieces[random() % std::size(kPieces)];
    versions.push_back(version);
  }
  return versions;
}

TEST(Version, OrdersAreTotal) {
  const auto versions = made_versions();
  for (const Scheme scheme : {kDebian, kRpm, kDotted, kWindows, kSqlServer})
    for (const auto& a : versions)
      for (const auto& b : versions) {
        const auto ab = compare(scheme, a, b);
        ASSERT_TRUE(std::is_lt(ab) == std::is_gt(compare(scheme, b, a))) << a << " and " << b;
        for (const auto& c : versions) {
          const auto bc = compare(scheme, b, c);
          if (std::is_gt(ab) || std::is_gt(bc)) continue;
          const bool equal = std::is_eq(ab) && std::is_eq(bc);
          ASSERT_TRUE(equal ? std::is_eq(compare(scheme, a, c)) : std::is_lt(compare(scheme, a, c)))
              << a << ", " << b << ", " << c;
        }
      }
}

TEST(Version, HostileTextTakesTimeInProportion) {
  for (const char* const piece : {"1", "0", "~", "a1", ".", "-", ":", "1.", "^a", "rc1"}) {
    std::string text;
    while (text.size() < 2'000'000) text += piece;
    const auto start = std::chrono::steady_clock::now();
    for (const Scheme scheme : {kDebian, kRpm, kDotted, kWindows, kSqlServer}) {
      EXPECT_EQ(sign(compare(scheme, text, text)), '=');
      compare(scheme, text, text + "1");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << piece;
  }
}

}  // namespace
}  // namespace bansoko::version
