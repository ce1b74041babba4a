// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/json_reader.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "assess/feed/test_feed.h"
#include "tests/cases.h"

namespace bansoko::feed {
namespace {

using namespace std::string_literals;

constexpr Limits kSmall{.max_bytes = 200'000, .max_text = 20, .max_depth = 5};

/// What was heard, a line each: "0 a/b 17"; the error last.
std::string heard(std::string_view text, const std::vector<std::string_view>& places, std::size_t piece,
                  const Limits& limits = kSmall) {
  TextSource source(text, piece);
  std::string lines;
  const OnJsonRecord hear = [&lines](std::size_t place, std::span<const std::string> path,
                                     const nlohmann::json& record) -> Result<> {
    lines += std::to_string(place) + " ";
    for (const std::string& key : path) lines += "/" + key;
    lines += " " + record.dump() + "\n";
    return {};
  };
  const auto read = read_json(source, limits, places, hear);
  return read ? lines : lines + read.error().message;
}

struct Case {
  const char* name;
  std::string text;
  std::vector<std::string_view> places;
  std::string heard;
};

class JsonReader : public testing::TestWithParam<Case> {};

TEST_P(JsonReader, GivesRecordsHoweverTheTextComes) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos})
    EXPECT_EQ(heard(GetParam().text, GetParam().places, piece), GetParam().heard) << piece;
}

INSTANTIATE_TEST_SUITE_P(
    Json, JsonReader,
    testing::Values(
        Case{"WholeText",
             R"({"a":[1,2.5,-3,true,null,"x"]})",
             {""},
             "0  {\"a\":[1,2.5,-3,true,null,\"x\"]}\n"},
        Case{"Scalar", "17", {""}, "0  17\n"},
        Case{"ElementsOfAList",
             R"({"version":"2.0","list":[{"a":1},[2],3]})",
             {"list/*", "version"},
             "1 /version \"2.0\"\n0 /list/ {\"a\":1}\n0 /list/ [2]\n0 /list/ 3\n"},
        Case{"AnyKey", R"({"p":{"x":1,"y":{}},"q":{"x":2}})", {"*/x"}, "0 /p/x 1\n0 /q/x 2\n"},
        Case{"TheOuterPlaceHolds", R"({"p":{"x":1}})", {"p/x", "p"}, "1 /p {\"x\":1}\n"},
        Case{"NothingThere", R"({"p":[{"x":1}]})", {"q/*"}, ""},
        Case{"ByteOrderMark", "\xef\xbb\xbf[1]", {"*"}, "0 / 1\n"},
        Case{"EscapedText", R"(["\u65e5\u672c\ud83d\ude00\n"])", {"*"}, "0 / \"日本😀\\n\"\n"},
        Case{"TextAtLimit",
             "[\"" + std::string(20, 'x') + "\"]",
             {"*"},
             "0 / \"" + std::string(20, 'x') + "\"\n"},
        Case{"TextTooLong", "[\"" + std::string(21, 'x') + "\"]", {"*"}, "a text is longer than 20 bytes"},
        Case{"TextTooLongOutsideOfRecords",
             "[\"" + std::string(21, 'x') + "\"]",
             {"q"},
             "a text is longer than 20 bytes"},
        Case{"KeyTooLong", "{\"" + std::string(21, 'x') + "\":1}", {"*"}, "a text is longer than 20 bytes"},
        Case{"DepthAtLimit", "[[[[[1]]]]]", {""}, "0  [[[[[1]]]]]\n"},
        Case{"TooDeep", "[[[[[[1]]]]]]", {""}, "it is nested more than 5 deep"},
        Case{"TooDeepOutsideOfRecords", "[[[[[[1]]]]]]", {"q"}, "it is nested more than 5 deep"},
        Case{"KeyTwice", R"([{"a":1,"a":2}])", {"*"}, "the key 'a' stands twice in one object"},
        Case{
            "Cut",
            "[1,\n2",
            {"*"},
            "0 / 1\n0 / 2\nno valid JSON: at line 2, column 2: syntax error while parsing array - unexpected "
            "end of input; expected ']'"},
        Case{
            "MoreBehind",
            "[1] 2",
            {"*"},
            "0 / 1\nno valid JSON: at line 1, column 5: syntax error while parsing value - unexpected number "
            "literal; expected end of input"},
        Case{
            "Empty",
            "",
            {""},
            "no valid JSON: at line 1, column 1: syntax error while parsing value - unexpected end of input; "
            "expected '[', '{', or a literal"},
        Case{"NoUtf8",
             "[\"\xff\"]",
             {"*"},
             "no valid JSON: at line 1, column 3: syntax error while parsing value - invalid string: "
             "ill-formed "
             "UTF-8 byte; last read: '\"\\xff'"},
        Case{"NumberOutOfRange", "[1e999]", {"*"}, "no valid JSON: number overflow parsing '1e999'"},
        Case{"BlanksWithoutEnd",
             "[" + std::string(150'000, ' ') + "1]",
             {"*"},
             "after 1 bytes: one value is longer than 20 bytes"},
        Case{"TooLarge",
             "[" + std::string(100'000, '1') + "]",
             {"*"},
             "after 1 bytes: one value is longer than 20 bytes"}),
    by_name);

TEST(JsonReader, StopsAtItsBounds) {
  struct Row {
    std::string begin, body, end;
    Limits limits;
    std::string error;
  };
  const std::vector<Row> rows{{"[", "1,", "1]", {.max_bytes = 1'000'000}, "it is larger than 1000000 bytes"},
                              {"\"", "x", "\"", {}, "after 0 bytes: one value is longer than 1048576 bytes"},
                              {"[1,", " ", "1]", {}, "after 3 bytes: one value is longer than 1048576 bytes"},
                              {"{\"list\":[[", "1,", "1]]}", {}, "one record has more than 1000000 values"},
                              {"{\"list\":[[",
                               "\"" + std::string(100'000, 'y') + "\",",
                               "1]]}",
                               {},
                               "one record has more than 67108864 bytes of text"}};
  for (const Row& row : rows) {
    RepeatedSource source(row.begin, row.body, std::uint64_t{3} << 30U, row.end);
    const std::vector<std::string_view> places{"list/*"};
    const auto read =
        read_json(source, row.limits, places, [](auto, auto, const auto&) { return Result<>(); });
    ASSERT_FALSE(read) << row.begin;
    EXPECT_EQ(read.error().message, row.error);
    EXPECT_EQ(read.error().code, Errc::limit);
  }
}

TEST(JsonReader, AnErrorOfTheReceiverEndsIt) {
  TextSource source("[1,2,3]");
  const std::vector<std::string_view> places{"*"};
  int heard_of = 0;
  const auto read = read_json(source, {}, places, [&heard_of](auto, auto, const auto&) -> Result<> {
    if (++heard_of == 2) return fail(Errc::invalid, "not this one");
    return {};
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "not this one");
}

TEST(JsonReader, FindsFields) {
  const nlohmann::json record = nlohmann::json::parse(R"({"t":"x","n":1,"d":"2015-07-14T01:02","l":[1]})");
  EXPECT_EQ(text_in(record, "t"), "x");
  EXPECT_EQ(text_in(record, "n"), "");
  EXPECT_EQ(text_in(record, "absent"), "");
  EXPECT_EQ(date_in(record, "d"), *assess::parse_date("2015-07-14"));
  EXPECT_EQ(date_in(record, "t"), std::nullopt);
  EXPECT_EQ(list_in(record, "l").size(), 1U);
  EXPECT_TRUE(list_in(record, "t").empty());
  EXPECT_EQ(find(record, "n")->get<int>(), 1);
  EXPECT_EQ(find(nlohmann::json(1), "n"), nullptr);
}

}  // namespace
}  // namespace bansoko::feed
