// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "assess/applicability/advisories.h"
#include "assess/applicability/checks.h"
#include "assess/applicability/programs.h"
#include "assess/content/content.h"
#include "base/file.h"
#include "base/map_reader.h"
#include "base/settings_tree.h"
#include "tests/source_folder.h"

namespace bansoko::assess {
namespace {

class ShippedAnswers : public testing::Test {
 protected:
  void SetUp() override {
    if (source_folder().empty()) GTEST_SKIP() << "the sources are not here";
    settings::Faults faults;
    content_ = content::read_content(source_folder() + "/content", faults);
    ASSERT_TRUE(faults.empty());
  }

  content::Content content_;
};

TEST_F(ShippedAnswers, EachCheckTellsItsOwnExamplesApart) {
  std::size_t tried = 0;
  for (const Checklist& list : content_.checklists)
    for (const Check& check : list.checks) {
      ++tried;
      EXPECT_EQ(wrong_example(check), "") << check.id;
    }
  EXPECT_GE(tried, 55U);
}

/// What the letter's list of systems says, case by case; the file is written from it by hand.
class CodeRedLetter : public ShippedAnswers {
 protected:
  using Node = settings::Node;

  static std::string text_of(const Node& map, std::string_view key) {
    const Node* const found = settings::value_of(map, key);
    return found == nullptr ? std::string() : found->text;
  }

  static std::uint32_t number_of(const Node& map, std::string_view key) {
    return settings::number_in(text_of(map, key));
  }

  static std::vector<Node> items_of(const Node& map, std::string_view key) {
    const Node* const found = settings::value_of(map, key);
    return found == nullptr ? std::vector<Node>() : found->items;
  }

  Host host_of(const Node& said) const {
    Host host;
    host.os.product = text_of(said, "os");
    host.os.edition = text_of(said, "edition");
    host.os.version = text_of(said, "version");
    host.os.build = number_of(said, "build");
    if (settings::value_of(said, "service_pack") != nullptr)
      host.os.service_pack = number_of(said, "service_pack");
    for (const Node& name : items_of(said, "features"))
      host.components.push_back({.kind = ComponentKind::feature, .name = name.text});
    for (const Node& one : items_of(said, "components"))
      host.components.push_back({.ecosystem = Ecosystem::windows,
                                 .name = text_of(one, "name"),
                                 .product = text_of(one, "product"),
                                 .version = text_of(one, "version")});
    // Where something is known not to be there, the registry was read.
    if (!items_of(said, "no_features").empty()) host.settings["reg:hklm\\system\\x"] = {};
    ProgramNames(content_.products).name_programs(host);
    return host;
  }

  std::string_view answer_of(const Host& host) const {
    const auto letter = std::ranges::find(content_.advisories, "MS01-033", &Advisory::id);
    const std::vector<Role> roles;
    const Subject subject{host, roles};
    const Installed installed = installed_updates(subject, KbGraph(), content_.rollups);
    switch (judge_advisory(*letter, subject, installed, UpdateTable()).state) {
      case State::missing:
        return "yes";
      case State::unconfirmed:
        return "unknown";
      case State::fixed:
        return "fixed";
      case State::not_applicable:
        return "no";
    }
    return "";
  }
};

TEST_F(CodeRedLetter, IsAnsweredLineByLine) {
  const std::string path = source_folder() + "/tests/assess/code_red_letter.yaml";
  const auto text = read_file(path, settings::kMaxFileSize);
  ASSERT_TRUE(text) << text.error().message;
  settings::Faults faults;
  const auto root = settings::parse_tree(*text, path, faults);
  ASSERT_TRUE(root) << to_text(faults.front());
  const std::vector<Node> cases = items_of(*root, "cases");
  EXPECT_GE(cases.size(), 40U);
  for (const Node& one : cases) {
    const Node* const host = settings::value_of(one, "host");
    ASSERT_NE(host, nullptr);
    EXPECT_EQ(answer_of(host_of(*host)), text_of(one, "applies")) << text_of(one, "id");
  }
}

}  // namespace
}  // namespace bansoko::assess
