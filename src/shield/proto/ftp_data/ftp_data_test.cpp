// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "shield/proto/ftp_data/transfer.h"
#include "shield/proto/test_dialogue.h"
#include "tests/cases.h"

namespace bansoko::proto::ftp_data {
const Protocol& describe();

namespace {

struct Case {
  std::string name;
  std::uint64_t purpose;
  std::vector<Said> dialogue;
  std::map<std::string, std::string> want;
  std::set<std::string> anomalies = {};
  std::vector<std::uint64_t> limits = {};
};

class FtpData : public testing::TestWithParam<Case> {};

TEST_P(FtpData, Tells) {
  const Case& row = GetParam();
  const LoneParser parser(describe(), row.limits);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}}) {
    const ExpectedFlow announced{.purpose = row.purpose, .label = "a b"};
    parser->reset({.announced = &announced});
    Witness seen(describe());
    EXPECT_EQ(follow(*parser, row.dialogue, piece, seen), Parsed::more);
    EXPECT_EQ(seen.faults, std::set<std::string>());
    EXPECT_EQ(seen.anomalies, row.anomalies);
    EXPECT_EQ(seen.ended.size(), 1u);
    for (const auto& [key, value] : row.want) EXPECT_EQ(seen.value("0 " + key), value) << key;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, FtpData,
                         testing::Values(Case{"Retrieved",
                                              kRetrieve,
                                              {server("con"), server("tent")},
                                              {{"server file.data", "content"},
                                               {"file.data", "-"},
                                               {"server file.name", "a b"},
                                               {"server ftpdata_command", "1"},
                                               {"ftpdata_command", "-"}}},
                                         Case{"Stored",
                                              kStore,
                                              {client("content")},
                                              {{"file.data", "content"},
                                               {"file.name", "a b"},
                                               {"ftpdata_command", "2"},
                                               {"server ftpdata_command", "-"}}},
                                         Case{"Gap",
                                              kStore,
                                              {client("ab"), client("cd", 3)},
                                              {{"file.data", std::string("ab\0\0\0cd", 7)}},
                                              {"ftp-data.gap"}},
                                         Case{"AtTheLimit",
                                              kStore,
                                              {client(std::string(1024, 'x'))},
                                              {{"file.data", std::string(1024, 'x')}},
                                              {},
                                              {1024}},
                                         Case{"TooLarge",
                                              kStore,
                                              {client(std::string(1025, 'x'))},
                                              {{"file.data", std::string(1024, 'x')}},
                                              {"ftp-data.file_limit"},
                                              {1024}},
                                         Case{"LargeGap",
                                              kStore,
                                              {client("a"), client("b", 1U << 31U)},
                                              {},
                                              {"ftp-data.gap", "ftp-data.file_limit"},
                                              {1024}},
                                         Case{"NoMemory",
                                              kStore,
                                              {client(std::string(1000, 'x'))},
                                              {},
                                              {"ftp-data.memory_limit"},
                                              {1024, 100}}),
                         by_name);

struct SumCase {
  std::string name;
  std::vector<Said> dialogue;
  bool is_closed;
  std::string size, md5;  // in hexadecimal
  std::set<std::string> anomalies = {};
  std::vector<std::uint64_t> limits = {};
};

class FtpDataSums : public testing::TestWithParam<SumCase> {};

TEST_P(FtpDataSums, AreOfWholeFiles) {
  const SumCase& row = GetParam();
  const LoneParser parser(describe(), row.limits);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}}) {
    parser->reset({.wanted = ~0ULL});
    Witness seen(describe());
    for (const Said& said : row.dialogue) {
      std::uint32_t gap = said.gap;
      for (Bytes rest = as_bytes(said.bytes); !rest.empty(); gap = 0) {
        const Bytes now = rest.first(std::min(piece, rest.size()));
        parser->feed({.from = said.from, .gap = gap, .window = now}, seen);
        rest = rest.subspan(now.size());
      }
    }
    if (row.is_closed)
      for (const Side side : {Side::server, Side::client}) parser->feed({.from = side, .last = true}, seen);
    parser->end(seen);
    EXPECT_EQ(seen.faults, std::set<std::string>());
    EXPECT_EQ(seen.anomalies, row.anomalies);
    EXPECT_EQ(hexadecimal(as_bytes(seen.value("0 file.size"))), row.size);
    EXPECT_EQ(hexadecimal(as_bytes(seen.value("0 file.md5"))), row.md5);
    EXPECT_EQ(seen.value("0 server file.md5"), "-");
  }
}

const std::string kNone = "2d";  // a hyphen
const std::string kMd5OfAbc = "900150983cd24fb0d6963f7d28e17f72";

INSTANTIATE_TEST_SUITE_P(
    Files, FtpDataSums,
    testing::Values(SumCase{"Whole", {client("ab"), client("c")}, true, "000000000000000301", kMd5OfAbc},
                    SumCase{"NotClosed",
                            {client("abc")},
                            false,
                            "000000000000000300",
                            kNone,
                            {"ftp-data.file_without_digest"}},
                    SumCase{"WithAGap",
                            {client("ab"), client("c", 2)},
                            true,
                            "000000000000000500",
                            kNone,
                            {"ftp-data.gap", "ftp-data.file_without_digest"}},
                    SumCase{"BeyondTheLimit",
                            {client(std::string(1025, 'x'))},
                            true,
                            "000000000000040101",
                            kNone,
                            {"ftp-data.file_without_digest"},
                            {2048, 1 << 20, 1024}},
                    SumCase{"Nothing", {}, true, kNone, kNone}),
    by_name);

TEST(FtpDataProbe, KnowsItByNothing) {
  EXPECT_EQ(describe().probe({.window = as_bytes("content")}, {.server_port = 20}), Guess::no);
}

TEST(FtpDataParser, CompletesWhenBothSidesHaveClosed) {
  const LoneParser parser(describe());
  parser->reset({.wanted = ~0ULL});
  Witness seen(describe());
  parser->feed({.from = Side::server, .last = true, .window = as_bytes("x")}, seen);
  EXPECT_TRUE(seen.ended.empty());
  parser->feed({.from = Side::client, .last = true}, seen);
  EXPECT_EQ(seen.ended.size(), 1u);
  parser->end(seen);
  EXPECT_EQ(seen.faults, std::set<std::string>());
}

}  // namespace
}  // namespace bansoko::proto::ftp_data
