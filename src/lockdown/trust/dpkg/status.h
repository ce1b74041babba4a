// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bansoko::trust::dpkg {

/// A package that is on the disk, of dpkg's file "status". Views into its text.
struct Package {
  std::string_view name, version, architecture;
  bool multi_arch_same = false;  // its files are named with the architecture
  std::vector<std::pair<std::string_view, std::string_view>> conffiles;  // path, MD5
};

/// All that have files on the disk: neither removed nor only with their configuration left.
std::vector<Package> read_status(std::string_view text);

/// dpkg-divert(1): the file of every package but one is elsewhere.
struct Diversion {
  std::string_view to, by;  // by: ":" is the operator, and every package is diverted
};

/// Of dpkg's file "diversions": three lines each. Views into its text.
class Diversions {
 public:
  explicit Diversions(std::string_view text);
  /// Where the package's file of this name is.
  std::string_view place_of(std::string_view path, std::string_view package) const noexcept;

 private:
  std::unordered_map<std::string_view, Diversion> diversions_;
};

/// Takes the first line off a text.
std::string_view next_line(std::string_view& text) noexcept;

}  // namespace bansoko::trust::dpkg
