// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/csv_reader.h"

#include <gtest/gtest.h>

#include "assess/feed/test_feed.h"
#include "tests/cases.h"

namespace bansoko::feed {
namespace {

constexpr Limits kSmall{.max_bytes = 100'000, .max_text = 10};

/// "1: a|b" a record, the line's number before it; the error last.
std::string rows_of(std::string_view text, std::size_t piece) {
  TextSource source(text, piece);
  CsvReader reader(source, kSmall);
  std::string all;
  for (;;) {
    const auto row = reader.next();
    if (!row) return all + row.error().message;
    if (!*row) return all;
    all += std::to_string(reader.line()) + ": ";
    for (const std::string_view field : **row) all += std::string(field) + "|";
    all += "\n";
  }
}

struct Case {
  const char* name;
  std::string text, rows;
};

class CsvRows : public testing::TestWithParam<Case> {};

TEST_P(CsvRows, AreReadHoweverTheyCome) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::string::npos})
    EXPECT_EQ(rows_of(GetParam().text, piece), GetParam().rows) << piece;
}

INSTANTIATE_TEST_SUITE_P(
    Csv, CsvRows,
    testing::Values(Case{"Nothing", "", ""}, Case{"Plain", "a,b\nc,d\n", "1: a|b|\n2: c|d|\n"},
                    Case{"NoLastLineEnd", "a,b", "1: a|b|\n"}, Case{"CrLf", "a\r\nb\r\n", "1: a|\n2: b|\n"},
                    Case{"CrAtTheEnd", "a\r", "1: a|\n"}, Case{"EmptyFields", ",\n\"\",", "1: ||\n2: ||\n"},
                    Case{"EmptyLines", "\n\r\na\n\n", "3: a|\n"},
                    Case{"Quoted", "\"a,b\",\"c\"\n", "1: a,b|c|\n"},
                    Case{"QuoteTwice", "\"a\"\"b\"\"\"\n", "1: a\"b\"|\n"},
                    Case{"QuoteInTheMidst", "a\"b,c\n", "1: a\"b|c|\n"},
                    Case{"LineEndsWithinQuotes", "\"a\nb\",\"c\r\nd\"\ne\n", "1: a\nb|c\r\nd|\n4: e|\n"},
                    Case{"Comments", "#x,\"y\na\n# z\nb\n", "2: a|\n4: b|\n"},
                    Case{"QuotedNumberSign", "\"#a\"\n", "1: #a|\n"},
                    Case{"ByteOrderMark", "\xef\xbb\xbf\"a\"\n", "1: a|\n"},
                    Case{"FieldAtLimit", "0123456789\n", "1: 0123456789|\n"},
                    Case{"FieldTooLong", "a\n01234567890\n",
                         "1: a|\nline 2: a field is longer than 10 bytes"},
                    Case{"QuotedFieldTooLong", "\"01234567890\"", "line 1: a field is longer than 10 bytes"},
                    Case{"TooManyFields", std::string(256, ','), "line 1: more than 256 fields"},
                    Case{"QuoteNotClosed", "a\n\"b\nc", "1: a|\nline 2: a quote is not closed"},
                    Case{"TextBehindQuote", "\"a\"b\n", "line 1: a text behind a closing quote"},
                    Case{"CrWithinALine", "a\rb\n", "line 1: a CR within a line"}),
    by_name);

TEST(CsvReader, EndsAtItsBounds) {
  for (const std::string body : {"a,b\n", "\n", "#"}) {
    RepeatedSource source("x\n", body, std::uint64_t{3} << 30U, "");
    CsvReader reader(source, kSmall);
    for (;;) {
      const auto row = reader.next();
      ASSERT_TRUE(!row || *row);
      if (row) continue;
      EXPECT_EQ(row.error().message, "it is larger than 100000 bytes");
      break;
    }
  }
}

TEST(CsvReader, FindsColumns) {
  const std::vector<std::string_view> header{"cve", " EPSS "}, names{"epss", "cve", "none"};
  const auto columns = columns_of(header, names);
  EXPECT_EQ(columns[0], 1U);
  EXPECT_EQ(columns[1], 0U);
  EXPECT_EQ(columns[2], std::nullopt);
}

}  // namespace
}  // namespace bansoko::feed
