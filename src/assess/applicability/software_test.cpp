// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/software.h"

#include <array>

#include <gtest/gtest.h>

#include "assess/applicability/programs.h"

namespace bansoko::assess {
namespace {

const std::array kProducts{
    Product{.id = "microsoft:sql_server",
            .name = {"SQL Server", ""},
            .vendor = "Microsoft",
            .names = {"SQL Server"}},
    Product{.id = "microsoft:.net_framework", .name = {".NET Framework", ""}, .vendor = "Microsoft"},
    Product{.id = "oracle:jdk", .name = {"JDK", ""}, .vendor = "Oracle", .programs = {"Java", "Java(TM)"}},
    Product{.id = "php:php", .name = {"PHP", ""}, .vendor = "PHP", .packages = {"php-common"}}};

struct Named {
  const char* name;
  const char* program;
  const char* version;
  std::string_view product, becomes;
};

class Programs : public testing::TestWithParam<Named> {};

TEST_P(Programs, AreProducts) {
  Host host;
  host.components.push_back(
      {.ecosystem = Ecosystem::windows, .name = GetParam().program, .version = GetParam().version});
  ProgramNames(kProducts).name_programs(host);
  EXPECT_EQ(host.components.front().product, GetParam().product);
  EXPECT_EQ(host.components.front().version, GetParam().becomes);
}

INSTANTIATE_TEST_SUITE_P(
    Names, Programs,
    testing::Values(Named{"Year", "Microsoft SQL Server 2005", "", "microsoft:sql_server", "9.00"},
                    Named{"YearWithRelease", "Microsoft SQL Server 2008 R2 (64-bit)", "",
                          "microsoft:sql_server", "10.50"},
                    Named{"PartOfIt", "Microsoft SQL Server 2008 Native Client", "10.0.1", "", "10.0.1"},
                    Named{"ItsOwnVersionCounts", "Microsoft .NET Framework 4 Extended", "4.0.30319",
                          "microsoft:.net_framework", "4.0.30319"},
                    Named{"Trademark", "Java(TM) 6 Update 45", "6.0.450", "oracle:jdk", "6.0.450"},
                    Named{"VersionInTheName", "PHP 5.3.29", "", "php:php", "5.3.29"},
                    Named{"LongerWord", "PHPMyAdmin 4", "4", "", "4"},
                    Named{"AnotherProgram", "Java Auto Updater", "2", "", "2"},
                    Named{"Nothing", "", "", "", ""}),
    [](const auto& at) { return at.param.name; });

TEST(Programs, AreCountedByVersionsWhateverTheyAreCalled) {
  EXPECT_EQ(version_named("microsoft:sql_server", "2008 r2"), "10.50");
  EXPECT_EQ(version_named("microsoft:exchange_server", "2016"), "15.1");
  EXPECT_EQ(version_named("microsoft:sql_server", "2099"), "");
  EXPECT_EQ(version_named("microsoft:.net", "6.0"), "6.0");
}

Host server_2003() {
  Host host;
  host.os.product = "microsoft:windows_server_2003";
  return host;
}

const Condition kServer2003{.kind = Condition::Kind::os, .texts = {"microsoft:windows_server_2003"}};

TEST(Ceilings, AreThoseOfTheSystemAndOfWhatIsOnIt) {
  const std::vector<Ceiling> ceilings{
      {.product = "php:php", .on = kServer2003, .last = {"5.4", "5.4"}},
      {.product = "oracle:jdk", .on = kServer2003, .last = {"7", "7"}},
      {.product = "php:php", .on = {.kind = Condition::Kind::os, .texts = {"microsoft:windows_nt"}}}};
  Host host = server_2003();
  host.components = {{.name = "PHP 5.3.29", .product = "php:php", .version = "5.3.29"},
                     {.name = "PHP 5.3.29", .product = "php:php", .version = "5.3.29"}};
  const std::vector<Role> roles;
  const auto reached = ceilings_of({host, roles}, ceilings, kProducts);
  ASSERT_EQ(reached.size(), 1U);
  EXPECT_EQ(reached.front().version, "5.3.29");
  EXPECT_EQ(reached.front().ceiling, &ceilings.front());
}

TEST(Ceilings, OfPackagesGoByTheirNames) {
  EXPECT_TRUE(is_product({.kind = ComponentKind::package, .name = "php-common"}, kProducts[3]));
  EXPECT_TRUE(is_product({.kind = ComponentKind::package, .name = "php"}, kProducts[3]));
  EXPECT_FALSE(is_product({.kind = ComponentKind::package, .name = "phpmyadmin"}, kProducts[3]));
  EXPECT_FALSE(is_product({.name = "php"}, kProducts[3])) << "an application has a product, or is none";
}

TEST(Protections, SayWhatIsThereAndWhatIsOver) {
  const std::vector<Protection> known{{.name = "Other", .programs = {"Other"}, .on = kServer2003},
                                      {.name = "Symantec",
                                       .programs = {"Symantec AntiVirus"},
                                       .on = kServer2003,
                                       .end = *parse_date("2012-07-04")}};
  Host host = server_2003();
  host.components.push_back({.name = "Symantec AntiVirus Client"});
  const std::vector<Role> roles;
  auto list = protections_of({host, roles}, known, *parse_date("2012-07-04"));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].program, "Symantec AntiVirus Client");
  EXPECT_FALSE(list[0].is_over) << "it is the last day";
  EXPECT_EQ(list[1].program, "");
  EXPECT_TRUE(protections_of({host, roles}, known, *parse_date("2012-07-05"))[0].is_over);
}

TEST(Certifiers, AreAskedWhereTheirsIsOnTheHost) {
  const std::vector<Certifier> known{
      {.vendor = "Maker", .programs = {"SCADA"}},
      {.vendor = "Device", .on = Condition{.kind = Condition::Kind::edition, .texts = {"embedded"}}}};
  Host host = server_2003();
  const std::vector<Role> roles;
  EXPECT_TRUE(certifiers_of({host, roles}, known).empty());
  host.components.push_back({.name = "scada server 7"});
  host.os.edition = "embedded";
  const auto asked = certifiers_of({host, roles}, known);
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].program, "scada server 7");
  EXPECT_EQ(asked[1].program, "");
}

}  // namespace
}  // namespace bansoko::assess
