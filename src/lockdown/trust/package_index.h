// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "lockdown/identity/sha256.h"
#include "lockdown/trust/source.h"

namespace bansoko::trust {

/// What one package says of one file. Views into the index.
struct Record {
  std::string_view package;  // "coreutils 9.1-1"
  RecordKind kind = RecordKind::none;
  Bytes digest;
  bool config = false;
};

/// How a file's content stands to the records of its packages.
enum class Match : std::uint8_t {
  unowned,         // no package has it
  no_record,       // one has it, and says nothing of its content that can be compared
  strong,          // as its record says, by SHA-256
  weak,            // as its record says, by MD5, for which collisions can be made
  config_changed,  // a file that the operator may change, and somebody has
  altered,         // not what its record says
};
inline constexpr std::size_t kMatches = static_cast<std::size_t>(Match::altered) + 1;
/// "unowned" and so on.
std::string_view name_of(Match match) noexcept;
constexpr bool is_match(Match match) noexcept { return match == Match::strong || match == Match::weak; }

/// Digests of one file's content. Without `md5` records of MD5 count as none.
struct Content {
  identity::Sha256 sha256{};
  std::optional<std::array<std::uint8_t, 16>> md5 = {};
};

/// Of several packages one that agrees is enough.
Match compare(std::span<const Record> records, const Content& content) noexcept;

/// Every file that a system's packages own, by its real path. Immutable; about 120 bytes for each file.
class PackageIndex {
 public:
  static constexpr std::size_t kMaxFiles = 4'000'000;
  static constexpr std::size_t kMaxTexts = std::size_t{1} << 30U;  // bytes of all paths and digests
  static constexpr std::size_t kMaxFaults = 100;

  /// From every source that the system has; `root` empty or "/": this one. What is beyond the limits is left
  /// out and told in faults().
  static Result<PackageIndex> read(const std::string& root);

  /// Who has the file at this path, which must be without links.
  std::vector<Record> owners(std::string_view path) const;

  std::size_t files() const noexcept { return items_.size(); }
  std::size_t packages() const noexcept { return packages_.size(); }
  /// What could not be read, at most kMaxFaults and a last one that says how many more.
  const std::vector<std::string>& faults() const noexcept { return faults_; }

 private:
  class Builder;
  struct Item {
    std::uint32_t path = 0, digest = 0, package = 0;  // places in texts_, and a number of packages_
    std::uint16_t path_size = 0;
    RecordKind kind = RecordKind::none;
    std::uint8_t digest_size = 0;
    bool config = false;
  };
  std::string_view path_of(const Item& item) const noexcept;

  std::vector<Item> items_;  // by path
  std::vector<std::string> packages_;
  std::string texts_;
  std::vector<std::string> faults_;
};

}  // namespace bansoko::trust
