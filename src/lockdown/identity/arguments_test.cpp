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

INSTANTIATE_TEST_SUITE_P(
    Php, CodeOf,
    testing::Values(
        Case{"Script", {"php", "x", "-r"}, files({"x"})}, Case{"NoArguments", {"php8.2"}, kInputOnly},
        Case{"File", {"php", "-f", "x", "y"}, files({"x"})},
        Case{"FileAttached", {"php", "-nfx"}, files({"x"})},
        Case{"FileEquals", {"php", "-f=x"}, files({"x"})},
        Case{"LongFile", {"php", "--file=x"}, files({"x"})},
        Case{"Code", {"php", "-r", "1;", "x"}, kInlineOnly},
        Case{"CodePerLine", {"php", "-B", "1;", "-R", "2;", "x"}, kInlineOnly},
        Case{"FilePerLine", {"php", "-F", "x", "y"}, files({"x"})},
        Case{"IniFile", {"php", "-c", "php.ini", "x"}, files({"x"})},
        Case{"Prepended", {"php", "-d", "auto_prepend_file=p", "x"}, files({"p", "x"})},
        Case{"Appended", {"php", "-dauto_append_file = \"p\"", "x"}, files({"p", "x"})},
        Case{"PrependedOnSecondLine", {"php", "-d", "a=1\nauto_prepend_file=p", "x"}, files({"p", "x"})},
        Case{"Preloaded", {"php", "-dopcache.preload=p", "x"}, files({"p", "x"})},
        Case{"OtherSetting", {"php", "-d", "memory_limit=1M", "x"}, files({"x"})},
        Case{"Extension", {"php", "-dextension=gd", "-dextension=/e.so", "x"}, files({"/e.so", "x"})},
        Case{"ZendExtension", {"php", "-z", "./z", "x"}, files({"./z", "x"})},
        Case{"PrependedInput",
             {"php", "-dauto_prepend_file=php://stdin", "x"},
             {.files = {"x"}, .from_input = true}},
        Case{"PrependedData",
             {"php", "-dauto_prepend_file=data:,<?php", "x"},
             {.files = {"x"}, .is_inline = true}},
        Case{"PrependedFarAway",
             {"php", "-dauto_prepend_file=http://h/p", "x"},
             {.files = {"x"}, .truncated = true}},
        Case{"CompressedScript", {"php", "compress.zlib://x"}, files({"x"})},
        Case{"Router", {"php", "-S", "[::]:80", "-t", "web", "x"}, files({"x"})},
        Case{"Server", {"php", "-S", "[::]:80"}, kNone}, Case{"AfterEnd", {"php", "--", "x"}, kInputOnly},
        Case{"FileBeforeEnd", {"php", "-f", "x", "--", "y"}, files({"x"})},
        Case{"Fpm", {"php-fpm8.2", "-F", "-y", "fpm.conf", "-dauto_prepend_file=p"}, files({"p"})},
        Case{"Cgi", {"php-cgi", "-b", "9000", "x"}, files({"x"})}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Ruby, CodeOf,
    testing::Values(Case{"Script", {"ruby", "x", "-e"}, files({"x"})},
                    Case{"NoArguments", {"ruby"}, kInputOnly},
                    Case{"Command", {"ruby", "-ne", "1", "x"}, kInlineOnly},
                    Case{"Required", {"ruby", "-r", "./r", "-rset", "x"}, files({"./r", "x"})},
                    Case{"RequiredAttached", {"ruby", "-wr/r.rb", "x"}, files({"/r.rb", "x"})},
                    Case{"OtherFolder", {"ruby", "-C", "/a", "-Cb", "x"}, files({"/a/b/x"})},
                    Case{"OtherFolderAbsolute", {"ruby", "-X/a", "/x"}, files({"/x"})},
                    Case{"Searched", {"ruby", "-S", "x"}, files({"x"})},
                    Case{"KanjiIsNoCommand", {"ruby", "-Ke", "x"}, files({"x"})},
                    Case{"WarningLevel", {"ruby", "-W2", "-W:no-deprecated", "x"}, files({"x"})},
                    Case{"Encoding", {"ruby", "-E", "utf-8", "--disable", "gems", "x"}, files({"x"})},
                    Case{"InPlace", {"ruby", "-i.e", "-pe", "1", "x"}, kInlineOnly}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Node, CodeOf,
    testing::Values(
        Case{"Script", {"node", "x", "-e"}, files({"x"})}, Case{"NoArguments", {"nodejs"}, kInputOnly},
        Case{"Dash", {"node", "-", "x"}, kInputOnly}, Case{"Command", {"node", "-e", "1", "x"}, kInlineOnly},
        Case{"Printed", {"node", "-pe", "1"}, kInlineOnly},
        Case{"PrintEquals", {"node", "--print=1"}, kInlineOnly},
        Case{"PrintedScript", {"node", "-p", "-r", "./r", "x"}, files({"./r", "x"})},
        Case{"RequiredName", {"node", "-r", "esm", "x"}, files({"x"})},
        Case{"RequiredEquals", {"node", "--require=../r", "x"}, files({"../r", "x"})},
        Case{"Underscore", {"node", "--experimental_loader", "./l", "x"}, files({"./l", "x"})},
        Case{"ImportedUrl", {"node", "--import", "file:///i", "x"}, files({"/i", "x"})},
        Case{
            "ImportedEncodedUrl", {"node", "--import=file:///%69", "x"}, {.files = {"x"}, .truncated = true}},
        Case{"ImportedData", {"node", "--import=data:,1", "x"}, {.files = {"x"}, .is_inline = true}},
        Case{"Value", {"node", "--title", "t", "-C", "dev", "x"}, files({"x"})},
        Case{"ValueOfEngine", {"node", "--max-old-space-size=64", "--inspect", "x"}, files({"x"})},
        Case{"Tests", {"node", "--test", "x", "y"}, files({"x", "y"})},
        Case{"Debugged", {"node", "inspect", "x"}, files({"inspect", "x"})},
        Case{"EndOfOptions", {"node", "--", "-x"}, files({"-x"})}, Case{"Version", {"node", "-v"}, kNone}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Java, CodeOf,
    testing::Values(
        Case{"Class", {"java", "Main", "-jar", "x"}, kNone}, Case{"NoArguments", {"java"}, kNone},
        Case{"Jar", {"java", "-jar", "x.jar", "y.jar"}, files({"x.jar"})},
        Case{"JarAfterOptions", {"java", "-jar", "-Da=b", "-Xmx1g", "x"}, files({"x"})},
        Case{"Source", {"java", "Main.java"}, files({"Main.java"})},
        Case{"SourceOfAnyName", {"java", "--source", "17", "x"}, files({"x"})},
        Case{"ClassPath", {"java", "-cp", "a.jar:lib/*::x:/classes", "Main"}, files({"x", "/classes"})},
        Case{"ClassPathEquals", {"java", "--class-path=x", "Main"}, files({"x"})},
        Case{"ClassPathProperty", {"java", "-Djava.class.path=x", "Main"}, files({"x"})},
        Case{"Boot", {"java", "-Xbootclasspath/a:x", "Main"}, files({"x"})},
        Case{"Agent", {"java", "-javaagent:a=x=y", "-agentpath:/b", "Main"}, files({"a", "/b"})},
        Case{"AgentWithoutFile", {"java", "-javaagent:=x", "Main"}, kNone},
        Case{"AgentByName", {"java", "-agentlib:jdwp=server=y", "Main"}, kNone},
        Case{"Module", {"java", "-p", "mods", "-m", "a/b", "x.java"}, files({"mods"})},
        Case{"PatchedModule", {"java", "--patch-module", "java.base=x", "Main"}, files({"x"})},
        Case{"ArgumentFile", {"java", "@args", "Main"}, files({"args"})},
        Case{"ArgumentFileAfterClass", {"java", "Main", "@args"}, kNone},
        Case{"TwoAts", {"java", "@@args", "Main"}, kNone},
        Case{"SharedArchive", {"java", "-XX:SharedArchiveFile=x.jsa", "Main"}, files({"x.jsa"})}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    LuaAndTcl, CodeOf,
    testing::Values(Case{"Lua", {"lua5.4", "x", "-e"}, files({"x"})}, Case{"LuaInput", {"lua"}, kInputOnly},
                    Case{"LuaDash", {"lua", "-"}, kInputOnly}, Case{"LuaVersion", {"lua", "-v"}, kNone},
                    Case{"LuaCode", {"lua", "-e", "a=1"}, kInlineOnly},
                    Case{"LuaCodeAndScript", {"lua", "-ea=1", "x"}, {.files = {"x"}, .is_inline = true}},
                    Case{"LuaLibrary", {"lua", "-l", "socket", "x"}, files({"x"})},
                    Case{"LuaInteractive", {"lua", "-i", "x"}, {.files = {"x"}, .from_input = true}},
                    Case{"LuaJit", {"luajit", "-j", "off", "-O3", "x"}, files({"x"})},
                    Case{"Tcl", {"tclsh8.6", "x", "-encoding"}, files({"x"})},
                    Case{"TclEncoding", {"tclsh", "-encoding", "utf-8", "x"}, files({"x"})},
                    Case{"TclSecondEncoding", {"tclsh", "-encoding", "a", "-encoding", "b", "x"}, kInputOnly},
                    Case{"TclOtherOption", {"tclsh", "-f", "x"}, kInputOnly},
                    Case{"TclEnd", {"tclsh", "--", "x"}, kInputOnly},
                    Case{"Wish", {"wish", "x"}, files({"x"})}, Case{"Expect", {"expect", "x"}, files({"x"})},
                    Case{"ExpectFile", {"expect", "-f", "x", "y"}, files({"x"})},
                    Case{"ExpectByLine", {"expect", "-b", "-"}, kInputOnly},
                    Case{"ExpectCode", {"expect", "-c", "exit"}, kInlineOnly},
                    Case{"ExpectCodeAndScript",
                         {"expect", "-dc", "set a 1", "--", "x"},
                         {.files = {"x"}, .is_inline = true}},
                    Case{"ExpectDebugger", {"expect", "-D", "1", "x"}, files({"x"})}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    AwkAndSed, CodeOf,
    testing::Values(
        Case{"Awk", {"awk", "{print}", "data"}, kInlineOnly}, Case{"AwkNothing", {"awk"}, kNone},
        Case{"AwkFile", {"awk", "-F:", "-v", "a=1", "-f", "x", "-fy", "data"}, files({"x", "y"})},
        Case{"AwkFileIsInput", {"awk", "-f", "-"}, kInputOnly},
        Case{"AwkOptionAfterProgram", {"awk", "{print}", "-f", "x"}, kInlineOnly},
        Case{"GawkExec", {"gawk", "-E", "x", "-f", "y"}, files({"x"})},
        Case{"GawkSource", {"gawk", "-e", "1", "data"}, kInlineOnly},
        Case{"GawkInclude", {"gawk", "-i", "x", "1", "data"}, {.files = {"x"}, .is_inline = true}},
        Case{"GawkLoad", {"gawk", "-l", "time", "-l./x", "-f", "y"}, files({"./x", "y"})},
        Case{"GawkDebug", {"gawk", "-Dx", "-f", "y"}, files({"x", "y"})},
        Case{"GawkLong", {"gawk", "--file=x", "--assign", "a=1", "--file", "y"}, files({"x", "y"})},
        Case{"GawkShortened", {"gawk", "--fil", "x"}, files({"x"})},
        Case{"GawkByPosixName", {"gawk", "-W", "file=x"}, files({"x"})},
        Case{"MawkExec", {"mawk", "-W", "exec", "x", "-f", "y"}, files({"x"})},
        Case{"MawkShortened", {"mawk", "-We", "x"}, files({"x"})},
        Case{"OriginalAwk", {"original-awk", "-safe", "-f", "x"}, files({"x"})},
        Case{"Sed", {"sed", "-n", "p", "data"}, kInlineOnly},
        Case{"SedCode", {"sed", "-ne", "p", "data"}, kInlineOnly},
        Case{"SedFile", {"sed", "-E", "-f", "x", "data"}, files({"x"})},
        Case{"SedFileAfterData", {"sed", "data", "-fx"}, files({"x"})},
        Case{"SedFileAfterEnd", {"sed", "p", "--", "-fx"}, kInlineOnly},
        Case{"SedInPlaceHasF", {"sed", "-if", "p", "data"}, kInlineOnly},
        Case{"SedLong", {"sed", "--line-length", "1", "--fi", "x"}, files({"x"})}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Started, CodeOf,
    testing::Values(
        Case{"Loader", {"/lib64/ld-linux-x86-64.so.2", "./x", "--preload", "y"}, files({"./x"})},
        Case{"LoaderNothing", {"ld.so"}, kNone},
        Case{"LoaderOptions",
             {"ld.so", "--library-path", "/l", "--preload", "/p:/q libr.so", "--audit", "/a", "./x"},
             files({"/p", "/q", "/a", "./x"})},
        Case{"LoaderMusl", {"ld-musl-x86_64.so.1", "--preload=/p", "--", "x"}, files({"/p", "x"})},
        Case{"LoaderSingleDash", {"ld.so", "-x"}, files({"-x"})},
        Case{"LoadedShell", {"ld.so", "/bin/sh", "x"}, files({"/bin/sh", "x"})},
        Case{"LoadedShellCommand",
             {"ld.so", "/bin/sh", "-c", "id"},
             {.files = {"/bin/sh"}, .is_inline = true}},
        Case{"LoadedApplet", {"ld.so", "--argv0", "sh", "/bin/busybox", "x"}, files({"/bin/busybox", "x"})},
        Case{"LoadedNameIsOnlyAName", {"ld.so", "--argv0", "cat", "/bin/sh", "x"}, files({"/bin/sh", "x"})},
        Case{"LoadersInARow", {"ld.so", "ld.so", "ld.so", "x"}, files({"ld.so", "x"})},
        Case{"LoadersUpToTheLimit",
             {"ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so"},
             files({"ld.so"})},
        Case{"LoadersBeyond",
             {"ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "ld.so", "x", "y"},
             {.files = {"ld.so", "x"}, .truncated = true}},
        Case{"BusyboxShell", {"busybox", "sh", "x"}, files({"x"})},
        Case{"BusyboxTwice", {"/bin/busybox", "busybox", "/a/ash", "-e", "x"}, files({"x"})},
        Case{"BusyboxAwk", {"busybox", "awk", "-f", "x"}, files({"x"})},
        Case{"BusyboxSed", {"busybox", "sed", "-f", "x"}, files({"x"})},
        Case{"BusyboxModule", {"busybox", "insmod", "x.ko"}, files({"x.ko"})},
        Case{"BusyboxOther", {"busybox", "env", "sh", "x"}, kNone}, Case{"BusyboxAlone", {"busybox"}, kNone},
        Case{"BusyboxOption", {"busybox", "--list"}, kNone},
        Case{"Toybox", {"toybox", "sh", "-c", "id"}, kInlineOnly},
        Case{"Insmod", {"insmod", "-f", "./x.ko", "a=1"}, files({"./x.ko"})},
        Case{"Kmod", {"kmod", "insmod", "x.ko"}, files({"x.ko"})},
        Case{"Modprobe", {"modprobe", "-v", "x"}, kNone},
        Case{"ModprobePath", {"modprobe", "-C", "/c", "./x.ko", "a=/b"}, files({"./x.ko"})},
        Case{"ModprobeAll", {"modprobe", "-a", "x", "/y.ko", "/z.ko"}, files({"/y.ko", "/z.ko"})},
        Case{"Make", {"make", "-s", "-f", "m", "all"}, files({"m"})},
        Case{"MakeAfterTarget", {"make", "all", "--file=m"}, files({"m"})},
        Case{"MakeDefault", {"make", "-j", "all"}, kNone},
        Case{"Gdb", {"gdb", "-nx", "-batch", "-x", "g", "/bin/ls"}, files({"g"})},
        Case{"GdbTwoDashes", {"gdb", "/bin/ls", "--command=g"}, files({"g"})},
        Case{"Sqlite", {"sqlite3", "-init", "s", "a.db"}, files({"s"})},
        Case{"Vim",
             {"vim", "-u", "NONE", "-es", "-S", "v", "-c", "qa!"},
             {.files = {"NONE", "v"}, .is_inline = true}},
        Case{"NoInterpreter", {"cat", "x"}, kNone}),
    by_name);

/// A program that many are in, as the kernel ran it and as it was called.
struct CalledCase {
  std::string_view name, program;
  Words arguments;
  CodeArguments want;
};

class CodeOfCalled : public testing::TestWithParam<CalledCase> {};

TEST_P(CodeOfCalled, AnotherName) {
  const CalledCase& c = GetParam();
  const CodeArguments got = code_arguments(language_of_program(c.program), c.arguments, c.program);
  EXPECT_TRUE(got == c.want) << testing::PrintToString(got.files);
}

INSTANTIATE_TEST_SUITE_P(
    Names, CodeOfCalled,
    testing::Values(CalledCase{"FishAsBash", "/usr/bin/fish", {"bash", "-p", "out", "x"}, files({"x"})},
                    CalledCase{"BashAsFish", "/bin/bash", {"fish", "-p", "x", "y"}, files({"x"})},
                    CalledCase{"LoginShell", "/bin/bash", {"-bash"}, kInputOnly},
                    CalledCase{"Applet", "/bin/busybox", {"sh", "x"}, files({"x"})},
                    CalledCase{"LoginApplet", "/bin/busybox", {"-sh", "x"}, files({"x"})},
                    CalledCase{"KernelModule", "/usr/bin/kmod", {"/sbin/insmod", "x"}, files({"x"})},
                    CalledCase{"NoName", "/bin/sh", {"", "x"}, files({"x"})},
                    CalledCase{"NoArguments", "/bin/sh", {}, kNone}),
    by_name);

struct LimitCase {
  std::string_view name;
  std::size_t arguments, files;
  bool truncated;
};

class CodeLimit : public testing::TestWithParam<LimitCase> {};

/// Each argument after the second is a module for modprobe.
TEST_P(CodeLimit, ManyFiles) {
  std::vector<std::string> texts{"modprobe", "-a"};
  while (texts.size() < GetParam().arguments) texts.push_back("/m" + std::to_string(texts.size()));
  const Words words(texts.begin(), texts.end());
  const CodeArguments got = code_arguments(Language::module, words);
  EXPECT_EQ(got.files.size(), GetParam().files);
  EXPECT_EQ(got.truncated, GetParam().truncated);
}

/// Each but the first is an option without a value.
TEST_P(CodeLimit, ManyOptions) {
  Words words(GetParam().arguments, "-x");
  words.front() = "sh";
  EXPECT_EQ(code_arguments(Language::shell, words).truncated, GetParam().arguments > kMostArguments);
}

INSTANTIATE_TEST_SUITE_P(Limits, CodeLimit,
                         testing::Values(LimitCase{"NoFile", 2, 0, false}, LimitCase{"OneFile", 3, 1, false},
                                         LimitCase{"MostFiles", kMostCodeFiles + 2, kMostCodeFiles, false},
                                         LimitCase{"OneFileMore", kMostCodeFiles + 3, kMostCodeFiles, true},
                                         LimitCase{"MostArguments", kMostArguments, kMostCodeFiles, true},
                                         LimitCase{"OneArgumentMore", kMostArguments + 1, kMostCodeFiles,
                                                   true}),
                         by_name);

TEST(CodeArgumentsOf, NameThatNoFileCanHaveIsNotIdentified) {
  const std::string longest(4095, 'x');
  const std::string longer(4096, 'x');
  EXPECT_TRUE(code_arguments(Language::shell, Words{"sh", longest}) == files({longest}));
  EXPECT_TRUE(code_arguments(Language::shell, Words{"sh", longer}) == CodeArguments{.truncated = true});
}

}  // namespace
}  // namespace bansoko::identity
