// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lockdown/identity/language.h"

namespace bansoko::identity {

/// More arguments are not looked at, and more files not named: `truncated`.
inline constexpr std::size_t kMostArguments = 4096;
inline constexpr std::size_t kMostCodeFiles = 64;

/// Where an interpreter takes its code from, by what it was started with.
struct CodeArguments {
  /// As written, so relative to the process's folder or not there at all; "/dev/fd/3" and "/proc/self" are
  /// the process's own. May be folders.
  std::vector<std::string> files = {};
  bool from_input = false;  // code comes from the standard input
  bool is_inline = false;   // code stands in the arguments or the environment itself
  bool truncated = false;   // there is code that is not named here: treat it as not identified
  friend bool operator==(const CodeArguments&, const CodeArguments&) = default;
};

/// What `arguments` (argv[0] first) name as code to a program of this language.
///
/// `program` is the path that the kernel ran, which tells fish from bash and php-fpm from php; argv[0] stands
/// in if it is empty, though whoever starts a program writes that as he likes. busybox and kmod go by
/// argv[0], and so does this.
///
/// A name that the interpreter searches for in its own folders (python -m, perl -S, lua -l, node -r NAME) is
/// not among the files: what it opens is judged then. So are entries of a class path with the name of a Java
/// archive. An argument file of java ("@FILE") is given as a file, as its options are not seen here.
///
/// After the manuals: bash(1), dash(1), fish(1), tcsh(1); python(1) "Command line"; perlrun(1); php(1);
/// ruby(1); node(1); java(1) with "Command-Line Argument Files"; lua(1); tclsh(1), expect(1); POSIX awk and
/// sed, "Guidelines for Utilities" (XBD 12.2), gawk "Command-Line Options", mawk(1); ld.so(8); insmod(8),
/// modprobe(8).
CodeArguments code_arguments(Language language, std::span<const std::string_view> arguments,
                             std::string_view program = {});

}  // namespace bansoko::identity
