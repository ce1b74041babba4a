// SPDX-License-Identifier: Apache-2.0
#include "patches/coverage.h"

#include <gtest/gtest.h>

namespace bansoko::patches {
namespace {

Library library() {
  Library made;
  made.applications.passed_over = {"INFO"};
  made.applications.all = {{.id = "tomcat", .name = "Tomcat", .match = {"Tomcat", "Apache_Tomcat"}},
                           {.id = "iis", .name = "IIS", .match = {"IIS"}},
                           {.id = "bind", .name = "BIND", .match = {"BIND 9"}}};
  LibraryPatch one;
  one.patch.id = "one";
  one.patch.cves = {"CVE-2001-0500"};
  one.patch.applications = {"iis"};
  one.patch.visible = {{"tcp/80", Visible::clear}, {"tcp/443", Visible::tls}};
  made.patches.push_back(one);
  return made;
}

TEST(Coverage, KeepsOursAndOthersApart) {
  const Coverage coverage = coverage_of(
      library(),
      {{.message = "ET EXPLOIT apache tomcat upload", .protocol = "http", .cves = {"CVE-2017-12615"}},
       {.message = "x", .products = "Apache_Tomcat ", .protocol = "tcp"},
       {.message = "ET INFO Tomcat seen", .protocol = "http"},
       {.message = "Tomcats and IISX", .protocol = "http"},
       {.message = "IIS .ida", .protocol = "http", .cves = {"CVE-2001-0500"}}});
  EXPECT_EQ(coverage.with_patches, 1U);
  EXPECT_EQ(coverage.with_rules, 2U);
  const Cover& tomcat = coverage.applications.at("tomcat");
  EXPECT_EQ(tomcat.rules, 2U);
  EXPECT_EQ(tomcat.protocols, (std::set<std::string>{"http", "tcp"}));
  EXPECT_EQ(tomcat.rule_cves, std::set<std::string>{"CVE-2017-12615"});
  EXPECT_TRUE(tomcat.patches.empty());
  const Cover& iis = coverage.applications.at("iis");
  EXPECT_EQ(iis.patches, std::set<std::string>{"one"});
  EXPECT_EQ(iis.visible, (std::set<std::string>{"tcp/443 tls", "tcp/80 clear"}));
  EXPECT_EQ(iis.rules, 1U);
  EXPECT_EQ(coverage.applications.at("bind").rules, 0U);
  const Cover& hole = coverage.cves.at("CVE-2001-0500");
  EXPECT_EQ(hole.patches, std::set<std::string>{"one"});
  EXPECT_EQ(hole.rules, 1U);
}

}  // namespace
}  // namespace bansoko::patches
