// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/scan.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lockdown/scan/approval.h"
#include "lockdown/scan/report.h"
#include "lockdown/scan/walk.h"
#include "tests/temporary_folder.h"

namespace bansoko::scan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScript = "#!/bin/sh\n";

class ScanOf : public testing::Test {
 protected:
  void put(const std::string& path, std::string_view text, ::mode_t mode = 0644) {
    fs::create_directories(fs::path(root_ / path).parent_path());
    put_file(root_ / path, text);
    ::chmod((root_ / path).c_str(), mode);
  }

  Result<Scan> scan(unsigned threads = 2) {
    auto journal = Journal::open(state_ / "scan");
    const auto packages = trust::PackageIndex::read(root_.path());
    options_.root = root_.path();
    options_.threads = threads;
    options_.state_folder = state_.path();
    return run(options_, *packages, *journal, Pacer(false), [](const Progress&) {});
  }

  static std::string paths_of(const Scan& scan) {
    std::string paths;
    for (const Found& found : scan.found) paths += (paths.empty() ? "" : " ") + found.path;
    return paths;
  }

  TemporaryFolder root_, state_;
  Options options_;
};

TEST_F(ScanOf, FindsWhatCanExecute) {
  put("usr/bin/x", kScript);
  put("usr/bin/plain", "text", 0755);
  put("usr/share/doc/readme", "text");
  put("usr/lib/python3/a.py", "print()");
  put("home/b.py", "print()");
  put("empty.sh", "");
  fs::create_symlink("x", root_ / "usr/bin/link");
  ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0777), 0);
  const auto result = scan();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(paths_of(*result), "/usr/bin/plain /usr/bin/x /usr/lib/python3/a.py");
  EXPECT_EQ(result->totals.files, 6u);
  ASSERT_EQ(result->outside.size(), 1u);
  EXPECT_EQ(result->outside[0].folder, "/home");
  EXPECT_EQ(identity::to_text(result->found[1].digest),
            "a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf");
}

TEST_F(ScanOf, CodeTreesAreTakenIn) {
  put("home/b.py", "print()");
  options_.code_trees = {"/home"};
  EXPECT_EQ(paths_of(*scan()), "/home/b.py");
}

TEST_F(ScanOf, HardLinksAreReadOnce) {
  put("a/x", kScript);
  fs::create_hard_link(root_ / "a/x", root_ / "a/y");
  const auto result = scan(1);
  EXPECT_EQ(paths_of(*result), "/a/x /a/y");
  EXPECT_EQ(result->totals.digested, 1u);
  EXPECT_EQ(result->found[0].digest, result->found[1].digest);
}

TEST_F(ScanOf, NamesOfAnyBytesComeBackFromTheResult) {
  put("a\n\xff \"b", kScript);
  const auto result = scan();
  const auto again = from_json_lines(to_json_lines(*result));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->found[0].path, "/a\n\xff \"b");
  EXPECT_EQ(again->found[0].digest, result->found[0].digest);
  EXPECT_EQ(again->found[0].suspicions, result->found[0].suspicions);
}

TEST_F(ScanOf, WhatIsTooLargeIsNamed) {
  put("big", kScript);
  fs::resize_file(root_ / "big", 5000);
  options_.max_size = 4999;
  const auto result = scan();
  EXPECT_EQ(paths_of(*result), "");
  ASSERT_EQ(result->left_out.size(), 1u);
  EXPECT_EQ(result->left_out[0].path, "/big");
  EXPECT_EQ(result->left_out[0].reason, Reason::too_large);
  options_.max_size = 5000;
  EXPECT_EQ(paths_of(*scan()), "/big");
}

TEST_F(ScanOf, UnchangedFilesAreNotReadAgain) {
  put("a", kScript);
  const timespec old[] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (root_ / "a").c_str(), old, 0), 0);
  // The time of change cannot be set: the journal is written as if it were old.
  struct stat about {};
  ASSERT_EQ(::stat((root_ / "a").c_str(), &about), 0);
  Reading reading{.state = identity::state_of(about),
                  .kind = identity::FileKind::script,
                  .digested = true,
                  .content = {}};
  reading.content.sha256.fill(1);
  {
    auto journal = Journal::open(state_ / "scan");
    journal->add(reading, reading.state.changed + Journal::kSettled);
    ASSERT_TRUE(journal->flush());
  }
  const auto result = scan();
  EXPECT_EQ(result->totals.digested, 0u);
  EXPECT_EQ(result->found[0].digest, reading.content.sha256);
}

TEST_F(ScanOf, FolderThatAnybodyMayWriteIsSuspicious) {
  put("open/sub/x", kScript);
  put("sticky/x", kScript);
  ::chmod((root_ / "open").c_str(), 0777);
  ::chmod((root_ / "sticky").c_str(), 01777);
  const auto result = scan();
  EXPECT_TRUE(result->found[0].suspicions.has(Suspicion::open_to_all));
  EXPECT_FALSE(result->found[1].suspicions.has(Suspicion::open_to_all));
  options_.paths = {"/open/sub"};
  EXPECT_TRUE(scan()->found[0].suspicions.has(Suspicion::open_to_all)) << "also from below it";
}

TEST_F(ScanOf, PathsMustBeThere) {
  options_.paths = {"/none"};
  EXPECT_EQ(scan().error().code, Errc::not_found);
  options_.paths = {"relative"};
  EXPECT_EQ(scan().error().code, Errc::invalid);
  fs::create_symlink(state_.path(), root_ / "out");
  options_.paths = {"/out"};
  EXPECT_EQ(scan().error().code, Errc::invalid) << "leads out of the root";
}

TEST_F(ScanOf, NestedPathsAreScannedOnce) {
  put("a/b/x", kScript);
  options_.paths = {"/a/b", "/a", "/a/b/x"};
  EXPECT_EQ(paths_of(*scan()), "/a/b/x");
}

TEST(ForeignFilesystem, IsToldByItsType) {
  EXPECT_EQ(foreign_filesystem(0x9fa0), "proc");
  EXPECT_EQ(foreign_filesystem(0x6969), "nfs");
  EXPECT_EQ(foreign_filesystem(0xef53), "") << "ext4";
  EXPECT_EQ(foreign_filesystem(0x01021994), "") << "tmpfs";
}

Found found_at(const std::string& path, std::uint8_t digest,
               std::initializer_list<Suspicion> suspicions = {}) {
  Found found;
  found.path = path;
  found.digest.fill(digest);
  for (const Suspicion one : suspicions) found.suspicions.add(one);
  return found;
}

TEST(Approval, LeavesOutWhatIsSuspiciousUnlessChosen) {
  Scan scan;
  scan.found = {found_at("/a", 1), found_at("/b", 2, {Suspicion::recent}),
                found_at("/c/d", 3, {Suspicion::altered}), found_at("/c/m", 4, {Suspicion::malware}),
                found_at("/copy", 4)};
  const auto shown = [&](const Chosen& chosen) {
    const Approval approval = approval_of(scan, chosen);
    std::string text;
    for (const auto& entry : approval.entries) text += std::string(entry.path) + " ";
    return text + fmt::format("{} {} {}", approval.suspicious, approval.malware, approval.not_found.size());
  };
  EXPECT_EQ(shown({}), "/a 2 2 0");
  EXPECT_EQ(shown({.all_suspicious = true}), "/a /b /c/d 0 2 0");
  EXPECT_EQ(shown({.paths = {"/b"}}), "/a /b 1 2 0");
  EXPECT_EQ(shown({.paths = {"/c/"}}), "/a /c/d 1 2 0");
  EXPECT_EQ(shown({.paths = {"/c/x", "/ap"}}), "/a 2 2 2");
}

TEST(Result, ThatIsCutOrOfAnotherIsRefused) {
  Scan scan;
  scan.found = {found_at("/a", 1)};
  scan.left_out = {{"/x", Reason::changing, "why"}};
  const std::string text = to_json_lines(scan);
  ASSERT_TRUE(from_json_lines(text));
  EXPECT_EQ(from_json_lines(text)->left_out[0].reason, Reason::changing);
  for (const std::string& wrong : {std::string(), text.substr(0, text.size() - 15), text + "{}\n",
                                   std::string("[]\n"), std::string("no\n")})
    EXPECT_FALSE(from_json_lines(wrong)) << wrong;
}

TEST(Report, ShowsSuspicionsInBothLanguages) {
  Scan scan;
  scan.paths = {"/"};
  scan.found = {found_at("/usr/bin/x\x1b", 1, {Suspicion::unpackaged, Suspicion::recent})};
  EXPECT_NE(to_text(scan, Lang::en, false).find("/usr/bin/x\\x1b; recent"), std::string::npos);
  EXPECT_NE(to_text(scan, Lang::ja, false).find("どのパッケージにも属さない"), std::string::npos);
  EXPECT_NE(to_text({}, Lang::en, false).find("Nothing suspicious"), std::string::npos);
}

}  // namespace
}  // namespace bansoko::scan
