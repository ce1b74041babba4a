// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/infection.h"

#include <string>

#include <gtest/gtest.h>

#include "shield/engine/kill_switch.h"
#include "shield/engine/lookout.h"
#include "tests/cases.h"

namespace bansoko::engine {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

constexpr std::uint32_t kPatch = 9100001;
constexpr const char* kOurs = "10.0.0.1";
constexpr const char* kOurServer = "10.0.0.2";
constexpr const char* kStranger = "203.0.113.5";

/// What was told of a packet from one to the other.
event::Event told(const std::string& from, const std::string& to, const std::string& direction,
                  std::uint32_t gid, std::uint32_t sid, const std::string& reason = "rule",
                  const std::string& shows = "") {
  event::Event event;
  event.type = "alert";
  event.id = "a";
  event.time = system_clock::time_point(seconds(1'800'000'000));
  event.source = {from, 40000};
  event.dest = {to, 80};
  event.direction = direction;
  event.alert = event::Alert{.action = "blocked",
                             .gid = gid,
                             .signature_id = sid,
                             .rev = 1,
                             .signature = "a rule",
                             .category = "",
                             .severity = 1,
                             .references = {"cve,2017-0144"},
                             .metadata = {{"os", "windows"}}};
  if (!shows.empty()) event.alert->metadata.emplace_back("shows", shows);
  event.verdict =
      event::Verdict{.action = "block", .reason = reason, .mode = "enforce", .refused_packets = 0};
  return event;
}

ShieldSettings with_home(const std::string& home) {
  ShieldSettings settings;
  settings.mode = Mode::enforce;
  settings.infection.except = {"10.0.0.53"};
  settings.infection.max_tracked = 8;
  settings.variables.addresses["HOME_NET"] = home;
  return settings;
}

/// A watch with a quarantine that asks nobody.
struct Post {
  explicit Post(const ShieldSettings& settings) : quarantine(settings, {}), watch(settings, quarantine, 1) {}

  /// "exploit 10.0.0.1 none"; empty: nothing is told.
  std::string sees(const event::Event& event, bool proven = true) {
    const auto infected = watch.look(event, proven);
    if (!infected) return "";
    return infected->infected->kind + " " + infected->infected->host + " " + infected->infected->quarantine;
  }

  Quarantine quarantine;
  InfectionWatch watch;
};

struct Case {
  std::string name;
  event::Event told;
  std::string at_home;   // HOME_NET is 10.0.0.0/8
  std::string unstated;  // it is any, at a gateway
};

class Infection : public testing::TestWithParam<Case> {};

TEST_P(Infection, OfHostsOfOurs) {
  EXPECT_EQ(Post(with_home("10.0.0.0/8")).sees(GetParam().told), GetParam().at_home);
  EXPECT_EQ(Post(with_home("any")).sees(GetParam().told), GetParam().unstated);
}

event::Event without_alert() {
  event::Event event = told(kOurs, kStranger, "to_server", 1, kPatch);
  event.alert.reset();
  return event;
}

event::Event excepted() {
  event::Event event = told(kOurs, kStranger, "to_server", 1, kPatch);
  event.type = "exception";
  return event;
}

constexpr std::uint32_t kFanOut = static_cast<std::uint32_t>(recon::Shape::fan_out) + 1;

INSTANTIATE_TEST_SUITE_P(
    Engine, Infection,
    testing::Values(
        Case{"ExploitFromUs", told(kOurs, kStranger, "to_server", 1, kPatch), "exploit 10.0.0.1 none", ""},
        Case{"ExploitAmongUs", told(kOurs, kOurServer, "to_server", 1, kPatch), "exploit 10.0.0.1 none", ""},
        Case{"ExploitFromAStranger", told(kStranger, kOurServer, "to_server", 1, kPatch), "", ""},
        Case{"VulnerableAnswerOfOurs", told(kOurServer, kStranger, "to_client", 1, kPatch), "", ""},
        Case{"LastOfThePatches", told(kOurs, kStranger, "to_server", 1, 9199999), "exploit 10.0.0.1 none",
             ""},
        Case{"RuleOfOthers", told(kOurs, kStranger, "to_server", 1, 9200000), "", ""},
        Case{"GeneratorOfOthers", told(kOurs, kStranger, "to_server", 3, kPatch), "", ""},
        Case{"PatchThatOnlyTells", told(kOurs, kStranger, "to_server", 1, kPatch, "alert"), "", ""},
        Case{"AnswerOfOurs", told(kOurServer, kStranger, "to_client", 1, 5, "rule", "infected_server"),
             "answer 10.0.0.2 none", "answer 10.0.0.2 none"},
        Case{"AnswerThatOnlyTells",
             told(kOurServer, kStranger, "to_client", 1, 5, "alert", "infected_server"),
             "answer 10.0.0.2 none", "answer 10.0.0.2 none"},
        Case{"AnswerOfAStranger", told(kStranger, kOurs, "to_client", 1, 5, "rule", "infected_server"), "",
             "answer 203.0.113.5 none"},
        Case{"RequestThatShowsTheServer",
             told(kStranger, kOurServer, "to_server", 1, 5, "rule", "infected_server"),
             "answer 10.0.0.2 none", "answer 10.0.0.2 none"},
        Case{"RequestThatShowsTheClient",
             told(kOurs, kStranger, "to_server", 1, 5, "rule", "infected_client"), "answer 10.0.0.1 none",
             "answer 10.0.0.1 none"},
        Case{"AnswerThatShowsTheClient", told(kStranger, kOurs, "to_client", 1, 5, "rule", "infected_client"),
             "answer 10.0.0.1 none", "answer 10.0.0.1 none"},
        Case{"MetadataOfAnotherMeaning", told(kOurs, kStranger, "to_client", 1, 5, "rule", "nothing"), "",
             ""},
        Case{"FanOut", told(kOurs, kStranger, "", kReconGid, kFanOut, "reconnaissance"),
             "fan_out 10.0.0.1 none", ""},
        Case{"FanOutOfAStranger", told(kStranger, kOurs, "", kReconGid, kFanOut, "reconnaissance"), "", ""},
        Case{"Scan", told(kOurs, kStranger, "", kReconGid, kFanOut - 1, "reconnaissance"), "", ""},
        Case{"KillSwitch", told(kOurs, kStranger, "to_server", kInfectionGid, 1000, "kill_switch"),
             "kill_switch 10.0.0.1 none", "kill_switch 10.0.0.1 none"},
        Case{"KillSwitchOfAStranger",
             told(kStranger, kOurServer, "to_server", kInfectionGid, 1000, "kill_switch"), "",
             "kill_switch 203.0.113.5 none"},
        Case{"Exception", told("10.0.0.53", kStranger, "to_server", kInfectionGid, 1000, "kill_switch"), "",
             ""},
        Case{"HitThatAnOperatorExcepts", excepted(), "", ""}, Case{"NoAlert", without_alert(), "", ""},
        Case{"NoAddress", told("", "", "to_server", 1, kPatch), "", ""}),
    by_name);

TEST(InfectionWatch, OnAHostTheMachineIsOurs) {
  ShieldSettings settings = with_home("any");
  settings.capture.place = capture::Place::host;
  Post post(settings);
  EXPECT_EQ(post.sees(told("127.0.0.1", kStranger, "to_server", 1, kPatch)), "exploit 127.0.0.1 none");
  EXPECT_EQ(post.sees(told(kStranger, "127.0.0.1", "to_server", 1, kPatch)), "");
  EXPECT_EQ(post.sees(told(kStranger, "127.0.0.1", "to_server", kInfectionGid, 1000)), "");
}

TEST(InfectionWatch, TellsOfAHostAndSignOnceInATime) {
  Post post(with_home("10.0.0.0/8"));
  event::Event event = told(kOurs, kStranger, "to_server", 1, kPatch);
  EXPECT_NE(post.sees(event), "");
  EXPECT_EQ(post.sees(event), "");
  EXPECT_NE(post.sees(told(kOurServer, kStranger, "to_server", 1, kPatch)), "") << "another host";
  EXPECT_NE(post.sees(told(kOurs, kStranger, "to_server", kInfectionGid, 1000)), "") << "another sign";
  event.time += seconds(3599);
  EXPECT_EQ(post.sees(event), "");
  event.time += seconds(1);
  EXPECT_NE(post.sees(event), "");
  Totals totals;
  post.watch.add_to(totals);
  EXPECT_EQ(totals.infected, (Named{{"exploit", 3}, {"kill_switch", 1}}));
  EXPECT_TRUE(totals.limits.empty());
  post.watch.begin_again();
  EXPECT_NE(post.sees(event), "") << "another capture";
}

TEST(InfectionWatch, TheOldestGivesWayAtTheLimit) {
  Post post(with_home("10.0.0.0/8"));
  const auto from = [](unsigned host) {
    event::Event event = told("10.0.1." + std::to_string(host), kStranger, "to_server", 1, kPatch);
    event.time += seconds(host);
    return event;
  };
  const auto given_up = [&post] {
    Totals totals;
    post.watch.add_to(totals);
    return totals.limits["infection_tracked"];
  };
  for (unsigned host = 1; host <= 8; ++host) EXPECT_NE(post.sees(from(host)), "");
  EXPECT_EQ(given_up(), 0U);
  EXPECT_NE(post.sees(from(9)), "");
  EXPECT_EQ(given_up(), 1U);
  EXPECT_EQ(post.sees(from(2)), "") << "still remembered";
  EXPECT_NE(post.sees(from(1)), "") << "told too soon";
}

TEST(InfectionWatch, WritesAnEventOfItsOwn) {
  Post post(with_home("10.0.0.0/8"));
  const auto infected = post.watch.look(told(kOurs, kStranger, "to_server", 1, kPatch), true);
  ASSERT_TRUE(infected);
  EXPECT_EQ(infected->type, "alert");
  EXPECT_EQ(infected->name, "host.infected");
  EXPECT_EQ(infected->id, "a-infected");
  EXPECT_EQ(infected->message, "10.0.0.1 sent what a virtual patch refuses: a rule");
  EXPECT_EQ(infected->alert->gid, kInfectionGid);
  EXPECT_EQ(infected->alert->signature_id, 1U);
  EXPECT_EQ(infected->alert->references, std::vector<std::string>{"cve,2017-0144"});
  EXPECT_EQ(infected->verdict->action, "accept");
  EXPECT_EQ(infected->infected->sid, kPatch);
  EXPECT_FALSE(suspicion_of(*infected)) << "it shows nothing further";
}

struct ConfineCase {
  std::string name;
  Mode mode;
  bool proven;
  std::uint32_t gid, sid;
  std::string want;
};

class InfectionQuarantines : public testing::TestWithParam<ConfineCase> {};

TEST_P(InfectionQuarantines, TheHost) {
  const ConfineCase& row = GetParam();
  ShieldSettings settings = with_home("10.0.0.0/8");
  settings.mode = row.mode;
  settings.infection.quarantine = InfectionQuarantine::egress;
  Post post(settings);
  EXPECT_EQ(post.sees(told(kOurs, kStranger, "to_server", row.gid, row.sid), row.proven), row.want);
  EXPECT_EQ(post.quarantine.list(seconds(1'800'000'001)).size(), row.want.ends_with("done") ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, InfectionQuarantines,
    testing::Values(ConfineCase{"Exploit", Mode::enforce, true, 1, kPatch, "exploit 10.0.0.1 done"},
                    ConfineCase{"Observed", Mode::observe, true, 1, kPatch, "exploit 10.0.0.1 observed"},
                    ConfineCase{"Forged", Mode::enforce, false, 1, kPatch, "exploit 10.0.0.1 unproven"},
                    ConfineCase{"KillSwitch", Mode::enforce, true, kInfectionGid, 1000,
                                "kill_switch 10.0.0.1 none"}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
