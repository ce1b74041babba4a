// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "lockdown/identity/argument_grammar.h"

/// The options of each program that say something of code, or take a value that would else be mistaken for
/// the script. What is not here takes no value of its own. For argument_grammar.cpp alone.
namespace bansoko::identity::options {

using enum Value;
using enum Role;

inline constexpr std::array kShell{
    Option{"c", none, ignored, kCommand},
    Option{"s", none, ignored, kInput | kProgram},
    Option{"o", next},
    Option{"O", next},
    Option{"--rcfile", rest_or_next, file},
    Option{"-rcfile", rest_or_next, file},
    Option{"--init-file", rest_or_next, file},
    Option{"-init-file", rest_or_next, file},
    Option{"-debugger"},
    Option{"-dump-po-strings"},
    Option{"-dump-strings"},
    Option{"-login"},
    Option{"-noediting"},
    Option{"-noprofile"},
    Option{"-norc"},
    Option{"-posix"},
    Option{"-protected"},
    Option{"-restricted"},
    Option{"-verbose"},
    Option{"-wordexp"},
    Option{"--emulate", rest_or_next},  // zsh
};

/// In these "b" ends the options.
inline constexpr std::array kBreakingShell{
    Option{"c", none, ignored, kCommand},
    Option{"s", none, ignored, kInput | kProgram},
    Option{"o", next},
    Option{"b", none, ignored, kEnds},
    Option{"--emulate", rest_or_next},
};

inline constexpr std::array kFish{
    Option{"c", rest_or_next, code, kProgram},
    Option{"C", rest_or_next, code},
    Option{"d", rest_or_next},
    Option{"D", rest_or_next},
    Option{"f", rest_or_next},
    Option{"o", rest_or_next},
    Option{"p", rest_or_next},
    Option{"--command", rest_or_next, code, kProgram},
    Option{"--init-command", rest_or_next, code},
    Option{"--debug", rest_or_next},
    Option{"--debug-output", rest_or_next},
    Option{"--debug-stack-frames", rest_or_next},
    Option{"--features", rest_or_next},
    Option{"--profile", rest_or_next},
    Option{"--profile-startup", rest_or_next},
};

inline constexpr std::array kPython{
    Option{"c", rest_or_next, code, kProgram | kEnds},
    Option{"m", rest_or_next, ignored, kProgram | kEnds},
    Option{"i", none, ignored, kInput},
    Option{"Q", rest_or_next},
    Option{"W", rest_or_next},
    Option{"X", rest_or_next},
    Option{"--check-hash-based-pycs", rest_or_next},
    Option{"--jit", rest_or_next},  // PyPy
};

inline constexpr std::array kPerl{
    Option{"e", rest_or_next, code, kProgram},
    Option{"E", rest_or_next, code, kProgram},
    Option{"m", rest_or_next, module_text},
    Option{"M", rest_or_next, module_text},
    Option{"I", rest_or_next},
    Option{"C", rest},
    Option{"D", rest},
    Option{"F", rest},
    Option{"i", rest},
    Option{"x", rest},
    Option{"l", octal},
    Option{"0", number},
    Option{"d", after_colon},
    Option{"V", after_colon},
    Option{"S", none, ignored, kSearched},
};

/// PHP (cli and cgi). "-F" reads the code once for each line of the input.
inline constexpr std::array kPhp{
    Option{"a", none, ignored, kInput},
    Option{"B", rest_or_next, code},
    Option{"E", rest_or_next, code},
    Option{"R", rest_or_next, code, kProgram},
    Option{"r", rest_or_next, code, kProgram},
    Option{"F", rest_or_next, file, kProgram},
    Option{"f", rest_or_next, file, kProgram},
    Option{"z", rest_or_next, module_file},
    Option{"d", rest_or_next, setting},
    Option{"b", rest_or_next},  // of the cgi
    Option{"c", rest_or_next},
    Option{"S", rest_or_next, ignored, kNoInput},
    Option{"T", rest_or_next},  // of the cgi
    Option{"t", rest_or_next},
    Option{"h", none, ignored, kNoInput},
    Option{"i", none, ignored, kNoInput},
    Option{"m", none, ignored, kNoInput},
    Option{"v", none, ignored, kNoInput},
    Option{"--interactive", none, ignored, kInput},
    Option{"--process-begin", rest_or_next, code},
    Option{"--process-end", rest_or_next, code},
    Option{"--process-code", rest_or_next, code, kProgram},
    Option{"--process-file", rest_or_next, file, kProgram},
    Option{"--run", rest_or_next, code, kProgram},
    Option{"--file", rest_or_next, file, kProgram},
    Option{"--zend-extension", rest_or_next, module_file},
    Option{"--define", rest_or_next, setting},
    Option{"--php-ini", rest_or_next},
    Option{"--bindpath", rest_or_next},
    Option{"--server", rest_or_next, ignored, kNoInput},
    Option{"--docroot", rest_or_next},
    Option{"--timing", rest_or_next},
    Option{"--rf", rest_or_next, ignored, kProgram},
    Option{"--rfunction", rest_or_next, ignored, kProgram},
    Option{"--rc", rest_or_next, ignored, kProgram},
    Option{"--rclass", rest_or_next, ignored, kProgram},
    Option{"--re", rest_or_next, ignored, kProgram},
    Option{"--rextension", rest_or_next, ignored, kProgram},
    Option{"--rz", rest_or_next, ignored, kProgram},
    Option{"--rzendextension", rest_or_next, ignored, kProgram},
    Option{"--ri", rest_or_next, ignored, kProgram},
    Option{"--rextinfo", rest_or_next, ignored, kProgram},
    Option{"--help", none, ignored, kNoInput},
    Option{"--info", none, ignored, kNoInput},
    Option{"--ini", none, ignored, kNoInput},
    Option{"--modules", none, ignored, kNoInput},
    Option{"--version", none, ignored, kNoInput},
};

inline constexpr std::array kPhpFpm{
    Option{"d", rest_or_next, setting},
    Option{"--define", rest_or_next, setting},
    Option{"c", rest_or_next},
    Option{"g", rest_or_next},
    Option{"p", rest_or_next},
    Option{"y", rest_or_next},
    Option{"--fpm-config", rest_or_next},
    Option{"--php-ini", rest_or_next},
    Option{"--pid", rest_or_next},
    Option{"--prefix", rest_or_next},
};

inline constexpr std::array kRuby{
    Option{"e", rest_or_next, code, kProgram},
    Option{"r", rest_or_next, module_file},
    Option{"C", rest_or_next, folder},
    Option{"X", rest_or_next, folder},
    Option{"E", rest_or_next},
    Option{"I", rest_or_next},
    Option{"F", rest},
    Option{"i", rest},
    Option{"x", rest},
    Option{"0", number},
    Option{"W", after_colon},
    Option{"K", one_letter},
    Option{"--backtrace-limit", rest_or_next},
    Option{"--disable", rest_or_next},
    Option{"--dump", rest_or_next},
    Option{"--enable", rest_or_next},
    Option{"--encoding", rest_or_next},
    Option{"--external-encoding", rest_or_next},
    Option{"--internal-encoding", rest_or_next},
    Option{"--parser", rest_or_next},
};

/// Short options stand alone.
inline constexpr std::array kNode{
    Option{"-e", rest_or_next, code, kProgram},
    Option{"-p", optional_next, code, kProgram},
    Option{"-pe", rest_or_next, code, kProgram},
    Option{"--eval", rest_or_next, code, kProgram},
    Option{"--print", optional_next, code, kProgram},
    Option{"-r", rest_or_next, module_file},
    Option{"--require", rest_or_next, module_file},
    Option{"--import", rest_or_next, module_file},
    Option{"--loader", rest_or_next, module_file},
    Option{"--experimental-loader", rest_or_next, module_file},
    Option{"--snapshot-blob", rest_or_next, file},
    Option{"-i", none, ignored, kInput},
    Option{"--interactive", none, ignored, kInput},
    Option{"--test", none, ignored, kAllOperands},
    Option{"--test-global-setup", rest_or_next, file},
    Option{"--run", rest_or_next, ignored, kProgram},
    Option{"-h", none, ignored, kNoInput},
    Option{"--help", none, ignored, kNoInput},
    Option{"-v", none, ignored, kNoInput},
    Option{"--version", none, ignored, kNoInput},
    Option{"-C", rest_or_next},
    Option{"--allow-fs-read", rest_or_next},
    Option{"--allow-fs-write", rest_or_next},
    Option{"--build-snapshot-config", rest_or_next},
    Option{"--conditions", rest_or_next},
    Option{"--cpu-prof-dir", rest_or_next},
    Option{"--cpu-prof-interval", rest_or_next},
    Option{"--cpu-prof-name", rest_or_next},
    Option{"--debug-port", rest_or_next},
    Option{"--diagnostic-dir", rest_or_next},
    Option{"--disable-proto", rest_or_next},
    Option{"--disable-warning", rest_or_next},
    Option{"--dns-result-order", rest_or_next},
    Option{"--env-file", rest_or_next},
    Option{"--env-file-if-exists", rest_or_next},
    Option{"--es-module-specifier-resolution", rest_or_next},
    Option{"--experimental-config-file", rest_or_next},
    Option{"--experimental-default-type", rest_or_next},
    Option{"--experimental-policy", rest_or_next},
    Option{"--experimental-sea-config", rest_or_next},
    Option{"--heap-prof-dir", rest_or_next},
    Option{"--heap-prof-interval", rest_or_next},
    Option{"--heap-prof-name", rest_or_next},
    Option{"--heapsnapshot-near-heap-limit", rest_or_next},
    Option{"--heapsnapshot-signal", rest_or_next},
    Option{"--icu-data-dir", rest_or_next},
    Option{"--input-type", rest_or_next},
    Option{"--inspect-port", rest_or_next},
    Option{"--inspect-publish-uid", rest_or_next},
    Option{"--localstorage-file", rest_or_next},
    Option{"--max-http-header-size", rest_or_next},
    Option{"--network-family-autoselection-attempt-timeout", rest_or_next},
    Option{"--openssl-config", rest_or_next},
    Option{"--policy-integrity", rest_or_next},
    Option{"--redirect-warnings", rest_or_next},
    Option{"--report-dir", rest_or_next},
    Option{"--report-directory", rest_or_next},
    Option{"--report-filename", rest_or_next},
    Option{"--report-signal", rest_or_next},
    Option{"--secure-heap", rest_or_next},
    Option{"--secure-heap-min", rest_or_next},
    Option{"--test-concurrency", rest_or_next},
    Option{"--test-coverage-branches", rest_or_next},
    Option{"--test-coverage-exclude", rest_or_next},
    Option{"--test-coverage-functions", rest_or_next},
    Option{"--test-coverage-include", rest_or_next},
    Option{"--test-coverage-lines", rest_or_next},
    Option{"--test-isolation", rest_or_next},
    Option{"--test-name-pattern", rest_or_next},
    Option{"--test-reporter", rest_or_next},
    Option{"--test-reporter-destination", rest_or_next},
    Option{"--test-shard", rest_or_next},
    Option{"--test-skip-pattern", rest_or_next},
    Option{"--test-timeout", rest_or_next},
    Option{"--title", rest_or_next},
    Option{"--tls-cipher-list", rest_or_next},
    Option{"--tls-keylog", rest_or_next},
    Option{"--trace-event-categories", rest_or_next},
    Option{"--trace-event-file-pattern", rest_or_next},
    Option{"--trace-require-module", rest_or_next},
    Option{"--unhandled-rejections", rest_or_next},
    Option{"--use-largepages", rest_or_next},
    Option{"--v8-pool-size", rest_or_next},
    Option{"--watch-kill-signal", rest_or_next},
    Option{"--watch-path", rest_or_next},
};
inline constexpr std::array<std::string_view, 2> kNodeDebuggers{"inspect", "debug"};

inline constexpr std::array kJava{
    Option{"-jar", none, ignored, kOperandFile},
    Option{"-m", rest_or_next, ignored, kProgram | kEnds},
    Option{"--module", rest_or_next, ignored, kProgram | kEnds},
    Option{"--source", rest_or_next, ignored, kOperandFile},
    Option{"-cp", rest_or_next, class_path},
    Option{"-classpath", rest_or_next, class_path},
    Option{"--class-path", rest_or_next, class_path},
    Option{"-Djava.class.path=", rest, class_path},
    Option{"-p", rest_or_next, class_path},
    Option{"--module-path", rest_or_next, class_path},
    Option{"--upgrade-module-path", rest_or_next, class_path},
    Option{"-Xbootclasspath:", rest, class_path},
    Option{"-Xbootclasspath/a:", rest, class_path},
    Option{"-Xbootclasspath/p:", rest, class_path},
    Option{"--patch-module", rest_or_next, patch},
    Option{"-javaagent:", rest, agent},
    Option{"-agentpath:", rest, agent},
    Option{"-XX:AOTCache=", rest, file},
    Option{"-XX:Flags=", rest, file},
    Option{"-XX:SharedArchiveFile=", rest, class_path},
    Option{"-XX:VMOptionsFile=", rest, file},
    Option{"--add-exports", rest_or_next},
    Option{"--add-modules", rest_or_next},
    Option{"--add-opens", rest_or_next},
    Option{"--add-reads", rest_or_next},
    Option{"-d", rest_or_next},
    Option{"--describe-module", rest_or_next},
    Option{"--enable-native-access", rest_or_next},
    Option{"--limit-modules", rest_or_next},
};

inline constexpr std::array kLua{
    Option{"e", rest_or_next, code, kNoInput},
    Option{"l", rest_or_next},
    Option{"i", none, ignored, kInput},
    Option{"v", none, ignored, kNoInput},
    Option{"j", rest_or_next},  // LuaJIT
    Option{"O", rest},
};

inline constexpr std::array kTcl{
    Option{"-encoding", rest_or_next, ignored, kEnds},  // the second one would be the script's
};

inline constexpr std::array kExpect{
    Option{"c", rest_or_next, code, kNoInput},
    Option{"f", rest_or_next, file, kProgram},
    Option{"b", rest_or_next, file, kProgram},
    Option{"i", none, ignored, kInput},
    Option{"D", rest_or_next},
};

/// "-W exec FILE" is of mawk; gawk takes any of its long options so.
inline constexpr std::array kAwk{
    Option{"f", rest_or_next, file, kProgram},
    Option{"e", rest_or_next, code, kProgram},
    Option{"E", rest_or_next, file, kProgram | kEnds},
    Option{"i", rest_or_next, file},
    Option{"l", rest_or_next, module_file},
    Option{"D", rest, file},
    Option{"W", rest_or_next, long_option},
    Option{"F", rest_or_next},
    Option{"v", rest_or_next},
    Option{"d", rest},
    Option{"L", rest},
    Option{"o", rest},
    Option{"p", rest},
    Option{"-safe"},  // of the one true awk
    Option{"-version"},
    Option{"--exec", rest_or_next, file, kProgram | kEnds},
    Option{"--file", rest_or_next, file, kProgram},
    Option{"--source", rest_or_next, code, kProgram},
    Option{"--include", rest_or_next, file},
    Option{"--load", rest_or_next, module_file},
    Option{"--debug", rest, file},
    Option{"--assign", rest_or_next},
    Option{"--field-separator", rest_or_next},
};

inline constexpr std::array kSed{
    Option{"e", rest_or_next, code, kProgram},
    Option{"f", rest_or_next, file, kProgram},
    Option{"l", rest_or_next},
    Option{"i", rest},
    Option{"--expression", rest_or_next, code, kProgram},
    Option{"--file", rest_or_next, file, kProgram},
    Option{"--line-length", rest_or_next},
};

inline constexpr std::array kLoader{
    Option{"--preload", rest_or_next, libraries},   Option{"--audit", rest_or_next, libraries},
    Option{"--argv0", rest_or_next, name},          Option{"--library-path", rest_or_next},
    Option{"--inhibit-rpath", rest_or_next},        Option{"--glibc-hwcaps-mask", rest_or_next},
    Option{"--glibc-hwcaps-prepend", rest_or_next},
};

inline constexpr std::array kModprobe{
    Option{"a", none, ignored, kAllOperands},
    Option{"C", rest_or_next},
    Option{"d", rest_or_next},
    Option{"S", rest_or_next},
    Option{"--all", none, ignored, kAllOperands},
    Option{"--config", rest_or_next},
    Option{"--dirname", rest_or_next},
    Option{"--set-version", rest_or_next},
};

/// GNU make.
inline constexpr std::array kMake{
    Option{"f", rest_or_next, file},
    Option{"--file", rest_or_next, file},
    Option{"--makefile", rest_or_next, file},
    Option{"C", rest_or_next, folder},
    Option{"--directory", rest_or_next, folder},
    Option{"E", rest_or_next, code},
    Option{"--eval", rest_or_next, code},
    Option{"I", rest_or_next},
    Option{"o", rest_or_next},
    Option{"W", rest_or_next},
    Option{"--include-dir", rest_or_next},
    Option{"--old-file", rest_or_next},
    Option{"--what-if", rest_or_next},
};

/// One dash or two.
inline constexpr std::array kGdb{
    Option{"-x", rest_or_next, file},
    Option{"--x", rest_or_next, file},
    Option{"-command", rest_or_next, file},
    Option{"--command", rest_or_next, file},
    Option{"-ix", rest_or_next, file},
    Option{"--ix", rest_or_next, file},
    Option{"-init-command", rest_or_next, file},
    Option{"--init-command", rest_or_next, file},
    Option{"-eix", rest_or_next, file},
    Option{"-early-init-command", rest_or_next, file},
    Option{"--early-init-command", rest_or_next, file},
    Option{"-ex", rest_or_next, code},
    Option{"-iex", rest_or_next, code},
    Option{"-eval-command", rest_or_next, code},
    Option{"--eval-command", rest_or_next, code},
};

inline constexpr std::array kSqlite{
    Option{"-init", rest_or_next, file}, Option{"--init", rest_or_next, file},
    Option{"-cmd", rest_or_next, code},  Option{"--cmd", rest_or_next, code},
    Option{"-separator", rest_or_next},  Option{"-newline", rest_or_next},
    Option{"-nullvalue", rest_or_next},  Option{"-vfs", rest_or_next},
};

inline constexpr std::array kVim{
    Option{"-S", rest_or_next, file}, Option{"-u", rest_or_next, file}, Option{"-U", rest_or_next, file},
    Option{"-s", rest_or_next, file}, Option{"-c", rest_or_next, code}, Option{"--cmd", rest_or_next, code},
    Option{"-i", rest_or_next},       Option{"-T", rest_or_next},       Option{"-w", rest_or_next},
    Option{"-W", rest_or_next},       Option{"-d", rest_or_next},
};

}  // namespace bansoko::identity::options
