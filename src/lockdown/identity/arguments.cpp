// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/arguments.h"

#include <algorithm>

#include "lockdown/identity/argument_grammar.h"
#include "lockdown/identity/argument_walk.h"

namespace bansoko::identity {
namespace {

/// A loader may be told to run a loader. One deeper than this is left unread: `truncated`.
constexpr int kMostLoaders = 8;

std::string_view program_name(std::string_view path) noexcept {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.starts_with('-')) name.remove_prefix(1);  // of a login shell
  return name;
}

bool is_one_of_many(std::string_view name) noexcept {
  return name.starts_with("busybox") || name.starts_with("toybox") || name.starts_with("kmod");
}

/// What is started, seen through programs that are many in one and through loaders.
struct Start {
  Language language;
  std::span<const std::string_view> arguments;  // argv[0] first
  std::string_view name;                        // of the program
};

/// "busybox sh FILE" is "sh FILE".
void choose_applet(Start& start) noexcept {
  start.name = program_name(start.arguments.front());
  while (is_one_of_many(start.name) && start.arguments.size() > 1) {
    start.arguments = start.arguments.subspan(1);
    start.name = program_name(start.arguments.front());
  }
  if (start.language == Language::multi)
    start.language = is_one_of_many(start.name) ? Language::none : language_of_program(start.name);
}

std::span<const std::string_view> at_most(std::span<const std::string_view> arguments,
                                          CodeArguments& found) noexcept {
  found.truncated = arguments.size() > kMostArguments;
  return arguments.first(std::min(arguments.size(), kMostArguments));
}

}  // namespace

CodeArguments code_arguments(Language language, std::span<const std::string_view> arguments,
                             std::string_view program) {
  CodeArguments found;
  Start start{.language = language, .arguments = at_most(arguments, found), .name = program_name(program)};
  std::vector<std::string_view> of_loaded;
  for (int loaders = 0; !start.arguments.empty(); ++loaders) {
    if (start.name.empty()) start.name = program_name(start.arguments.front());
    if (start.language == Language::multi || start.language == Language::module) choose_applet(start);
    ArgumentWalk walk(grammar_of(start.language, start.name), start.arguments.subspan(1), found);
    walk.options();
    walk.operands();
    if (start.language != Language::loader || walk.rest().empty()) break;
    if (loaders == kMostLoaders) {
      found.truncated = true;
      break;
    }
    of_loaded.assign(walk.rest().begin(), walk.rest().end());
    start = {.language = language_of_program(of_loaded.front()),
             .arguments = of_loaded,
             .name = program_name(of_loaded.front())};
    if (!walk.name().empty()) of_loaded.front() = walk.name();
  }
  return found;
}

}  // namespace bansoko::identity
