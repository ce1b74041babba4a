// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/wanted.h"

#include <algorithm>
#include <array>

#include <sys/stat.h>

#include "lockdown/identity/language.h"

namespace bansoko::scan {
namespace {

using identity::FileKind;
using identity::Language;

/// Beginnings of paths: in each part '*' stands for what does not matter.
constexpr std::array<std::string_view, 36> kTrees{
    "/usr/lib/python*",        "/usr/lib64/python*",
    "/usr/local/lib/python*",  "/usr/local/lib64/python*",
    "/usr/share/python*",      "/usr/lib/pypy*",
    "/usr/lib/pymodules",      "/usr/share/perl*",
    "/usr/lib/perl*",          "/usr/lib64/perl*",
    "/usr/lib/*/perl*",        "/usr/local/share/perl*",
    "/usr/local/lib/perl*",    "/usr/local/lib64/perl*",
    "/usr/local/lib/*/perl*",  "/etc/perl",
    "/usr/share/php*",         "/usr/share/pear*",
    "/usr/lib/php*",           "/usr/lib64/php*",
    "/usr/local/lib/php*",     "/var/www",
    "/usr/share/nginx/html",   "/usr/lib/ruby",
    "/usr/lib64/ruby",         "/usr/local/lib/ruby",
    "/usr/share/ruby*",        "/usr/lib/*/ruby",
    "/usr/share/gems",         "/var/lib/gems",
    "/usr/lib/node_modules",   "/usr/local/lib/node_modules",
    "/usr/lib/nodejs",         "/usr/share/nodejs",
    "/usr/share/node_modules", "/usr/lib/*/nodejs",
};

std::string_view take_part(std::string_view& path) noexcept {
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

bool is_in(std::string_view path, std::string_view tree) noexcept {
  while (!tree.empty()) {
    const std::string_view want = take_part(tree), part = take_part(path);
    const bool open = want.ends_with('*');
    if (open ? !part.starts_with(want.substr(0, want.size() - 1)) : part != want) return false;
  }
  return !path.empty();
}

/// Interpreters of these look in known folders; what lies elsewhere may be anything.
bool has_trees(Language language) noexcept {
  switch (language) {
    case Language::python:
    case Language::perl:
    case Language::php:
    case Language::ruby:
    case Language::node:
      return true;
    default:
      return false;
  }
}

}  // namespace

Wanted wanted(const WantedFacts& facts) noexcept {
  if (facts.kind == FileKind::empty) return Wanted::no;
  if (facts.kind == FileKind::program || facts.kind == FileKind::script || (facts.mode & 0111U) != 0)
    return Wanted::yes;
  const Language language = identity::language_of_code(facts.path);
  if (facts.kind == FileKind::object) return language == Language::module ? Wanted::yes : Wanted::no;
  if (facts.kind == FileKind::bytecode) return Wanted::yes;
  if (facts.kind == FileKind::foreign || language == Language::none) return Wanted::no;
  return !has_trees(language) || facts.owned || facts.in_tree ? Wanted::yes : Wanted::outside;
}

CodeTrees::CodeTrees(std::vector<std::string> more) : more_(std::move(more)) {
  for (std::string& folder : more_)
    while (folder.ends_with('/')) folder.pop_back();
}

bool CodeTrees::contain(std::string_view path) const noexcept {
  return std::ranges::any_of(kTrees, [path](std::string_view tree) { return is_in(path, tree); }) ||
         std::ranges::any_of(more_, [path](const std::string& folder) {
           return path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
         });
}

}  // namespace bansoko::scan
