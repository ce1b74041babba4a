// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "lockdown/identity/arguments.h"
#include "lockdown/identity/language.h"

namespace bansoko::identity {

/// What environment variables ("NAME=value") name as code to a program of this language: BASH_ENV, ENV,
/// PYTHONSTARTUP, PERL5OPT, RUBYOPT, NODE_OPTIONS, JAVA_TOOL_OPTIONS, CLASSPATH, LUA_INIT, MAKEFILES and so
/// on; LD_PRELOAD and LD_AUDIT whatever the language. For the loader, which may start any of them, all are
/// looked at.
///
/// Files are as in code_arguments(). Some are read by an interactive program only and are given all the same.
/// Folders to search in (PATH, PYTHONPATH, PERL5LIB, AWKPATH, PHP_INI_SCAN_DIR) say nothing. A BASH_ENV that
/// the shell would expand is `truncated`. Of more than kMostArguments variables the rest is, too.
///
/// After ld.so(8), bash(1) "Bash Variables", sh(1posix) "ENV", python(1), perlrun(1), ruby(1), node(1), the
/// JDK guide "The JAVA_TOOL_OPTIONS Environment Variable", java(1) "JDK_JAVA_OPTIONS", lua(1).
CodeArguments code_environment(Language language, std::span<const std::string_view> environment);

}  // namespace bansoko::identity
