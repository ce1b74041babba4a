// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lockdown/identity/file_kind.h"

namespace bansoko::scan {

/// Does a file belong in the list of what can execute?
enum class Wanted : std::uint8_t {
  no,
  yes,
  outside,  // code by its name, of no package, and where no interpreter looks
};

struct WantedFacts {
  identity::FileKind kind = identity::FileKind::data;
  std::string_view path = {};
  std::uint32_t mode = 0;  // as st_mode
  bool owned = false;      // by a package
  bool in_tree = false;    // in a code tree
};

Wanted wanted(const WantedFacts& facts) noexcept;

/// Where the interpreters of Python, Perl, PHP, Ruby and Node look for code.
class CodeTrees {
 public:
  /// `more`: folders besides the known ones, absolute.
  explicit CodeTrees(std::vector<std::string> more);
  bool contain(std::string_view path) const noexcept;

 private:
  std::vector<std::string> more_;
};

}  // namespace bansoko::scan
