// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/settings.h"

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

Result<AssessSettings> parse(std::string_view text) {
  settings::Faults faults;
  return parse_settings(text, "f", faults);
}

constexpr std::string_view kNotes = R"(
shield: {mode: enforce}
assess:
  hosts:
    WEB01: {owner: Sato, roles: [web, database], exposure: internet, migrate_by: 2027-03-31, note: "behind the proxy"}
    db.example.test: {owner: Suzuki}
    192.0.2.7: {exposure: isolated}
)";

TEST(AssessSettings, SayWhatTheOperatorKnows) {
  const auto read = parse(kNotes);
  ASSERT_TRUE(read) << read.error().message;
  const HostNote& note = read->hosts.at("web01");
  EXPECT_EQ(note.owner, "Sato");
  EXPECT_EQ(note.roles, (std::vector{Role::web, Role::database}));
  EXPECT_EQ(note.exposure, Exposure::internet);
  EXPECT_EQ(to_text(*note.migrate_by), "2027-03-31");
  EXPECT_EQ(note.note, "behind the proxy");
  EXPECT_TRUE(parse("")->hosts.empty());
}

TEST(AssessSettings, ReadBackWhatTheyWrite) {
  const auto read = parse(kNotes);
  const auto again = parse(settings_yaml(*read, settings::Comments::all));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->hosts, read->hosts);
}

struct Refused {
  const char* name;
  std::string_view text;
  std::string_view said;
};

class RefusedSettings : public testing::TestWithParam<Refused> {};

TEST_P(RefusedSettings, SayWhy) {
  const auto read = parse(GetParam().text);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find(GetParam().said), std::string::npos) << read.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Notes, RefusedSettings,
    testing::Values(Refused{"Role", "assess: {hosts: {a: {roles: [wub]}}}",
                            "f:1:29: assess.hosts.a.roles: 'wub' is none of: file_server, web"},
                    Refused{"Day", "assess: {hosts: {a: {migrate_by: 2027-02-30}}}",
                            "assess.hosts.a.migrate_by: '2027-02-30' is no day"},
                    Refused{"Exposure", "assess: {hosts: {a: {exposure: open}}}", "unknown word 'open'"},
                    Refused{"Key", "assess: {hosts: {a: {ownr: x}}}", "did you mean 'owner'?"},
                    Refused{"SameInAnyCase", "assess: {hosts: {web: {}, WEB: {}}}", "stands here twice"},
                    Refused{"OtherPart", "asses: {}", "did you mean 'assess'?"}),
    [](const auto& at) { return at.param.name; });

struct Named {
  const char* name;
  Host host;
  const char* owner;  // null: no note
};

class NoteOfHost : public testing::TestWithParam<Named> {};

TEST_P(NoteOfHost, IsFound) {
  const HostNotes notes{{"web01", {.owner = "short"}},
                        {"web01.example.test", {.owner = "whole"}},
                        {"192.0.2.7", {.owner = "address"}}};
  const HostNote* const note = note_of(GetParam().host, notes);
  ASSERT_EQ(note == nullptr, GetParam().owner == nullptr);
  if (note != nullptr) {
    EXPECT_EQ(note->owner, GetParam().owner);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Names, NoteOfHost,
    testing::Values(Named{"InAnyCase", {.name = "WEB01"}, "short"},
                    Named{"TheWholeNameFirst", {.name = "web01.example.test"}, "whole"},
                    Named{"OfAnotherDomain", {.name = "web01.other.test"}, "short"},
                    Named{"ByAddress", {.name = "db", .addresses = {"198.51.100.1", "192.0.2.7"}}, "address"},
                    Named{"NoName", {}, nullptr}, Named{"Unknown", {.name = "db"}, nullptr}),
    [](const auto& at) { return at.param.name; });

}  // namespace
}  // namespace bansoko::assess
