// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
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

/// One approved content, and where it was seen. The texts are views into the list.
struct Entry {
  identity::Sha256 digest{};
  identity::FileKind kind = identity::FileKind::data;
  identity::Language language = identity::Language::none;
  Origin origin = Origin::scan;
  std::string_view path;     // absolute; as the kernel has it, so any bytes but NUL
  std::string_view package;  // "coreutils 9.1-1"; empty: of none
};

/// The approved list of one generation: immutable, shared by threads, at most about 170 bytes for each entry.
/// The same content at several paths is several entries.
class List {
 public:
  struct Head {
    std::uint64_t generation = 0;
    std::int64_t made = 0;  // seconds since 1970
    std::string reason;     // "scan", "updater apt-get", "approve /usr/local/bin/x"
  };

  /// Sorts, and leaves out what is there twice. Entries may point anywhere: the list copies their texts.
  static std::shared_ptr<const List> make(Head head, std::vector<Entry> entries);

  const Head& head() const noexcept { return head_; }
  std::size_t size() const noexcept;
  /// By digest, then path.
  Entry at(std::size_t index) const noexcept;
  /// The first entry with this content; its index, or npos. Never allocates.
  std::size_t find(const identity::Sha256& digest) const noexcept;
  /// The index of the entry with this path, or npos. Never allocates.
  std::size_t find_path(std::string_view path) const noexcept;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  struct Record {
    identity::Sha256 digest{};
    std::uint32_t path = 0, package = 0;  // places in texts_
    std::uint16_t path_size = 0, package_size = 0;
    identity::FileKind kind = identity::FileKind::data;
    identity::Language language = identity::Language::none;
    Origin origin = Origin::scan;
  };
  Head head_;
  std::vector<Record> records_;         // by digest, then path
  std::vector<std::uint32_t> by_path_;  // indexes of records_
  std::string texts_;
};

}  // namespace bansoko::approved
