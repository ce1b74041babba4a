// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/versions.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::assess {
namespace {

struct Case {
  std::string_view name;
  AffectedProduct row;
  std::string_view version;
  bool want;
};

class Range : public testing::TestWithParam<Case> {};

TEST_P(Range, Holds) { EXPECT_EQ(is_affected(GetParam().row, GetParam().version), GetParam().want); }

AffectedProduct range(std::string from, bool from_included, std::string to, bool to_included) {
  return {.version = "*",
          .from = std::move(from),
          .from_included = from_included,
          .to = std::move(to),
          .to_included = to_included};
}

INSTANTIATE_TEST_SUITE_P(
    Versions, Range,
    testing::Values(Case{"Exactly", {.version = "2.4.49"}, "2.4.49", true},
                    Case{"Other", {.version = "2.4.49"}, "2.4.50", false},
                    Case{"None", {.version = "-"}, "1", false},
                    Case{"Any", range("", true, "", false), "9", true},
                    Case{"First", range("2.0", true, "3.0", false), "2.0", true},
                    Case{"FirstLeftOut", range("2.0", false, "3.0", false), "2.0", false},
                    Case{"EndLeftOut", range("2.0", true, "3.0", false), "3.0", false},
                    Case{"End", range("2.0", true, "3.0", true), "3.0", true},
                    Case{"Below", range("2.0", true, "3.0", true), "1.9.9", false},
                    Case{"Above", range("", true, "3.0", true), "3.0.1", false},
                    Case{"NumbersNotText", range("", true, "2.4.10", false), "2.4.9", true}),
    by_name);

Host with(std::string version, ComponentKind kind, std::string os) {
  Host host;
  host.os.product = std::move(os);
  host.components.push_back(
      {.kind = kind, .name = "httpd", .product = "apache:http_server", .version = std::move(version)});
  return host;
}

std::string told(const Host& host, const AffectedProduct& row) {
  const auto findings = judge_versions(host, std::vector{row});
  if (findings.empty()) return "none";
  return findings.front().state == State::missing ? "missing" : "unconfirmed";
}

TEST(Versions, ABannerProvesLessThanABillOfMaterials) {
  const AffectedProduct row{.cve = "CVE-1", .product = "apache:http_server", .version = "2.4.49"};
  EXPECT_EQ(told(with("2.4.49", ComponentKind::application, "a:b"), row), "missing");
  EXPECT_EQ(told(with("2.4.49", ComponentKind::service, "a:b"), row), "unconfirmed");
  EXPECT_EQ(told(with("2.4.49", ComponentKind::package, "a:b"), row), "none")
      << "the distribution speaks for it";
  EXPECT_EQ(told(with("", ComponentKind::service, "a:b"), row), "none");
}

TEST(Versions, WhatRunsOnAnotherSystemIsNoMatch) {
  AffectedProduct row{.cve = "CVE-1", .product = "apache:http_server", .version = "*"};
  row.running_on = {"microsoft:windows_2000"};
  EXPECT_EQ(told(with("2.0", ComponentKind::application, "microsoft:windows_2000"), row), "missing");
  EXPECT_EQ(told(with("2.0", ComponentKind::application, "centos:centos"), row), "none");
  EXPECT_EQ(told(with("2.0", ComponentKind::application, ""), row), "unconfirmed");
}

TEST(Versions, TheConditionIsNeverTheMatch) {
  Host host;
  host.os.product = "microsoft:windows_2000";
  AffectedProduct row{.cve = "CVE-1", .product = "apache:http_server", .version = "*"};
  row.running_on = {"microsoft:windows_2000"};
  EXPECT_EQ(told(host, row), "none");
}

}  // namespace
}  // namespace bansoko::assess
