// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/inventory/test_document.h"
#include "assess/inventory/test_host.h"

namespace bansoko::inventory::dpkg_status {

const Source& describe();

namespace {

constexpr const char* kNotSetUp = "unpacked but not configured, therefore not counted as installed";

struct Case {
  const char* name = "";
  std::string file = "/var/lib/dpkg/status";
  std::string text = {};
  std::string packages = {};
  std::string cut = {};
  std::string system = " ";
};

std::string one(const std::string& name, const std::string& rest) { return "Package: " + name + "\n" + rest; }

const std::string kInstalled = "Status: install ok installed\n";

class DpkgStatus : public testing::TestWithParam<Case> {};

TEST_P(DpkgStatus, TellsWhatIsInstalled) {
  const Case& at = GetParam();
  const Document document{at.file, at.text};
  EXPECT_EQ(source_of(document), &describe());
  const auto hosts = describe().read(document, {});
  ASSERT_TRUE(hosts) << hosts.error().message;
  ASSERT_EQ(hosts->size(), 1u);
  const assess::Host& host = hosts->front();
  EXPECT_EQ(packages_of(host), at.packages);
  EXPECT_EQ(gaps_of(host, assess::Gap::packages_cut), at.cut);
  EXPECT_EQ(system_of(host), at.system);
  EXPECT_EQ(host.lacks(assess::Gap::no_packages), at.packages.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Texts, DpkgStatus,
    testing::Values(
        Case{.name = "Source",
             .text = one("git-man", kInstalled + "Architecture: all\nSource: git\nVersion: 1:2.39.5-0\n\n"),
             .packages = "git-man 1:2.39.5-0 all <git>"},
        Case{.name = "SourceVersion",
             .text = one("linux-image-amd64",
                         kInstalled + "Source: linux-signed-amd64 (6.1.1+2)\nVersion: 6.1.1-2\n\n"),
             .packages = "linux-image-amd64 6.1.1-2 <linux-signed-amd64 6.1.1+2>"},
        Case{.name = "States",
             .text = one("a", "Status: install ok installed\nVersion: 1\n\n") +
                     one("b", "Status: deinstall ok config-files\nVersion: 1\n\n") +
                     one("c", "Status: install reinstreq half-installed\nVersion: 1\n\n") +
                     one("d", "Status: deinstall ok not-installed\nVersion: 1\n\n") +
                     one("e", "Status: install ok triggers-awaited\nVersion: 1\n\n") +
                     one("f", "Status: install ok triggers-pending\nVersion: 1\n\n") +
                     one("g", "Status: hold ok installed\nVersion: 1\n\n"),
             .packages = "a 1; e 1; f 1; g 1"},
        Case{.name = "OnTheDiskButNotSetUp",
             .text = one("a", "Status: install ok unpacked\nVersion: 1\n\n") +
                     one("b", "Status: install ok half-configured\nVersion: 1\n\n") +
                     one("c", kInstalled + "Version: 1\n\n"),
             .packages = "c 1",
             .cut = std::string("2 packages ") + kNotSetUp + " (first: a)"},
        Case{.name = "WithoutStatusAmongOthers",
             .text = one("a", "Version: 1\n\n") + one("b", kInstalled + "Version: 2\n"),
             .packages = "b 2",
             .cut = "1 package without a state that dpkg knows (first: a)"},
        Case{.name = "Distroless",
             .file = "/var/lib/dpkg/status.d/base-files",
             .text = one("base-files", "Version: 12.4+deb12u5\nArchitecture: amd64\n"),
             .packages = "base-files 12.4+deb12u5 amd64",
             .system = "debian:debian_linux 12"},
        Case{.name = "UbuntuCountsItsBaseFilesApart",
             .text = one("base-files", kInstalled + "Version: 12ubuntu4.6\n"),
             .packages = "base-files 12ubuntu4.6"},
        Case{.name = "FoldedLines",
             .text = one("a", kInstalled +
                                  "Description: x\n Package: b\n .\nConffiles:\n /etc/a 00\nVersion: 1\n"),
             .packages = "a 1"},
        Case{.name = "WindowsLineEnds",
             .text = "Package: a\r\nStatus: install ok installed\r\nVersion: 1\r\n\r\n",
             .packages = "a 1"},
        Case{.name = "FirstOfADuplicatedField",
             .text = one("a", kInstalled + "Version: 1\nVersion: 2\n"),
             .packages = "a 1"},
        Case{.name = "CutInTheMiddle",
             .text = one("a", kInstalled + "Version: 1\n\n") + "Package: b\nStatus: install ok inst",
             .packages = "a 1",
             .cut = "the file ends within line 6, in package 'b'"},
        Case{
            .name = "CutInTheVersion",
            .text = one("a", kInstalled + "Version: 1\n\n") + "Package: b\n" + kInstalled + "Version: 4.2+df",
            .packages = "a 1",
            .cut = "the file ends within line 7, in package 'b'"},
        Case{.name = "NoVersion",
             .text = one("a", kInstalled) + "\n",
             .cut = "1 package without a version (first: a)"},
        Case{.name = "NoName",
             .text = one("a", kInstalled + "Version: 1\n\n") + kInstalled + "Version: 2\n\n",
             .packages = "a 1",
             .cut = "1 package without a name (first: line 5)"},
        Case{.name = "NoField",
             .text = one("a", kInstalled + "Version: 1\nwhat is this\nand this\n"),
             .packages = "a 1",
             .cut = "a line is no field of a package (2 times)"},
        Case{.name = "Empty"}),
    [](const auto& row) { return row.param.name; });

TEST(DpkgStatusLimits, AreKeptAndTold) {
  const Document document{"status", one("a", kInstalled + "Version: 1\n\n") +
                                        one("b", kInstalled + "Version: 2\n\n") +
                                        one(std::string(20, 'c'), kInstalled + "Version: 3\n\n")};
  const auto few = describe().read(document, {.max_components = 1});
  EXPECT_EQ(packages_of(few->front()), "a 1");
  EXPECT_EQ(gaps_of(few->front(), assess::Gap::packages_cut),
            "2 packages beyond the 1 that are kept (first: b)");
  const auto brief = describe().read(document, {.max_text = 10});
  EXPECT_EQ(packages_of(brief->front()), "a 1; b 2");
  EXPECT_EQ(gaps_of(brief->front(), assess::Gap::packages_cut),
            "1 package with a text beyond 10 bytes (first: cccccccccc)");
}

TEST(DpkgStatusRefusal, NamesTheLine) {
  const auto read = describe().read({"status", "asdf\n\nyolo\n"}, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "status:1: 'asdf' is no field of a package");
}

TEST(DpkgStatusEvidence, IsTheLine) {
  const auto read = describe().read(
      {"status", one("a", kInstalled + "Version: 1\n\n\n") + one("b", kInstalled + "Version: 1\n")}, {});
  EXPECT_EQ(read->front().components.at(1).evidence.line, 6u);
  EXPECT_EQ(read->front().components.at(1).evidence.text, "Package: b");
}

struct SharedCase {
  const char* file = "";
  std::size_t packages = 0;
  bool cut = false;
};

class SharedDpkg : public testing::TestWithParam<SharedCase> {};

TEST_P(SharedDpkg, IsRead) {
  const auto document = shared_document(std::string("dpkg/scalibr/") + GetParam().file);
  if (!document) GTEST_SKIP() << "the shared inventories are not on this machine";
  const auto hosts = describe().read(*document, {});
  ASSERT_TRUE(hosts) << hosts.error().message;
  EXPECT_EQ(hosts->front().components.size(), GetParam().packages) << packages_of(hosts->front());
  EXPECT_EQ(hosts->front().lacks(assess::Gap::packages_cut), GetParam().cut)
      << gaps_of(hosts->front(), assess::Gap::packages_cut);
}

INSTANTIATE_TEST_SUITE_P(Scalibr, SharedDpkg,
                         testing::Values(SharedCase{"valid", 7}, SharedCase{"single", 1},
                                         SharedCase{"trailingnewlines", 1}, SharedCase{"transitional", 1},
                                         SharedCase{"transitional_dummy", 1},
                                         SharedCase{"transitional_empty", 1},
                                         SharedCase{"nopackage", 2, true}, SharedCase{"noversion", 2, true},
                                         SharedCase{"statusfield", 3, true}, SharedCase{"status.d/foo", 1},
                                         SharedCase{"empty", 0}),
                         [](const auto& row) { return "File" + std::to_string(row.index); });

}  // namespace
}  // namespace bansoko::inventory::dpkg_status
