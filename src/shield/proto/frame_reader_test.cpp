// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/frame_reader.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::proto {
namespace {

// For these tests: a mark, two digits for the size of what follows.
std::uint64_t measure(Bytes bytes) noexcept {
  if (!bytes.empty() && bytes[0] != '#') return kNoFrame;
  if (bytes.size() < 3) return kSizeUnknown;
  return 3U + (bytes[1] - unsigned{'0'}) * 10U + (bytes[2] - unsigned{'0'});
}

struct Piece {
  std::string bytes;
  std::uint32_t lost = 0;  // before them
};

struct Case {
  std::string name;
  std::vector<Piece> pieces;
  std::string want;  // each frame in brackets
  std::size_t memory = 1 << 20;
};

std::string read(const Case& row, std::size_t piece) {
  MemoryBudget budget(row.memory);
  FrameReader reader(budget, 300, measure);
  std::string seen;
  for (const Piece& given : row.pieces) {
    if (given.lost > 0) reader.lose(given.lost);
    for (Bytes rest = as_bytes(given.bytes); !rest.empty();) {
      const auto taken = reader.take(rest.first(std::min(piece, rest.size())));
      if (taken.frame) seen += "[" + std::string(as_text(*taken.frame)) + "]";
      if (taken.is_too_long) seen += "+";
      if (taken.is_short_of_memory) seen += "-";
      if (taken.is_no_frame) return seen + "!";
      rest = rest.subspan(taken.used);
    }
  }
  return seen;
}

class FrameReaderTest : public testing::TestWithParam<Case> {};
TEST_P(FrameReaderTest, Whole) { EXPECT_EQ(read(GetParam(), SIZE_MAX), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Frames, FrameReaderTest,
    testing::Values(Case{"One", {{"#03abc"}}, "[#03abc]"}, Case{"Empty", {{"#00#01a"}}, "[#00][#01a]"},
                    Case{"InPieces", {{"#"}, {"0"}, {"3a"}, {"b"}, {"c#01x"}}, "[#03abc][#01x]"},
                    Case{"Unfinished", {{"#01x#09abc"}}, "[#01x]"}, Case{"NoFrame", {{"#01x?"}}, "[#01x]!"},
                    Case{"NoFrameInPieces", {{"#"}, {"01"}, {"x"}, {"?"}}, "[#01x]!"},
                    Case{"LostWithin", {{"#09abc"}, {"ghi#01x", 3}}, "[#01x]"},
                    Case{"LostToItsEnd", {{"#09abc"}, {"#01x", 6}}, "[#01x]"},
                    Case{"LostBetween", {{"#01x"}, {"rest", 4}, {"#01y"}}, "[#01x][#01y]"},
                    Case{"LostBeyond", {{"#09abc"}, {"rest", 9}, {"#01y"}}, "[#01y]"},
                    Case{"LostInTheSize", {{"#0"}, {"#01y", 1}}, "[#01y]"}),
    by_name);

class FrameReaderBounds : public testing::TestWithParam<Case> {};
TEST_P(FrameReaderBounds, Bytewise) { EXPECT_EQ(read(GetParam(), 1), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Frames, FrameReaderBounds,
                         testing::Values(Case{"OneByOne", {{"#03abc#01x"}}, "[#03abc][#01x]"},
                                         Case{"Empty", {{"#00#01a"}}, "[#00][#01a]"},
                                         Case{"NoFrame", {{"#01x?"}}, "[#01x]!"},
                                         Case{"OfTheFixedPart",
                                              {{"#99" + std::string(99, 'a')}},
                                              "[#99" + std::string(99, 'a') + "]",
                                              0}),
                         by_name);

// Sizes of more than two digits: one byte of size, in hundreds.
std::uint64_t measure_hundreds(Bytes bytes) noexcept {
  return bytes.empty() ? kSizeUnknown : bytes[0] * std::uint64_t{100};
}

struct Bound {
  std::string name;
  std::size_t size;
  std::size_t memory;
  std::size_t piece;
  std::size_t want;
  bool is_too_long, is_short_of_memory;
};

class FrameReaderLimits : public testing::TestWithParam<Bound> {};
TEST_P(FrameReaderLimits, AreKept) {
  const Bound& row = GetParam();
  MemoryBudget budget(row.memory);
  FrameReader reader(budget, 500, measure_hundreds);
  std::string sent(row.size, 'x');
  sent[0] = static_cast<char>(row.size / 100);
  std::size_t frames = 0;
  for (Bytes rest = as_bytes(sent); !rest.empty();) {
    const auto taken = reader.take(rest.first(std::min(row.piece, rest.size())));
    rest = rest.subspan(taken.used);
    if (!taken.frame) continue;
    ++frames;
    EXPECT_EQ(taken.frame->size(), row.want);
    EXPECT_EQ(taken.is_too_long, row.is_too_long);
    EXPECT_EQ(taken.is_short_of_memory, row.is_short_of_memory);
  }
  EXPECT_EQ(frames, 1u);
  reader.reset(true);
  EXPECT_EQ(budget.used(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Frames, FrameReaderLimits,
                         testing::Values(Bound{"TheLimit", 500, 4096, 1, 500, false, false},
                                         Bound{"OneMore", 600, 4096, 1, 500, true, false},
                                         Bound{"OneMoreAtOnce", 600, 4096, 1000, 500, true, false},
                                         Bound{"OneMoreInHalves", 600, 4096, 350, 500, true, false},
                                         Bound{"NoMemory", 400, 0, 1, 256, false, true},
                                         Bound{"NoMemoryAtOnce", 400, 0, 1000, 400, false, false}),
                         by_name);

}  // namespace
}  // namespace bansoko::proto
