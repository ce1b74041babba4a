// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/header_numbers.h"

#include <gtest/gtest.h>

#include "shield/proto/http/message.h"
#include "shield/proto/http/recorder.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

using namespace std::string_literals;

constexpr std::uint64_t kMost = 0xffffffffffffffff;

struct RangeCase {
  std::string name;
  std::string value;
  std::uint64_t count = 0;
  std::uint64_t overlaps = 0;
  std::uint64_t highest_end = 0;
};

class ReadRanges : public testing::TestWithParam<RangeCase> {};

TEST_P(ReadRanges, Counts) {
  const RangeNumbers numbers = read_ranges(GetParam().value);
  EXPECT_EQ(numbers.count, GetParam().count);
  EXPECT_EQ(numbers.overlaps, GetParam().overlaps);
  EXPECT_EQ(numbers.highest_end, GetParam().highest_end);
}

INSTANTIATE_TEST_SUITE_P(
    Http, ReadRanges,
    testing::Values(RangeCase{"Empty", ""}, RangeCase{"OtherUnit", "items=0-5"},
                    RangeCase{"NoEquals", "bytes"}, RangeCase{"One", "bytes=0-499", 1, 0, 499},
                    RangeCase{"Open", "bytes=500-", 1, 0, 0}, RangeCase{"Suffix", "bytes=-500", 1, 0, 0},
                    RangeCase{"UnitInCapitalsAndBlanks", " BYTES = 1 - 2 , 5-6", 2, 0, 6},
                    RangeCase{"InOrder", "bytes=0-9,10-19,30-39", 3, 0, 39},
                    RangeCase{"TouchingByOne", "bytes=0-10,10-19", 2, 1, 19},
                    RangeCase{"Backward", "bytes=50-59,0-9", 2, 1, 59},
                    RangeCase{"BehindAnOpenOne", "bytes=0-,5-5,9-9", 3, 2, 9},
                    RangeCase{"Suffixes", "bytes=-1,-2,-3", 3, 2, 0},
                    RangeCase{"SuffixBehindAnOpenOne", "bytes=0-,-5", 2, 1, 0},
                    RangeCase{"FirstSuffixIsNone", "bytes=0-9,-5", 2, 0, 9},
                    RangeCase{"EmptyElements", "bytes=,,0-1,,", 1, 0, 1},
                    RangeCase{"NoNumbers", "bytes=-,a-b,1", 0, 0, 0},
                    RangeCase{"OneLessThanTheMost", "bytes=0-18446744073709551614", 1, 0, kMost - 1},
                    RangeCase{"TheMost", "bytes=0-18446744073709551615", 1, 0, kMost},
                    RangeCase{"TheMostWithZeros", "bytes=0-00018446744073709551615", 1, 0, kMost},
                    RangeCase{"MoreThanTheMost", "bytes=0-99999999999999999999999", 1, 0, kMost},
                    RangeCase{"TheMostAmongOthers", "bytes=0-1,3-18446744073709551615,-7", 3, 1, kMost}),
    by_name);

struct TextCase {
  std::string name;
  std::string text;
  std::uint64_t number = 0;
};

class LongestPath : public testing::TestWithParam<TextCase> {};
TEST_P(LongestPath, InCharacters) { EXPECT_EQ(longest_path(GetParam().text), GetParam().number); }

INSTANTIATE_TEST_SUITE_P(
    Http, LongestPath,
    testing::Values(TextCase{"Empty", ""}, TextCase{"TokenAlone", "(<opaquelocktoken:f81d-4fae>)", 0},
                    TextCase{"OfAUrl", "<http://h:80/abc> (Not <locktoken:a>)", 4},
                    TextCase{"TheLongest", "<http://h/a> (<t:1>) <http://h/abcdef> (<t:2>)", 7},
                    TextCase{"NoPath", "<http://host>", 0}, TextCase{"PathAlone", "</abc>", 4},
                    TextCase{"Escapes", "<http://h/%41%42c>", 4},
                    TextCase{"EscapedUtf8", "<http://h/%E3%81%82>", 2},
                    TextCase{"PlainUtf8", "<http://h/\xe3\x81\x82>", 2},
                    TextCase{"CutEscape", "<http://h/%4", 2}, TextCase{"NeverEnds", "<http://h/abc", 4}),
    by_name);

class FormRepeats : public testing::TestWithParam<TextCase> {};
TEST_P(FormRepeats, OfTheCommonestName) { EXPECT_EQ(most_of_one_name(GetParam().text), GetParam().number); }

INSTANTIATE_TEST_SUITE_P(Http, FormRepeats,
                         testing::Values(TextCase{"Empty", ""}, TextCase{"One", "a=1", 1},
                                         TextCase{"Different", "a=1&b=2&c", 1},
                                         TextCase{"Same", "a=1&b=2&a=3&A", 3},
                                         TextCase{"Nameless", "&&&", 3}),
                         by_name);

/// What `name` is of the first request, at its end; none: 0.
class Numbers final : public TransactionSink {
 public:
  void on_progress(Transaction&, Side) noexcept override {}
  void on_end(Transaction& transaction) noexcept override {
    for (const Field& field : describe().fields)
      if (const auto value = field.get(transaction)) values[std::string(field.name)] = *value;
  }
  void on_anomaly(Side, std::size_t) noexcept override {}
  std::map<std::string, std::uint64_t> values;
};

struct RequestCase {
  std::string name;
  std::string request;
  std::map<std::string, std::uint64_t> values;
};

class HttpNumbers : public testing::TestWithParam<RequestCase> {
 protected:
  void run(std::size_t most) const {
    Numbers seen;
    const LoneParser parser(describe());
    parser->reset({.wanted = all_but_sums()});
    replay(*parser, seen, {{Side::client, GetParam().request}}, most);
    EXPECT_EQ(seen.values, GetParam().values);
  }
};

TEST_P(HttpNumbers, Whole) { run(1U << 20U); }
TEST_P(HttpNumbers, SplitAtEveryByte) { run(1); }

INSTANTIATE_TEST_SUITE_P(
    Http, HttpNumbers,
    testing::Values(RequestCase{"Plain", "GET / HTTP/1.1\r\n\r\n", {{"http.request_line_size", 16}}},
                    RequestCase{"BeyondTheLineLimit",
                                "SEARCH /" + std::string(40000, 'a') + " HTTP/1.1\r\n\r\n",
                                {{"http.request_line_size", 40019}}},
                    RequestCase{"Ranges",
                                "GET / HTTP/1.1\r\nRange: bytes=0-4,2-6\r\nrange: 8-9\r\n\r\n",
                                {{"http.request_line_size", 16},
                                 {"http.range_count", 3},
                                 {"http.range_overlaps", 1},
                                 {"http.range_end", 9}}},
                    RequestCase{"OldName",
                                "GET / HTTP/1.1\r\nRequest-Range: bytes=7-\r\n\r\n",
                                {{"http.request_line_size", 16},
                                 {"http.range_count", 1},
                                 {"http.range_overlaps", 0},
                                 {"http.range_end", 0}}},
                    RequestCase{"If",
                                "LOCK / HTTP/1.1\r\nIf: <http://h/ab> (<t:1>)\r\n\r\n",
                                {{"http.request_line_size", 17}, {"http.if_path_length", 3}}},
                    RequestCase{"Form",
                                "POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\na=1&a=2",
                                {{"http.request_line_size", 17}, {"http.form_repeats", 2}}}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::http
