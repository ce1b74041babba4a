// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lockdown/identity/argument_grammar.h"
#include "lockdown/identity/arguments.h"

namespace bansoko::identity {

/// Adds what values name to `found`, which must outlive it.
class CodeNames {
 public:
  /// `has_urls`: a file may be a URL, as with PHP.
  explicit CodeNames(CodeArguments& found, bool has_urls = false) noexcept
      : found_(found), has_urls_(has_urls) {}

  /// Role::long_option and Role::name say nothing of files.
  void take(Role role, std::string_view value);

 private:
  void add_file(std::string_view name);
  void add_url(std::string_view name);
  void add_module_file(std::string_view name);
  void add_list(std::string_view list, Role of);
  void add_settings(std::string_view lines);

  CodeArguments& found_;
  std::string folder_;
  bool has_urls_;
};

}  // namespace bansoko::identity
