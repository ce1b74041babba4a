// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/advisories.h"

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

using Kind = Condition::Kind;
using Link = KbGraph::Link;

Date day(std::string_view text) { return *parse_date(text); }

/// A host of Server 2003 SP2, an advisory for it, and what is told about the two.
class Advisories : public testing::Test {
 protected:
  Advisories() {
    host.os = {.product = "microsoft:windows_server_2003", .service_pack = 2, .arch = Arch::x86};
    graph.add(2705219, 958644, Link::supersedes);
    advisory.id = "MS08-067";
    advisory.cves = {"CVE-2008-4250"};
    advisory.fixes.push_back(
        {.when = {.kind = Kind::os, .texts = {"microsoft:windows_server_2003"}}, .kb = "958644"});
  }

  Finding judge() { return judge_advisory(advisory, subject(), installed(), table); }
  Subject subject() const { return {host, roles}; }
  Installed installed() const { return installed_updates(subject(), graph, rollups); }
  void install(std::string kb) { host.updates.push_back({.kb = std::move(kb)}); }

  Host host;
  std::vector<Role> roles;
  std::vector<Rollup> rollups;
  KbGraph graph;
  Advisory advisory;
  UpdateTable table;
};

TEST_F(Advisories, AFixThatACompleteListDoesNotNameIsMissing) {
  const Finding finding = judge();
  EXPECT_EQ(finding.state, State::missing);
  EXPECT_EQ(finding.fixes, std::vector<std::string>{"KB958644"});
  EXPECT_EQ(finding.reasons.front().cause, Cause::kb_absent);
}

TEST_F(Advisories, AListThatIsCutConfirmsNothing) {
  host.missing.push_back({.gap = Gap::updates_cut, .what = "352 announced, 204 listed"});
  const Finding finding = judge();
  EXPECT_EQ(finding.state, State::unconfirmed);
  EXPECT_EQ(finding.reasons.front().words,
            (std::vector<std::string>{"352 announced, 204 listed", "KB958644"}));
}

TEST_F(Advisories, WhatACutListNamesIsStillThere) {
  host.missing.push_back({.gap = Gap::updates_cut, .what = "352 announced, 204 listed"});
  install("KB2705219");
  const Finding finding = judge();
  EXPECT_EQ(finding.state, State::fixed);
  EXPECT_EQ(finding.how, How::superseded);
  EXPECT_EQ(finding.reasons.front().words, (std::vector<std::string>{"KB2705219", "KB958644"}));
}

TEST_F(Advisories, AServicePackHoldsIt) {
  advisory.fixes.front().contained_in = {"sp2"};
  EXPECT_EQ(judge().how, How::service_pack);
  host.os.service_pack = 1;
  EXPECT_EQ(judge().state, State::missing);
}

TEST_F(Advisories, AFixOfBeforeTheServicePackIsInIt) {
  advisory.fixes.front().when = {.kind = Kind::service_pack, .least = 0, .most = 0};
  EXPECT_EQ(judge().state, State::not_applicable) << "nothing says that the pack holds it";
  rollups.push_back({.id = "sp1",
                     .when = {.kind = Kind::os, .texts = {"microsoft:windows_server_2003"}},
                     .members = {"958644"}});
  EXPECT_EQ(judge().how, How::service_pack);
  EXPECT_EQ(judge().reasons.front().words, (std::vector<std::string>{"SP1", "KB958644"}));
}

TEST_F(Advisories, AHostNeedsEveryFixThatIsForIt) {
  advisory.fixes.push_back(advisory.fixes.front());
  advisory.fixes.back().kb = "958645";
  install("958644");
  EXPECT_EQ(judge().fixes, std::vector<std::string>{"KB958645"});
  install("958645");
  EXPECT_EQ(judge().state, State::fixed);
}

TEST_F(Advisories, RowsAboutAComponentAloneMakeNoFixForTheSystem) {
  host.os.product = "microsoft:windows_server_2016";
  table.add(std::vector<MicrosoftFix>{{.cve = "CVE-2008-4250", .kb = "1"}}, "Internet Explorer 8");
  EXPECT_EQ(judge().state, State::not_applicable);
}

TEST_F(Advisories, AServicePackThatMustComeFirstIsTold) {
  advisory.fixes.front().requires_before = "sp1";
  host.os.service_pack = 0;
  const Finding finding = judge();
  EXPECT_EQ(finding.state, State::missing);
  EXPECT_EQ(finding.reasons.back().cause, Cause::needs_before);
}

TEST_F(Advisories, AnotherSystemIsNotConcerned) {
  host.os.product = "microsoft:windows_server_2016";
  EXPECT_EQ(judge().state, State::not_applicable);
  host.os.product.clear();
  EXPECT_EQ(judge().state, State::unconfirmed) << "it may be one that is";
}

TEST_F(Advisories, RowsOfMicrosoftSpeakWhereTheAdvisoryHasNoFixForTheSystem) {
  host.os.product = "microsoft:windows_server_2008";
  const std::vector<MicrosoftFix> rows{{.cve = "CVE-2008-4250", .kb = "900001"}};
  table.add(rows, "");
  table.finish(graph);
  EXPECT_EQ(judge().fixes, std::vector<std::string>{"KB900001"});
  install("900001");
  EXPECT_EQ(judge().how, How::installed);
}

TEST_F(Advisories, NeedsWithTheSameUpdatesAreOneAndTheNewestIsAdvised) {
  graph.add(30, 20, Link::supersedes);
  graph.add(20, 10, Link::supersedes);
  const std::vector<MicrosoftFix> rows{
      {.cve = "CVE-1", .kb = "10", .severity = "Important", .posted = day("2017-03-14")},
      {.cve = "CVE-1", .kb = "11", .severity = "Important", .posted = day("2017-03-14")},
      {.cve = "CVE-2", .kb = "10", .severity = "Critical", .posted = day("2017-03-14")},
      {.cve = "CVE-2", .kb = "11", .posted = day("2017-03-14")},
      {.cve = "CVE-3", .kb = "20", .posted = day("2017-04-11")},
      {.cve = "CVE-4", .kb = "30", .posted = day("2017-05-09")},
      {.cve = "CVE-5", .kb = ""}};
  table.add(rows, "");
  table.finish(graph);
  ASSERT_EQ(table.needs.size(), 3U);
  const UpdateNeed& march = table.needs[table.by_cve.at("CVE-1").front()];
  EXPECT_EQ(march.cves, (std::vector<std::string>{"CVE-1", "CVE-2"}));
  EXPECT_EQ(march.newest, 30U);
  EXPECT_EQ(march.severity, "Critical");
  install("30");
  for (const Finding& finding : judge_updates(table, subject(), installed()))
    EXPECT_EQ(finding.state, State::fixed) << finding.id;
}

TEST_F(Advisories, RowsAboutAComponentWaitUntilItIsKnownToBeThere) {
  const std::vector<MicrosoftFix> rows{{.cve = "CVE-1", .kb = "10"}};
  table.add(rows, "Internet Explorer 8");
  table.finish(graph);
  EXPECT_EQ(judge_updates(table, subject(), installed()).front().state, State::unconfirmed);
  host.components.push_back({.name = "Internet Explorer", .version = "8"});
  EXPECT_EQ(judge_updates(table, subject(), installed()).front().state, State::missing);
}

}  // namespace
}  // namespace bansoko::assess
