// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/code_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include <linux/limits.h>

namespace bansoko::identity {
namespace {

/// What other names of the standard input there are. A number of another descriptor is a file like others.
constexpr std::array<std::string_view, 5> kInputNames{"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0",
                                                      "/proc/thread-self/fd/0"};

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kAround = " \t\r\"'";
  const std::size_t begin = text.find_first_not_of(kAround);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
}

/// Calls `use` for each part that is not empty.
template <typename Use>
void for_each_part(std::string_view text, std::string_view separators, const Use& use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// So that nothing is searched for.
bool is_path(std::string_view name) noexcept {
  return name.starts_with('/') || name.starts_with("./") || name.starts_with("../");
}

}  // namespace

void CodeNames::take(Role role, std::string_view value) {
  if (value.empty()) return;
  switch (role) {
    case Role::ignored:
      return;
    case Role::code:
      found_.is_inline = true;
      return;
    case Role::file:
      return has_urls_ ? add_url(value) : add_file(value);
    case Role::module_file:
      return add_module_file(value);
    case Role::module_text:
      found_.is_inline = found_.is_inline || value.find_first_of(" \t\n;(){}") != std::string_view::npos;
      return;
    case Role::folder:
      folder_ =
          value.starts_with('/') || folder_.empty() ? std::string(value) : folder_ + '/' + std::string(value);
      return;
    case Role::class_path:
    case Role::libraries:
      return add_list(value, role);
    case Role::patch:
      return add_list(value.substr(value.find('=') + 1), Role::class_path);
    case Role::agent:
      return add_file(value.substr(0, value.find('=')));
    case Role::setting:
      return add_settings(value);
    case Role::long_option:
    case Role::name:
      return;
  }
}

void CodeNames::add_file(std::string_view name) {
  if (name.empty()) return;  // of "-javaagent:=x"
  if (std::ranges::find(kInputNames, name) != kInputNames.end()) {
    found_.from_input = true;
    return;
  }
  const bool is_elsewhere = !folder_.empty() && !name.starts_with('/');
  std::string file = is_elsewhere ? folder_ + '/' + std::string(name) : std::string(name);
  if (std::ranges::find(found_.files, file) != found_.files.end()) return;
  if (file.size() >= PATH_MAX || found_.files.size() == kMostCodeFiles)
    found_.truncated = true;
  else
    found_.files.push_back(std::move(file));
}

/// PHP manual, "Supported Protocols and Wrappers".
void CodeNames::add_url(std::string_view name) {
  if (name.starts_with("data:")) {
    found_.is_inline = true;
    return;
  }
  const std::size_t scheme = name.find("://");
  if (scheme == std::string_view::npos) return add_file(name);
  const std::string_view rest = name.substr(scheme + 3);
  if (name.starts_with("file:") || name.starts_with("compress.")) return add_file(rest);
  if (name == "php://stdin" || name == "php://input" || name == "php://fd/0")
    found_.from_input = true;
  else
    found_.truncated = true;
}

void CodeNames::add_module_file(std::string_view name) {
  if (name.starts_with("data:")) {
    found_.is_inline = true;
    return;
  }
  const bool is_url = name.starts_with("file://");
  const std::string_view path = is_url ? name.substr(7) : name;
  if (is_url && path.find('%') != std::string_view::npos)
    found_.truncated = true;  // part of its name is encoded
  else if (is_path(path))
    add_file(path);
}

void CodeNames::add_list(std::string_view list, Role of) {
  for_each_part(list, of == Role::libraries ? ": \n" : ":", [&](std::string_view part) {
    if (of == Role::libraries)
      add_module_file(part);
    else if (!part.ends_with('*') && language_of_code(part) != Language::java)
      add_file(part);
  });
}

/// php.ini directives that name code. A value may have several lines.
void CodeNames::add_settings(std::string_view lines) {
  constexpr std::array<std::string_view, 3> kScripts{"auto_prepend_file", "auto_append_file",
                                                     "opcache.preload"};
  constexpr std::array<std::string_view, 2> kLibraries{"extension", "zend_extension"};
  for_each_part(lines, "\n", [&](std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view name = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (std::ranges::find(kScripts, name) != kScripts.end()) add_url(value);
    if (std::ranges::find(kLibraries, name) != kLibraries.end()) add_module_file(value);
  });
}

}  // namespace bansoko::identity
