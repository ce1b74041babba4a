// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/gram_index.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "shield/pattern/gram_weight.h"

namespace bansoko::pattern {
namespace {

using Ids = std::vector<std::uint32_t>;

Ids found_in(const GramIndex& index, std::string_view text, bool slowly) {
  Ids ids;
  const auto note = [](void* context, std::uint32_t id) noexcept {
    static_cast<Ids*>(context)->push_back(id);
  };
  slowly ? index.scan_slowly(as_bytes(text), note, &ids) : index.scan(as_bytes(text), note, &ids);
  std::ranges::sort(ids);
  return ids;
}

/// What a plain search finds, each place once.
Ids places_of(std::span<const Literal> literals, std::string_view text) {
  Ids ids;
  for (const Literal& literal : literals)
    for (std::size_t at = 0; at + literal.bytes.size() <= text.size(); ++at) {
      const auto part = text.substr(at, literal.bytes.size());
      if (literal.nocase ? same_text(part, literal.bytes) : part == literal.bytes) ids.push_back(literal.id);
    }
  std::ranges::sort(ids);
  return ids;
}

class Grams : public testing::TestWithParam<GramForm> {};

TEST_P(Grams, FindsALiteralAtEachPlaceOfAnyText) {
  const std::size_t least = GetParam().window();
  const std::string shortest = std::string("qz\xff\0~{|kwx", 10).substr(0, least);
  const std::string longer = "a longer one with " + shortest + " in it";
  const std::vector<Literal> literals{{shortest, false, 7}, {longer, true, 9}};
  const GramIndex index(literals, GetParam());
  for (const Literal& literal : literals)
    for (std::size_t before = 0; before < 70; ++before)
      for (const std::size_t after : {0, 1, 2, 3, 5, 31, 32, 70}) {
        const std::string text =
            std::string(before, '.') + std::string(literal.bytes) + std::string(after, ',');
        const Ids expected = places_of(literals, text);
        ASSERT_EQ(found_in(index, text, false), expected) << before << " " << after;
        ASSERT_EQ(found_in(index, text, true), expected) << before << " " << after;
        ASSERT_TRUE(std::ranges::binary_search(expected, literal.id));
      }
}

TEST_P(Grams, AgreesWithAPlainSearch) {
  std::mt19937 random(5);
  const auto word = [&](std::size_t size) {
    std::string made;
    for (std::size_t i = 0; i < size; ++i) made += "abAB@`\x00\x20"[random() % 8];
    return made;
  };
  for (int round = 0; round < 30; ++round) {
    std::vector<std::string> words;
    for (int i = 0; i < 60; ++i) words.push_back(word(GetParam().window() + random() % 6));
    std::vector<Literal> literals;
    for (std::uint32_t id = 0; id < 60; ++id) literals.push_back({words[id], random() % 2 == 0, id});
    const GramIndex index(literals, GetParam());
    std::string text = word(random() % 300);
    for (int i = 0; i < 20; ++i) text += words[random() % words.size()] + word(random() % 4);
    const Ids expected = places_of(literals, text);
    ASSERT_EQ(found_in(index, text, false), expected);
    ASSERT_EQ(found_in(index, text, true), expected);
  }
}

TEST_P(Grams, FindsNothingInWhatIsShorter) {
  const std::string letters(GetParam().window(), 'x');
  const GramIndex index(std::vector<Literal>{{letters, false, 1}}, GetParam());
  for (std::size_t size = 0; size < GetParam().window(); ++size)
    EXPECT_TRUE(found_in(index, std::string(size, 'x'), false).empty()) << size;
}

TEST_P(Grams, CaseCountsUnlessToldOtherwise) {
  const std::vector<Literal> literals{{"ExactCase", false, 1}, {"AnyCaseAtAll", true, 2}};
  const GramIndex index(literals, GetParam());
  EXPECT_EQ(found_in(index, "exactcase anycaseatall", false), Ids{2});
  EXPECT_EQ(found_in(index, "ExactCase ANYCASEATALL", false), (Ids{1, 2}));
}

INSTANTIATE_TEST_SUITE_P(GramIndex, Grams, testing::Values(kLongGrams, kShortGrams),
                         [](const auto& of) { return of.param.gram == kLongGrams.gram ? "Long" : "Short"; });

TEST(GramWeight, WhatIsCommonWeighsMore) {
  EXPECT_GT(gram_weight("http"), gram_weight("qzxj"));
  EXPECT_GT(gram_weight("Cont"), gram_weight("%u90"));
  EXPECT_EQ(gram_weight("HTTP"), gram_weight("http"));
  EXPECT_GT(gram_weight("\xff\xfe\xfd\xfc"), 0.0);
}

}  // namespace
}  // namespace bansoko::pattern
