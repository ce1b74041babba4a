// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/file_kind.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "lockdown/identity/language.h"
#include "tests/cases.h"

namespace bansoko::identity {
namespace {

using namespace std::string_literals;

/// The first bytes of an ELF file: class 64, this order of bytes, this type.
std::string elf(char order, char first, char second) {
  return "\x7f"s + "ELF" + "\2" + order + "\1" + std::string(9, '\0') + first + second;
}

struct Case {
  std::string_view name;
  std::string head;
  FileKind want;
};

class KindOf : public testing::TestWithParam<Case> {};

TEST_P(KindOf, FirstBytes) { EXPECT_EQ(kind_of(as_bytes(GetParam().head)), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Files, KindOf,
    testing::Values(
        Case{"Empty", "", FileKind::empty}, Case{"Text", "hello\n", FileKind::data},
        Case{"Executable", elf(1, 2, 0), FileKind::program},
        Case{"SharedObject", elf(1, 3, 0), FileKind::program},
        Case{"BigEndian", elf(2, 0, 3), FileKind::program},
        Case{"Relocatable", elf(1, 1, 0), FileKind::object},
        Case{"BigEndianRelocatable", elf(2, 0, 1), FileKind::object},
        Case{"Core", elf(1, 4, 0), FileKind::data}, Case{"UnknownType", elf(1, 9, 9), FileKind::program},
        Case{"CutElf", "\x7f"s + "ELF", FileKind::program}, Case{"AlmostElf", "\x7f"s + "EL", FileKind::data},
        Case{"Script", "#!/bin/sh\n", FileKind::script}, Case{"ScriptMark", "#!", FileKind::script},
        Case{"OnlyHash", "#", FileKind::data},
        Case{"JavaClass", "\xca\xfe\xba\xbe\0\0\0\x34"s, FileKind::bytecode},
        Case{"Python", "\xa7\x0d\r\n"s + std::string(12, '\0'), FileKind::bytecode},
        Case{"Zip", "PK\3\4....", FileKind::archive}, Case{"Windows", "MZ\x90", FileKind::foreign}),
    by_name);

struct ProgramCase {
  std::string_view name, path;
  Language want;
};

class LanguageOf : public testing::TestWithParam<ProgramCase> {};

TEST_P(LanguageOf, Program) { EXPECT_EQ(language_of_program(GetParam().path), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Programs, LanguageOf,
    testing::Values(ProgramCase{"Shell", "/bin/sh", Language::shell},
                    ProgramCase{"VersionedPython", "/usr/bin/python3.11", Language::python},
                    ProgramCase{"PythonConfig", "/usr/bin/python3-config", Language::none},
                    ProgramCase{"Perl", "/usr/bin/perl5.36.0", Language::perl},
                    ProgramCase{"PhpFpm", "/usr/sbin/php-fpm8.2", Language::php},
                    ProgramCase{"Loader", "/lib64/ld-linux-x86-64.so.2", Language::loader},
                    ProgramCase{"OldLoader", "/lib64/ld-2.17.so", Language::loader},
                    ProgramCase{"Linker", "/usr/bin/ld", Language::none},
                    ProgramCase{"Ssh", "/usr/bin/ssh", Language::none},
                    ProgramCase{"Sha256sum", "/usr/bin/sha256sum", Language::none},
                    ProgramCase{"Kmod", "/bin/kmod", Language::module},
                    ProgramCase{"Editor", "/usr/bin/vim.basic", Language::vim},
                    ProgramCase{"Busybox", "busybox", Language::multi}),
    by_name);

struct CodeCase {
  std::string_view name;
  Language language;
  FileKind kind;
  std::string_view path;
  bool want;
};

class CodeFor : public testing::TestWithParam<CodeCase> {};

TEST_P(CodeFor, Opener) {
  EXPECT_EQ(is_code_for(GetParam().language, GetParam().kind, GetParam().path), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Files, CodeFor,
    testing::Values(CodeCase{"ScriptByShell", Language::shell, FileKind::script, "/x", true},
                    CodeCase{"ScriptByNothing", Language::none, FileKind::script, "/x", false},
                    CodeCase{"ModuleByPython", Language::python, FileKind::data, "/x/a.py", true},
                    CodeCase{"PythonByPerl", Language::perl, FileKind::data, "/x/a.py", false},
                    CodeCase{"OnlySuffix", Language::python, FileKind::data, "/x/.py", false},
                    CodeCase{"TextByPython", Language::python, FileKind::data, "/x/notes.txt", false},
                    CodeCase{"Bytecode", Language::python, FileKind::bytecode, "/x/a", true},
                    CodeCase{"JarByJava", Language::java, FileKind::archive, "/x/a.jar", true},
                    CodeCase{"JarByPython", Language::python, FileKind::archive, "/x/a.jar", false},
                    CodeCase{"IncludeByPhp", Language::php, FileKind::data, "/x/a.inc", true},
                    CodeCase{"KernelModule", Language::module, FileKind::object, "/x/a", true},
                    CodeCase{"PackedModule", Language::module, FileKind::data, "/x/a.ko.xz", true},
                    CodeCase{"ObjectByLinker", Language::none, FileKind::object, "/x/a.o", false},
                    CodeCase{"Makefile", Language::make, FileKind::data, "/x/Makefile", true},
                    CodeCase{"MakefileByCat", Language::none, FileKind::data, "/x/Makefile", false},
                    CodeCase{"ShellByBusybox", Language::multi, FileKind::data, "/x/a.sh", true}),
    by_name);

}  // namespace
}  // namespace bansoko::identity
