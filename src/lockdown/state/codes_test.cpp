// SPDX-License-Identifier: Apache-2.0
#include "lockdown/state/codes.h"

#include <algorithm>
#include <cctype>

#include <gtest/gtest.h>

#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::state {
namespace {

TEST(BreakGlassCodes, EachWorksOnce) {
  const TemporaryFolder folder;
  EXPECT_EQ(try_code(folder.path(), "0000-0000-0000-0000", 1)->guess, Guess::none_prepared);
  const auto codes = prepare_codes(folder.path(), 2, 1);
  ASSERT_TRUE(codes) << codes.error().message;
  ASSERT_EQ(codes->size(), 2U);
  EXPECT_EQ(contents_of(folder / "break-glass-codes.json").find(codes->front()), std::string::npos);
  const Tried first = *try_code(folder.path(), codes->front(), 2);
  EXPECT_EQ(first.guess, Guess::right);
  EXPECT_EQ(first.unused, 1U);
  EXPECT_EQ(try_code(folder.path(), codes->front(), 3)->guess, Guess::used_before);
  std::string sloppy = codes->back();
  std::erase(sloppy, '-');
  std::ranges::transform(sloppy, sloppy.begin(), [](char c) {
    return c == '0' ? 'o' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  EXPECT_EQ(try_code(folder.path(), " " + sloppy, 4)->guess, Guess::right);
  EXPECT_EQ(try_code(folder.path(), "", 5)->guess, Guess::wrong);
}

TEST(BreakGlassCodes, PreparingAgainEndsThoseOfBefore) {
  const TemporaryFolder folder;
  const auto old = prepare_codes(folder.path(), 1, 1);
  ASSERT_TRUE(prepare_codes(folder.path(), 1, 2));
  EXPECT_EQ(try_code(folder.path(), old->front(), 3)->guess, Guess::wrong);
  EXPECT_FALSE(prepare_codes(folder.path(), 0, 1));
  EXPECT_FALSE(prepare_codes(folder.path(), kMaxCodes + 1, 1));
}

TEST(BreakGlassCodes, GuessesAreLimited) {
  const TemporaryFolder folder;
  const auto codes = prepare_codes(folder.path(), 1, 1);
  for (std::uint64_t i = 1; i <= kMaxWrong; ++i) {
    const Tried tried = *try_code(folder.path(), "wrong", 10);
    EXPECT_EQ(tried.guess, Guess::wrong);
    EXPECT_EQ(tried.wrong, i);
  }
  const Tried locked = *try_code(folder.path(), codes->front(), 10 + kLockout - 1);
  EXPECT_EQ(locked.guess, Guess::locked);
  EXPECT_EQ(locked.locked_until, 10 + kLockout);
  EXPECT_EQ(try_code(folder.path(), codes->front(), 10 + kLockout)->guess, Guess::right);
}

struct CodesCase {
  std::string_view name, text;
};

class DamagedCodes : public testing::TestWithParam<CodesCase> {};

TEST_P(DamagedCodes, AreAnError) { EXPECT_FALSE(parse_codes(GetParam().text, "codes")); }

constexpr std::string_view kSalted =
    R"("prepared":1,"wrong":0,"last_wrong":0,"salt":"00112233445566778899aabbccddeeff")";
const std::string kNoCodes = "{" + std::string(kSalted) + "}";
const std::string kWrongCodes = "{" + std::string(kSalted) + R"(,"codes":{}})";
const std::string kWrongHash = "{" + std::string(kSalted) + R"(,"codes":[{"hash":"00","used":0}]})";
const std::string kWrongItem = "{" + std::string(kSalted) + R"(,"codes":[1]})";

INSTANTIATE_TEST_SUITE_P(Texts, DamagedCodes,
                         testing::Values(CodesCase{"Empty", ""}, CodesCase{"NoSalt", R"({"salt":"x"})"},
                                         CodesCase{"NoCodes", kNoCodes},
                                         CodesCase{"CodesNoList", kWrongCodes}, CodesCase{"Hash", kWrongHash},
                                         CodesCase{"Item", kWrongItem}),
                         by_name);

}  // namespace
}  // namespace bansoko::state
