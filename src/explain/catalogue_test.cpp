// SPDX-License-Identifier: Apache-2.0
#include "explain/catalogue.h"

#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/fill_in.h"
#include "explain/codes.h"
#include "tests/cases.h"

namespace bansoko::explain {
namespace {

Catalogue shipped() {
  auto catalogue = Catalogue::read(shipped_messages());
  if (catalogue) return *std::move(catalogue);
  ADD_FAILURE() << catalogue.error().message;
  return {};
}

std::set<std::string> words_in(std::string_view text) {
  std::istringstream words{std::string(text)};
  return {std::istream_iterator<std::string>(words), {}};
}

TEST(Shipped, HasEveryCodeInBothLanguages) {
  const Catalogue catalogue = shipped();
  for (const Code& code : all_codes()) {
    const Words* const words = catalogue.find(code.key);
    ASSERT_NE(words, nullptr) << code.key << " is not in content/messages";
    EXPECT_FALSE(words->en.empty() || words->ja.empty()) << code.key;
  }
}

TEST(Shipped, HasNoCodeThatIsNoMore) {
  std::set<std::string> known;
  for (const Code& code : all_codes())
    EXPECT_TRUE(known.insert(code.key).second) << code.key << " is a code twice";
  const Catalogue catalogue = shipped();
  for (const auto& [key, unused] : catalogue.all())
    EXPECT_TRUE(known.contains(key)) << key << " in content/messages is no code";
}

TEST(Shipped, FillsInWhatTheCodesGive) {
  const Catalogue catalogue = shipped();
  for (const Code& code : all_codes()) {
    const Words* const words = catalogue.find(code.key);
    ASSERT_NE(words, nullptr) << code.key;
    const auto given = words_in(code.places);
    const auto places = places_in(words->en);  // read() has compared them with the Japanese
    ASSERT_TRUE(places) << code.key;
    for (const std::string& place : *places) EXPECT_TRUE(given.contains(place)) << code.key << ": " << place;
  }
}

struct Broken {
  std::string name;
  std::vector<MessageFile> files;
  std::string faults;
};

class BrokenCatalogue : public testing::TestWithParam<Broken> {};

TEST_P(BrokenCatalogue, IsToldWithItsPlace) {
  const auto catalogue = Catalogue::read(GetParam().files);
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().message, GetParam().faults);
}

INSTANTIATE_TEST_SUITE_P(
    Catalogue, BrokenCatalogue,
    testing::Values(
        Broken{"OneLanguage", {{"f", "reason:\n  a: {en: A}\n"}}, "f:2:6: 'ja' is missing"},
        Broken{"OtherLanguage",
               {{"f", "reason:\n  a: {en: A, ja: あ, fr: A}\n"}},
               "f:2:23: unknown key 'fr' (valid: en, ja)"},
        Broken{"Empty", {{"f", "reason:\n  a: {en: \"\", ja: あ}\n"}}, "f:2:11: an empty text"},
        Broken{"NotJapanese", {{"f", "reason:\n  a: {en: A, ja: A}\n"}}, "f:2:18: has no Japanese in it"},
        Broken{"OtherPlaces",
               {{"f", "reason:\n  a: {en: 'A {x}', ja: 'あ {y}'}\n"}},
               "f:2:24: has the places 'y', the English text has 'x'"},
        Broken{"NotClosed", {{"f", "reason:\n  a: {en: 'A {x', ja: あ}\n"}}, "f:2:11: nothing closes '{x'"},
        Broken{"NoTexts", {{"f", "reason: a\n"}}, "f:1:1: 'reason' holds no texts (valid: a mapping)"},
        Broken{"NoGroups", {{"f", "[a]\n"}}, "f:1:1: no groups of texts stand here (valid: a mapping)"},
        Broken{"InTwoFiles",
               {{"f", "reason:\n  a: {en: A, ja: あ}\n"}, {"g", "reason:\n  a: {en: A, ja: あ}\n"}},
               "g:2:3: 'reason.a' stands in another file, too"},
        Broken{"NoYaml", {{"f", "reason: [\n"}}, "f:2:1: end of sequence flow not found"}),
    by_name);

TEST(Catalogue, GathersAllFiles) {
  const std::vector<MessageFile> files{{"f", "reason:\n  a: {en: A, ja: あ}\n"},
                                       {"g", "reason:\n  b: {en: B, ja: い}\n"}};
  const auto catalogue = Catalogue::read(files);
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  EXPECT_EQ(catalogue->find("reason.b")->ja, "い");
  EXPECT_EQ(catalogue->find("reason.c"), nullptr);
}

}  // namespace
}  // namespace bansoko::explain
