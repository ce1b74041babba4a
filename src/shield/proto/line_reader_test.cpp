// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/line_reader.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::proto {
namespace {

struct Case {
  std::string name;
  std::string bytes;
  std::string want;  // <starts|continues><text><ends|goes on>: "^a$" "^b+" "-c$"
};

std::string lines_of(LineReader& reader, std::string_view bytes, std::size_t piece) {
  std::string got;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    ByteReader in(as_bytes(bytes.substr(0, piece)));
    while (const auto line = reader.next(in))
      got += (line->starts ? "^" : "-") + std::string(line->text) + (line->ends ? "$" : "+");
  }
  return got;
}

class LineReaderCuts : public testing::TestWithParam<Case> {};

TEST_P(LineReaderCuts, Alike) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{100}}) {
    MemoryBudget budget(1 << 20);
    LineReader reader(budget, 4);
    EXPECT_EQ(lines_of(reader, GetParam().bytes, piece), GetParam().want) << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lines, LineReaderCuts,
    testing::Values(Case{"CrLf", "ab\r\nc\r\n", "^ab$^c$"}, Case{"Lf", "a\n\nb\n", "^a$^$^b$"},
                    Case{"NotOver", "ab\ncd", "^ab$"}, Case{"AtTheLimit", "abcd\nab\r\n", "^abcd$^ab$"},
                    Case{"OneMore", "abcde\n", "^abcd+-e$"},
                    Case{"FarMore", "abcdefghij\nk\n", "^abcd+-efgh+-ij$^k$"},
                    Case{"TwiceTheLimit", "abcdefgh\n", "^abcd+-efgh$"},
                    Case{"CrBeyond", "abcd\r\n", "^abcd+-$"}, Case{"CrWithin", "a\rb\n", "^a\rb$"}),
    by_name);

TEST(LineReader, AfterALossGoesOnWithTheNextLine) {
  MemoryBudget budget(1 << 20);
  LineReader reader(budget, 4);
  EXPECT_EQ(lines_of(reader, "a\nbb", 9), "^a$");
  EXPECT_TRUE(reader.is_within());
  reader.lose();
  EXPECT_EQ(lines_of(reader, "cccccccc\ndd\n", 2), "^dd$");
  EXPECT_FALSE(reader.is_within());
}

TEST(LineReader, WithoutMemoryGivesSmallerPieces) {
  MemoryBudget budget(0);
  LineReader reader(budget, 4096);
  const std::string long_line(1000, 'x');
  const std::string got = lines_of(reader, long_line + "\ny\n", 300);
  EXPECT_EQ(std::count(got.begin(), got.end(), 'x'), 1000);
  EXPECT_TRUE(got.ends_with("$^y$")) << got;
  EXPECT_GT(std::count(got.begin(), got.end(), '+'), 0);
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace bansoko::proto
