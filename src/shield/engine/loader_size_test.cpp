// SPDX-License-Identifier: Apache-2.0
// Rules of more than a megabyte, which two threads load: they must give what one gives.
#include <gtest/gtest.h>

#include "shield/detect/rule_set_state.h"
#include "shield/engine/loader.h"
#include "shield/keyword/keywords.h"
#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

constexpr std::size_t kRules = 4000;

/// Every 50th has an unknown option, every 70th cannot be read, every 90th stands twice; `padding` makes it
/// long.
std::string rules_with(std::size_t padding) {
  std::string text;
  for (std::size_t sid = 1; sid <= kRules; ++sid) {
    const std::string number = std::to_string(sid);
    const std::string_view option = sid % 50 == 0 ? " contend:\"x\";" : sid % 90 == 0 ? " sid:1;" : "";
    text += sid % 70 == 0 ? "alert tcp any any -> any" : "alert tcp any any -> any any";
    text += " (msg:\"" + std::string(padding, 'm') + "\"; content:\"needle" + number + "\"; pcre:\"/needle" +
            number + "[a-z]+/\";" + std::string(option) + (sid % 90 == 0 ? "" : " sid:" + number + ";") +
            ")\n";
  }
  return text;
}

struct Loaded {
  std::size_t rules = 0, refused = 0;
  std::vector<std::string> faults;
  std::vector<std::uint32_t> sids;
};

Loaded load(std::size_t padding) {
  const TemporaryFolder folder;
  put_file(folder / "test.rules", rules_with(padding));
  ShieldSettings settings;
  settings.rule_files = {folder / "test.rules"};
  Loader loader(keyword::all_keywords(), {}, settings.inspection.max_flowbits);
  const auto loaded = loader.load(settings);
  EXPECT_TRUE(loaded);
  if (!loaded) return {};
  Loaded got{.rules = loaded->rules, .refused = loaded->set->counts().refused, .faults = {}, .sids = {}};
  for (const auto& fault : loaded->diagnostics)
    got.faults.push_back(std::to_string(fault.line) + " " + fault.message.substr(0, 12));
  for (const auto& info : loaded->set->rules()) got.sids.push_back(info.sid);
  return got;
}

TEST(LoaderSize, TwoThreadsGiveWhatOneGives) {
  const Loaded few_bytes = load(1), many_bytes = load(300);
  ASSERT_GT(rules_with(300).size(), 1U << 20U);
  ASSERT_LT(rules_with(1).size(), 1U << 20U);
  EXPECT_EQ(many_bytes.rules, few_bytes.rules);
  EXPECT_EQ(many_bytes.refused, few_bytes.refused);
  EXPECT_EQ(many_bytes.sids, few_bytes.sids);
  EXPECT_EQ(many_bytes.faults, few_bytes.faults);
  EXPECT_GT(many_bytes.faults.size(), 100U);
}

TEST(LoaderSize, AFileThatCannotBeReadFailsAsBefore) {
  const TemporaryFolder folder;
  put_file(folder / "a.rules", rules_with(300));
  ShieldSettings settings;
  settings.rule_files = {folder / "a.rules", folder / "absent.rules"};
  Loader loader(keyword::all_keywords(), {}, settings.inspection.max_flowbits);
  EXPECT_FALSE(loader.load(settings));
}

}  // namespace
}  // namespace bansoko::engine
