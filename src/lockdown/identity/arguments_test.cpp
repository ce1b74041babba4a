// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/arguments.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::identity {
namespace {

using Words = std::vector<std::string_view>;

struct Case {
  std::string_view name;
  Words arguments;
  CodeArguments want;
};

CodeArguments files(std::vector<std::string> names) { return {.files = std::move(names)}; }
const CodeArguments kNone;
const CodeArguments kInputOnly{.from_input = true};
const CodeArguments kInlineOnly{.is_inline = true};

class CodeOf : public testing::TestWithParam<Case> {};

/// The language is told by the first argument, as the name of the program.
TEST_P(CodeOf, Arguments) {
  const CodeArguments got =
      code_arguments(language_of_program(GetParam().arguments.front()), GetParam().arguments);
  EXPECT_EQ(got.files, GetParam().want.files);
  EXPECT_EQ(got.from_input, GetParam().want.from_input);
  EXPECT_EQ(got.is_inline, GetParam().want.is_inline);
  EXPECT_EQ(got.truncated, GetParam().want.truncated);
}

INSTANTIATE_TEST_SUITE_P(
    Shell, CodeOf,
    testing::Values(Case{"Script", {"sh", "x"}, files({"x"})}, Case{"NoArguments", {"sh"}, kInputOnly},
                    Case{"EmptyScript", {"sh", ""}, kNone},
                    Case{"OnlyTheScript", {"bash", "x", "y", "-c"}, files({"x"})},
                    Case{"Command", {"sh", "-c", "id", "x"}, kInlineOnly},
                    Case{"CommandInCluster", {"sh", "-xec", "id", "x"}, kInlineOnly},
                    Case{"CommandNotGiven", {"sh", "-c"}, kNone},
                    Case{"OptionsBeforeCommand", {"bash", "-c", "-e", "id"}, kInlineOnly},
                    Case{"ReadsInput", {"bash", "-s", "x"}, kInputOnly},
                    Case{"SeparateOption", {"bash", "-o", "pipefail", "x"}, files({"x"})},
                    Case{"OptionInCluster", {"bash", "-euo", "pipefail", "x"}, files({"x"})},
                    Case{"TwoOptionsInCluster", {"bash", "-oo", "errexit", "pipefail", "x"}, files({"x"})},
                    Case{"OptionThenCommand", {"bash", "-oc", "errexit", "id"}, kInlineOnly},
                    Case{"PlusOption", {"bash", "+o", "pipefail", "x"}, files({"x"})},
                    Case{"PlusAlone", {"bash", "+", "x"}, files({"x"})},
                    Case{"ShellOption", {"bash", "-O", "extglob", "+O", "nullglob", "x"}, files({"x"})},
                    Case{"RcFile", {"bash", "--rcfile", "rc", "-i", "x"}, files({"rc", "x"})},
                    Case{"InitFile", {"bash", "--init-file", "rc", "x"}, files({"rc", "x"})},
                    Case{"RcFileOneDash", {"bash", "-rcfile", "rc", "x"}, files({"rc", "x"})},
                    Case{"LongOption", {"bash", "--posix", "--norc", "x"}, files({"x"})},
                    Case{"NoRcOneDash", {"bash", "-norc", "x"}, files({"x"})},
                    Case{"EndOfOptions", {"sh", "-e", "--", "-x"}, files({"-x"})},
                    Case{"DashEndsOptions", {"sh", "-", "x"}, files({"x"})},
                    Case{"Stdin", {"sh", "/dev/stdin"}, kInputOnly},
                    Case{"Descriptor", {"sh", "/dev/fd/63"}, files({"/dev/fd/63"})},
                    Case{"Path", {"/bin/dash", "/tmp/x"}, files({"/tmp/x"})},
                    Case{"CshBreak", {"tcsh", "-fb", "-x"}, files({"-x"})},
                    Case{"FishCommand", {"fish", "-c", "id", "x"}, kInlineOnly},
                    Case{"FishCommandAttached", {"fish", "-cid", "x"}, kInlineOnly},
                    Case{"FishInit",
                         {"fish", "--init-command=id", "x"},
                         CodeArguments{.files = {"x"}, .is_inline = true}},
                    Case{"FishProfile", {"fish", "-p", "out", "x"}, files({"x"})}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Python, CodeOf,
    testing::Values(
        Case{"Script", {"python3", "x", "-c"}, files({"x"})}, Case{"NoArguments", {"python3.11"}, kInputOnly},
        Case{"Command", {"python3", "-c", "1", "x"}, kInlineOnly},
        Case{"CommandAttached", {"python3", "-c1", "x"}, kInlineOnly},
        Case{"CommandInCluster", {"python3", "-Ec", "1", "-m"}, kInlineOnly},
        Case{"Module", {"python3", "-m", "http.server", "x"}, kNone},
        Case{"ModuleAttached", {"python3", "-Ihmjson"}, kNone},
        Case{"Dash", {"python3", "-", "x"}, kInputOnly},
        Case{"Values", {"python3", "-W", "ignore", "-Xdev", "-X", "utf8", "x"}, files({"x"})},
        Case{"LongOption", {"python3", "--check-hash-based-pycs", "never", "x"}, files({"x"})},
        Case{"OldDivision", {"python2", "-Q", "new", "x"}, files({"x"})},
        Case{"Interactive", {"python3", "-i", "x"}, CodeArguments{.files = {"x"}, .from_input = true}},
        Case{"EndOfOptions", {"python3", "-B", "--", "-x"}, files({"-x"})},
        Case{"Archive", {"python3", "app.pyz"}, files({"app.pyz"})}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Perl, CodeOf,
    testing::Values(
        Case{"Script", {"perl", "x", "-e"}, files({"x"})}, Case{"NoArguments", {"perl"}, kInputOnly},
        Case{"Dash", {"perl", "-w", "-"}, kInputOnly}, Case{"Command", {"perl", "-e", "1", "x"}, kInlineOnly},
        Case{"CommandAttached", {"perl", "-e1", "x"}, kInlineOnly},
        Case{"CommandInCluster", {"perl", "-lne", "1", "x"}, kInlineOnly},
        Case{"CommandAfterOctal", {"perl", "-0777ne", "1", "x"}, kInlineOnly},
        Case{"HexadecimalHasE", {"perl", "-0xe9", "x"}, files({"x"})},
        Case{"InPlaceHasE", {"perl", "-pie", "x"}, files({"x"})},
        Case{"SplitHasE", {"perl", "-Fe", "x"}, files({"x"})},
        Case{"DebugThenCommand", {"perl", "-de1", "x"}, kInlineOnly},
        Case{"DebuggerHasE", {"perl", "-d:e", "x"}, files({"x"})},
        Case{"ThreadDebuggerHasE", {"perl", "-dt:e", "x"}, files({"x"})},
        Case{"Folder", {"perl", "-I", "lib", "-Mstrict", "x"}, files({"x"})},
        Case{"ModuleWithCode", {"perl", "-Mstrict;system 1", "x"}, {.files = {"x"}, .is_inline = true}},
        Case{"Extract", {"perl", "-x/tmp", "mail"}, files({"mail"})},
        Case{"Searched", {"perl", "-S", "x"}, kNone},
        Case{"SearchedPath", {"perl", "-wS", "./x"}, files({"./x"})},
        Case{"EndOfOptions", {"perl", "--", "-x"}, files({"-x"})}),
    by_name);

}  // namespace
}  // namespace bansoko::identity
