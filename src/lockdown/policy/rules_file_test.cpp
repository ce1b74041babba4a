// SPDX-License-Identifier: Apache-2.0
#include "lockdown/policy/rules_file.h"

#include <gtest/gtest.h>

#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::policy {
namespace {

std::optional<std::uint32_t> only_www_data(const std::string& name) {
  if (name == "www-data") return 33;
  return {};
}

constexpr std::string_view kAll = R"(# Ours
rules:
  - name: no-perl
    action: deny
    path: /usr/bin/perl*
    digest: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
    package: perl*
    user: www-data
    parent: "*/httpd"
    note: web shells
  - action: allow
    user: 1000
)";

TEST(RulesFile, EveryFieldIsRead) {
  settings::Faults faults;
  const auto rules = parse_rules(kAll, "/etc/r.yaml", only_www_data, faults);
  ASSERT_TRUE(rules) << settings::to_text(faults.front());
  ASSERT_EQ(rules->size(), 2U);
  const Rule& first = rules->front();
  EXPECT_EQ(first.name, "no-perl");
  EXPECT_EQ(first.answer, Answer::deny);
  EXPECT_EQ(first.path, "/usr/bin/perl*");
  EXPECT_EQ(first.digest->front(), 0xba);
  EXPECT_EQ(first.package, "perl*");
  EXPECT_EQ(first.user, 33U);
  EXPECT_EQ(first.parent, "*/httpd");
  EXPECT_EQ(rules->back().name, "r.yaml:11");
  EXPECT_EQ(rules->back().answer, Answer::allow);
  EXPECT_EQ(rules->back().user, 1000U);
}

struct FaultCase {
  std::string_view name, text, says;
};

class FaultyRules : public testing::TestWithParam<FaultCase> {};

TEST_P(FaultyRules, AreRefusedWithTheirPlace) {
  settings::Faults faults;
  EXPECT_FALSE(parse_rules(GetParam().text, "r", only_www_data, faults));
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(settings::to_text(faults.front()), GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, FaultyRules,
    testing::Values(
        FaultCase{"NotYaml", "rules: [", "r:1:1: end of sequence flow not found"},
        FaultCase{"List", "- action: deny\n", "r:1:1: a list stands here (valid: a mapping)"},
        FaultCase{"NoRules", "rule: []\n", "r:1:1: 'rules' is missing"},
        FaultCase{"RulesNoList", "rules: x\n", "r:1:8: a single value stands here (valid: a list)"},
        FaultCase{"RuleNoMap", "rules:\n - x\n", "r:2:4: a single value stands here (valid: a mapping)"},
        FaultCase{"UnknownKey", "rules:\n - action: deny\n   pathh: /x\n",
                  "r:3:4: unknown key 'pathh', did you mean 'path'? (valid: name, action, path, digest, "
                  "package, user, parent, note)"},
        FaultCase{"NoAction", "rules:\n - path: /x\n", "r:2:4: 'action' is missing"},
        FaultCase{"WrongAction", "rules:\n - {action: block, path: /x}\n",
                  "r:2:13: 'block' is none of the words known here (valid: allow, deny)"},
        FaultCase{"AsksNothing", "rules:\n - action: deny\n   note: all\n",
                  "r:2:4: the rule would speak of everything (valid: one of path, digest, package, user, "
                  "parent at least)"},
        FaultCase{"RelativePath", "rules:\n - {action: deny, path: bin/x}\n",
                  "r:2:25: 'bin/x' can never be a whole path (valid: /usr/bin/perl, /opt/* or */perl)"},
        FaultCase{"RelativeParent", "rules:\n - {action: deny, parent: httpd}\n",
                  "r:2:27: 'httpd' can never be a whole path (valid: /usr/bin/perl, /opt/* or */perl)"},
        FaultCase{"ShortDigest", "rules:\n - {action: deny, digest: ab}\n",
                  "r:2:27: 'ab' is no SHA-256 (valid: 64 of the digits 0-9 and a-f)"},
        FaultCase{"UnknownUser", "rules:\n - {action: deny, user: nobody-else}\n",
                  "r:2:25: no user is called 'nobody-else' (valid: a user's name or number)"},
        FaultCase{"NegativeUser", "rules:\n - {action: deny, user: -1}\n",
                  "r:2:25: no user is called '-1' (valid: a user's name or number)"},
        FaultCase{"EmptyPackage", "rules:\n - {action: deny, package: ''}\n", "r:2:28: an empty text"},
        FaultCase{"NoValue", "rules:\n - action: deny\n   path:\n", "r:3:4: 'path' has no value"},
        FaultCase{"SameName",
                  "rules:\n - {name: a, action: deny, path: /x}\n - {name: a, action: deny, path: /y}\n",
                  "r:3:4: another rule is called 'a', too"}),
    by_name);

TEST(RulesFile, BoundsHold) {
  std::string text = "rules:\n";
  for (std::size_t i = 0; i <= kMaxRules; ++i) text += " - {action: deny, user: 1}\n";
  settings::Faults faults;
  EXPECT_FALSE(parse_rules(text, "r", only_www_data, faults));
  EXPECT_EQ(settings::to_text(faults.front()), "r:2:2: 10001 rules are too many (valid: up to 10000)");
  faults.clear();
  text = "rules:\n - {action: deny, path: /" + std::string(4096, 'a') + "}\n";
  EXPECT_FALSE(parse_rules(text, "r", only_www_data, faults));
  EXPECT_EQ(settings::to_text(faults.front()), "r:2:25: 4097 bytes are too many (valid: up to 4096)");
}

TEST(RulesFile, AbsentOrOnlyCommentsHasNone) {
  const TemporaryFolder folder;
  settings::Faults faults;
  EXPECT_TRUE(load_rules(folder / "none.yaml", faults)->empty());
  put_file(folder / "r.yaml", "# nothing yet\n");
  EXPECT_TRUE(load_rules(folder / "r.yaml", faults)->empty());
  put_file(folder / "r.yaml", "rules:\n  - {action: dny, path: x}\n");
  const auto rules = load_rules(folder / "r.yaml", faults);
  ASSERT_FALSE(rules);
  EXPECT_TRUE(rules.error().message.ends_with("(and 1 more)")) << rules.error().message;
}

struct EditCase {
  std::string_view name, text;
  bool can;
};

class EditedRules : public testing::TestWithParam<EditCase> {};

TEST_P(EditedRules, BeginWithTheNewOne) {
  const Rule rule{.name = "it's", .path = "/x", .digest = identity::Sha256{7}};
  const auto edited = with_deny_rule(std::string(GetParam().text), "r", rule, "why: 'so'");
  ASSERT_EQ(edited.has_value(), GetParam().can) << (edited ? *edited : edited.error().message);
  if (!edited) return;
  settings::Faults faults;
  const auto rules = parse_rules(*edited, "r", only_www_data, faults);
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->front().name, "it's");
  EXPECT_EQ(rules->front().digest, identity::Sha256{7});
}

INSTANTIATE_TEST_SUITE_P(
    Forms, EditedRules,
    testing::Values(EditCase{"Empty", "", true}, EditCase{"CommentsOnly", "# ours", true},
                    EditCase{"Usual", kAll, true},
                    EditCase{"NotIndented", "rules:\n- action: deny\n  path: /y\n", true},
                    EditCase{"CommentBetween", "rules:\n  # first\n  - action: deny\n    path: /y\n", true},
                    EditCase{"DashAlone", "rules:\n  -\n    action: deny\n    path: /y\n", false},
                    EditCase{"Flow", "rules: [{action: deny, path: /y}]\n", false},
                    EditCase{"EmptyFlow", "rules: []\n", false},
                    EditCase{"Faulty", "rules:\n  - path: /y\n", false}),
    by_name);

}  // namespace
}  // namespace bansoko::policy
