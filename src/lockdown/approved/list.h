// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lockdown/identity/file_kind.h"
#include "lockdown/identity/language.h"
#include "lockdown/identity/sha256.h"

namespace bansoko::approved {

/// Why a file is on the list.
enum class Origin : std::uint8_t {
  package,        // as its package's record says
  scan,           // approved with a scan
  operator_word,  // approved by name
  updater,        // written by a trusted updater
  window,         // approved with a maintenance window
  import,         // came with a signed file
};
inline constexpr std::size_t kOrigins = static_cast<std::size_t>(Origin::import) + 1;
std::string_view name_of(Origin origin) noexcept;

/// One approved content, and where it was seen. The texts of one given by a list are views into the list.
struct Entry {
  identity::Sha256 digest{};
  identity::FileKind kind = identity::FileKind::data;
  identity::Language language = identity::Language::none;  // of a program: what it takes code in
  Origin origin = Origin::scan;
  std::string_view path = {};     // absolute; as the kernel has it, so any bytes but NUL
  std::string_view package = {};  // "coreutils 9.1-1"; empty: of none
};

inline constexpr std::size_t kMaxPath = 4096;  // bytes; PATH_MAX
inline constexpr std::size_t kMaxPackage = 255;
inline constexpr std::size_t kMaxEntries = 4'000'000;
inline constexpr std::size_t kMaxTexts = std::size_t{1} << 30U;  // bytes of all paths and packages

/// Is its path absolute and within kMaxPath, its package within kMaxPackage, and both without NUL?
bool fits(const Entry& entry) noexcept;

/// The approved list of one generation: immutable, shared by threads, at most about 170 bytes for each entry.
/// The same content at several paths is several entries, and so are several contents at one path.
class List {
 public:
  struct Head {
    std::uint64_t generation = 0;
    std::int64_t made = 0;    // seconds since 1970
    std::string reason = {};  // "scan", "updater apt-get", "approve /usr/local/bin/x"
  };

  /// Sorts; of those with the same content and path the first counts. Entries may point anywhere: the list
  /// copies their texts. What does not fit, or is beyond kMaxEntries or kMaxTexts, is left out: Store refuses
  /// it.
  static std::shared_ptr<const List> make(Head head, const std::vector<Entry>& entries);

  const Head& head() const noexcept { return head_; }
  std::size_t size() const noexcept { return records_.size(); }
  /// By digest, then path.
  Entry at(std::size_t index) const noexcept { return entry_of(records_[index]); }
  /// By path, then digest.
  Entry at_by_path(std::size_t place) const noexcept { return entry_of(records_[by_path_[place]]); }
  /// The first entry with this content; its index, or npos. Never allocates.
  std::size_t find(const identity::Sha256& digest) const noexcept;
  /// The index of the first entry with this path, or npos. Never allocates.
  std::size_t find_path(std::string_view path) const noexcept;
  /// Is this content approved at this path? Never allocates.
  bool contains(const identity::Sha256& digest, std::string_view path) const noexcept;
  /// What it takes of memory.
  std::size_t bytes() const noexcept;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  friend class ListBuilder;
  struct Record {
    identity::Sha256 digest{};
    std::uint32_t path = 0, package = 0;  // places in texts_
    std::uint16_t path_size = 0, package_size = 0;
    identity::FileKind kind = identity::FileKind::data;
    identity::Language language = identity::Language::none;
    Origin origin = Origin::scan;
  };
  Entry entry_of(const Record& record) const noexcept;

  Head head_;
  std::vector<Record> records_;         // by digest, then path
  std::vector<std::uint32_t> by_path_;  // indexes of records_
  std::string texts_;
};

}  // namespace bansoko::approved
