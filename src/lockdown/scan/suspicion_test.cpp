// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/suspicion.h"

#include <gtest/gtest.h>

#include "lockdown/scan/wanted.h"
#include "tests/cases.h"

namespace bansoko::scan {
namespace {

using identity::FileKind;
using trust::Match;

struct Case {
  std::string_view name, path;
  Match match = Match::unowned;
  std::uint32_t mode = 0100755;
  std::string_view want;  // words, in the order of the enumeration
  std::int64_t changed = 0;
  bool in_open_folder = false;
  bool compiled = false;
};

class SuspicionsOf : public testing::TestWithParam<Case> {};

TEST_P(SuspicionsOf, Facts) {
  Found found;
  found.path = GetParam().path;
  found.match = GetParam().match;
  found.state.mode = GetParam().mode;
  found.state.changed = GetParam().changed;
  found.in_open_folder = GetParam().in_open_folder;
  found.compiled = GetParam().compiled;
  const Suspicions suspicions = suspicions_of(found, 1000);
  std::string words;
  for (std::size_t i = 0; i < kSuspicions; ++i)
    if (suspicions.has(static_cast<Suspicion>(i)))
      words += (words.empty() ? "" : " ") + std::string(name_of(static_cast<Suspicion>(i)));
  EXPECT_EQ(words, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Files, SuspicionsOf,
    testing::Values(Case{"Packaged", "/usr/bin/ls", Match::strong, 0100755, ""},
                    Case{"PackagedByMd5", "/usr/bin/ls", Match::weak, 0100755, ""},
                    Case{"PackagedAndYoung", "/usr/bin/ls", Match::strong, 0100755, "", 1001},
                    Case{"PackagedSetuid", "/usr/bin/su", Match::strong, 0104755, ""},
                    Case{"Altered", "/usr/bin/ls", Match::altered, 0100755, "altered"},
                    Case{"AlteredSetuid", "/usr/bin/su", Match::altered, 0104755, "altered setuid"},
                    Case{"Unpackaged", "/usr/bin/x", Match::unowned, 0100755, "unpackaged"},
                    Case{"UnpackagedInLib", "/lib/modules/x.ko", Match::unowned, 0100644, "unpackaged"},
                    Case{"OperatorsFolder", "/usr/local/bin/x", Match::unowned, 0100755, ""},
                    Case{"ElsewhereIsNoSystem", "/opt/x", Match::unowned, 0100755, ""},
                    Case{"NameThatOnlyBegins", "/usrx/bin/x", Match::unowned, 0100755, ""},
                    Case{"Setgid", "/opt/x", Match::unowned, 0102755, "setuid"},
                    Case{"SetgidWithoutExecution", "/opt/x", Match::unowned, 0102644, ""},
                    Case{"Temporary", "/tmp/a/x", Match::unowned, 0100755, "temporary"},
                    Case{"SharedMemory", "/dev/shm/x", Match::unowned, 0100755, "temporary"},
                    Case{"Hidden", "/usr/lib/.x/y", Match::unowned, 0100755, "unpackaged hidden"},
                    Case{"HiddenAtHome", "/home/a/.x", Match::unowned, 0100755, ""},
                    Case{"WritableByAll", "/opt/x", Match::unowned, 0100757, "open_to_all"},
                    Case{"FolderWritableByAll", "/opt/x", Match::strong, 0100755, "open_to_all", 0, true},
                    Case{"NoRecord", "/usr/bin/x", Match::no_record, 0100755, "unverified"},
                    Case{"Configuration", "/etc/init.d/x", Match::config_changed, 0100755, "config_changed"},
                    Case{"Recent", "/opt/x", Match::unowned, 0100755, "recent", 1001},
                    Case{"JustNotRecent", "/opt/x", Match::unowned, 0100755, "", 1000},
                    Case{"CompiledFromAPackage", "/usr/lib/x.pyc", Match::unowned, 0100644, "", 2000, false,
                         true}),
    by_name);

struct WantedCase {
  std::string_view name, path;
  FileKind kind;
  Wanted want;
  std::uint32_t mode = 0100644;
  bool owned = false;
  bool in_tree = false;
};

class WantedOf : public testing::TestWithParam<WantedCase> {};

TEST_P(WantedOf, Facts) {
  const WantedCase& row = GetParam();
  EXPECT_EQ(wanted({row.kind, row.path, row.mode, row.owned, row.in_tree}), row.want);
}

INSTANTIATE_TEST_SUITE_P(
    Files, WantedOf,
    testing::Values(WantedCase{"Library", "/x/a", FileKind::program, Wanted::yes},
                    WantedCase{"ScriptWithoutMode", "/x/a", FileKind::script, Wanted::yes},
                    WantedCase{"TextWithMode", "/x/a", FileKind::data, Wanted::yes, 0100755},
                    WantedCase{"EmptyWithMode", "/x/a", FileKind::empty, Wanted::no, 0100755},
                    WantedCase{"Text", "/x/a", FileKind::data, Wanted::no},
                    WantedCase{"Object", "/x/a.o", FileKind::object, Wanted::no},
                    WantedCase{"KernelModule", "/x/a.ko", FileKind::object, Wanted::yes},
                    WantedCase{"PackedKernelModule", "/x/a.ko.xz", FileKind::data, Wanted::yes},
                    WantedCase{"Bytecode", "/x/a", FileKind::bytecode, Wanted::yes},
                    WantedCase{"Jar", "/x/a.jar", FileKind::archive, Wanted::yes},
                    WantedCase{"Zip", "/x/a.zip", FileKind::archive, Wanted::no},
                    WantedCase{"Windows", "/x/a.exe", FileKind::foreign, Wanted::no},
                    WantedCase{"PythonInATree", "/x/a.py", FileKind::data, Wanted::yes, 0100644, false, true},
                    WantedCase{"PythonOfAPackage", "/x/a.py", FileKind::data, Wanted::yes, 0100644, true},
                    WantedCase{"PythonElsewhere", "/x/a.py", FileKind::data, Wanted::outside},
                    WantedCase{"ShellElsewhere", "/x/a.sh", FileKind::data, Wanted::yes}),
    by_name);

TEST(CodeTrees, AreWhereInterpretersLook) {
  const CodeTrees trees({"/srv/app/"});
  for (const char* const path :
       {"/usr/lib/python3/dist-packages/a.py", "/usr/lib/python3.11/a.py",
        "/usr/lib/x86_64-linux-gnu/perl5/5.36/A.pm", "/var/www/html/a.php", "/srv/app/a.py",
        "/usr/share/perl/5.36/A.pm", "/usr/lib/node_modules/npm/a.js"})
    EXPECT_TRUE(trees.contain(path)) << path;
  for (const char* const path :
       {"/home/a.py", "/usr/lib/python3", "/usr/lib/a.py", "/srv/apple/a.py", "/srv/app", "/usr/lib/ruby.py"})
    EXPECT_FALSE(trees.contain(path)) << path;
}

}  // namespace
}  // namespace bansoko::scan
