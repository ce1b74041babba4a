// SPDX-License-Identifier: Apache-2.0
#include "lockdown/trust/package_index.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "lockdown/trust/physical_folders.h"
#include "rpmdb/test_database.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::trust {
namespace {

constexpr std::string_view kSumA = "0cc175b9c0f1b6a831c399e269772661";  // MD5 of "a"
constexpr std::string_view kSumB = "92eb5ffee6ae2fec3ad71c777531578f";  // of "b"

std::string digits(const char* text, DigestKind kind) {
  Digest digest(kind);
  digest.add(as_bytes(text));
  return hexadecimal(digest.finish());
}

Content content_of(const char* text) {
  Content content;
  Digest sha256(DigestKind::sha256), md5(DigestKind::md5);
  sha256.add(as_bytes(text));
  md5.add(as_bytes(text));
  std::ranges::copy(sha256.finish(), content.sha256.begin());
  std::ranges::copy(md5.finish(), content.md5.emplace().begin());
  return content;
}

class Root : public testing::Test {
 protected:
  void put(const std::string& path, std::string_view text) {
    const std::string whole = (root_ / path);
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    std::ofstream(whole, std::ios::binary) << text;
  }
  void link(const std::string& path, const std::string& to) {
    std::filesystem::create_directories(std::filesystem::path((root_ / path)).parent_path());
    std::filesystem::create_symlink(to, (root_ / path));
  }
  PackageIndex read() { return *PackageIndex::read(root_.path()); }
  /// "coreutils 9.1-1: weak" for each owner, of a file that holds `text`.
  static std::string owned(const PackageIndex& index, std::string_view path, const char* text) {
    const auto records = index.owners(path);
    std::string shown;
    for (const Record& record : records) shown += fmt::format("{}; ", record.package);
    return shown + std::string(name_of(compare(records, content_of(text))));
  }

  TemporaryFolder root_;
};

class Dpkg : public Root {
 protected:
  void SetUp() override {
    link("bin", "usr/bin");
    put("usr/bin/x", "");
    put("var/lib/dpkg/status",
        "Package: coreutils\nStatus: install ok installed\nArchitecture: amd64\nVersion: 9.1-1\n"
        "Conffiles:\n /etc/tool.conf 0cc175b9c0f1b6a831c399e269772661\n"
        " /etc/with blank 0cc175b9c0f1b6a831c399e269772661 obsolete\n\n"
        "Package: libz\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\nVersion: 1.2\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n"
        "Package: dash\nStatus: install ok unpacked\nArchitecture: all\nVersion: 0.5");
    put("var/lib/dpkg/info/coreutils.list",
        "/.\n/bin\n/bin/ls\n/usr\n/usr/bin\n/usr/bin/nosum\n/usr/bin/sh\n");
    put("var/lib/dpkg/info/coreutils.md5sums",
        fmt::format("{}  bin/ls\n{}  usr/bin/sh\nnonsense\n", kSumA, kSumB));
    put("var/lib/dpkg/info/libz:amd64.list", "/usr/lib/libz.so\n");
    put("var/lib/dpkg/info/libz:amd64.md5sums", fmt::format("{} *usr/lib/libz.so\n", kSumA));
    put("var/lib/dpkg/info/gone.list", "/usr/bin/gone\n");
    put("var/lib/dpkg/info/dash.list", "/usr/bin/sh\n");
    put("var/lib/dpkg/info/dash.md5sums", fmt::format("{}  usr/bin/sh\n", kSumA));
    put("var/lib/dpkg/diversions",
        "/usr/bin/sh\n/usr/bin/sh.real\ndash\n/usr/lib/libz.so\n/usr/lib/libz.old\n:\n");
  }
};

TEST_F(Dpkg, SaysWhoOwnsAFileAndWhetherItIsAsItWas) {
  const PackageIndex index = read();
  struct Row {
    std::string_view name, path;
    const char* text;
    std::string_view want;
  };
  for (const Row& row : {
           Row{"MergedUsr", "/usr/bin/ls", "a", "coreutils 9.1-1; weak"},
           Row{"NotThroughALink", "/bin/ls", "a", "unowned"},
           Row{"Altered", "/usr/bin/ls", "b", "coreutils 9.1-1; altered"},
           Row{"NoSum", "/usr/bin/nosum", "a", "coreutils 9.1-1; no_record"},
           Row{"ArchitectureInTheName", "/usr/lib/libz.old", "a", "libz 1.2; weak"},
           Row{"DivertedByTheOperator", "/usr/lib/libz.so", "a", "unowned"},
           Row{"DivertedAway", "/usr/bin/sh.real", "b", "coreutils 9.1-1; weak"},
           Row{"OfTheOneThatDiverts", "/usr/bin/sh", "a", "dash 0.5; weak"},
           Row{"Removed", "/usr/bin/gone", "a", "unowned"},
           Row{"Configuration", "/etc/tool.conf", "a", "coreutils 9.1-1; weak"},
           Row{"ChangedConfiguration", "/etc/tool.conf", "b", "coreutils 9.1-1; config_changed"},
           Row{"BlankInAName", "/etc/with blank", "a", "coreutils 9.1-1; weak"},
           Row{"Folder", "/usr/bin", "a", "unowned"},
       })
    EXPECT_EQ(owned(index, row.path, row.text), row.want) << row.name;
  EXPECT_EQ(index.packages(), 3u);
  ASSERT_EQ(index.faults().size(), 1u);
  EXPECT_EQ(index.faults()[0], "dpkg: 1 lines of coreutils.md5sums are no sums");
}

TEST_F(Dpkg, TellsWhatIsMissing) {
  std::filesystem::remove((root_ / "var/lib/dpkg/info/dash.list"));
  std::filesystem::remove((root_ / "var/lib/dpkg/info/coreutils.md5sums"));
  const PackageIndex index = read();
  ASSERT_EQ(index.faults().size(), 1u);
  EXPECT_EQ(index.faults()[0], "dpkg: dash has no list of its files");
  EXPECT_EQ(owned(index, "/usr/bin/ls", "a"), "coreutils 9.1-1; no_record");
}

class Rpm : public Root {};

TEST_F(Rpm, SaysWhoOwnsAFileAndWhetherItIsAsItWas) {
  link("bin", "usr/bin");
  std::filesystem::create_directories((root_ / "usr/bin"));
  const std::string a = digits("a", DigestKind::sha256);
  put("usr/lib/sysimage/rpm/Packages.db",
      rpmdb::ndb_file({rpmdb::files_blob("bash", {{"/bin/", "bash", a},
                                                  {"/etc/", "bashrc", a, 0100644, 1},
                                                  {"/var/", "ghost", a, 0100644, 64},
                                                  {"/usr/", "bin", "", 040755},
                                                  {"/usr/bin/", "odd", "zz"}}),
                       "no header"}));
  const PackageIndex index = read();
  EXPECT_EQ(owned(index, "/usr/bin/bash", "a"), "bash 1.0-2.el9; strong");
  EXPECT_EQ(owned(index, "/usr/bin/bash", "b"), "bash 1.0-2.el9; altered");
  EXPECT_EQ(owned(index, "/etc/bashrc", "b"), "bash 1.0-2.el9; config_changed");
  EXPECT_EQ(owned(index, "/usr/bin/odd", "b"), "bash 1.0-2.el9; no_record");
  EXPECT_EQ(owned(index, "/var/ghost", "a"), "unowned");
  EXPECT_EQ(owned(index, "/usr/bin", "a"), "unowned");
  EXPECT_EQ(index.faults().size(), 1u);
}

TEST_F(Rpm, DatabaseThatCannotBeReadIsTold) {
  put("var/lib/rpm/rpmdb.sqlite", "no database");
  const PackageIndex index = read();
  ASSERT_EQ(index.faults().size(), 1u);
  EXPECT_EQ(index.faults()[0], "rpm: no database of rpm in a form that is known");
}

TEST_F(Root, WithoutPackagesNothingIsOwned) { EXPECT_EQ(owned(read(), "/usr/bin/ls", "a"), "unowned"); }

TEST_F(Root, FoldersAreWhereTheirLinksLead) {
  link("lib", "usr/lib");
  link("usr/lib/deep", "../../opt/./x");
  link("loop", "loop");
  link("up", "../../etc");
  link("absolute", "/usr/share");
  PhysicalFolders folders(root_.path());
  EXPECT_EQ(folders.of(""), "");
  EXPECT_EQ(folders.of("/lib"), "/usr/lib");
  EXPECT_EQ(folders.of("/lib/deep/y"), "/opt/x/y");
  EXPECT_EQ(folders.of("/not/there"), "/not/there");
  EXPECT_EQ(folders.of("/loop/x"), "/loop/x");
  EXPECT_EQ(folders.of("/up"), "/etc");
  EXPECT_EQ(folders.of("/absolute/doc"), "/usr/share/doc");
}

TEST(Compare, OneThatAgreesIsEnough) {
  const Content a = content_of("a"), b = content_of("b");
  const Record strong{.package = "p", .kind = RecordKind::sha256, .digest = a.sha256, .config = false};
  const Record weak{.package = "p", .kind = RecordKind::md5, .digest = *a.md5, .config = false};
  const Record none{.package = "p", .kind = RecordKind::none, .digest = {}, .config = false};
  const Record other{.package = "p", .kind = RecordKind::md5, .digest = *b.md5, .config = false};
  EXPECT_EQ(compare(std::vector{none, other, weak}, a), Match::weak);
  EXPECT_EQ(compare(std::vector{weak, strong}, a), Match::strong);
  EXPECT_EQ(compare(std::vector{none, other}, a), Match::altered);
  Content without_md5 = a;
  without_md5.md5.reset();
  EXPECT_EQ(compare(std::vector{weak}, without_md5), Match::no_record);
}

}  // namespace
}  // namespace bansoko::trust
