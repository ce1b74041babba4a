// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// What rules ask of files beside their bytes.
struct WantedSums {
  bool size = false, md5 = false, sha1 = false, sha256 = false;

  bool digests() const noexcept { return md5 || sha1 || sha256; }
  bool any() const noexcept { return size || digests(); }
};

/// The names of the buffers that show it, in the order of SumKind.
enum class SumKind : std::uint8_t { size, md5, sha1, sha256 };
inline constexpr std::array<std::string_view, 4> kSumNames{"file.size", "file.md5", "file.sha1",
                                                           "file.sha256"};
inline constexpr std::array<std::string_view, 4> kSumHelp{
    "of each file that has passed: 8 bytes of size, and 1 if it is whole or 0 if it was cut",
    "the MD5 digest of each whole file", "the SHA-1 digest of each whole file",
    "the SHA-256 digest of each whole file"};

/// What the bits of Assignment::wanted ask for of one side.
WantedSums wanted_sums(std::span<const Buffer> buffers, std::uint64_t wanted, Side side) noexcept;

/// Sizes and digests of the files of one transaction, taken while they pass, one file after the other. A file
/// of which a byte was lost, or that is larger than the limit, has no digest.
class FileSums {
 public:
  /// `budget` outlives it.
  explicit FileSums(MemoryBudget& budget) noexcept : budget_(budget) {}
  ~FileSums();
  FileSums(const FileSums&) = delete;
  FileSums& operator=(const FileSums&) = delete;

  /// Another file begins. `most`: of a file with digests. Where nothing is wanted, or there is no memory for
  /// it, all that follows does nothing.
  void begin(const WantedSums& wanted, std::uint64_t most);
  void add(Bytes bytes) noexcept;
  /// As many bytes of the file were lost.
  void skip(std::uint64_t size) noexcept;
  /// Nobody knows how many.
  void spoil() noexcept { is_cut_ = is_spoiled_ = true; }
  /// The file is over; whether all of it has come.
  void end(bool is_whole) noexcept;
  void reset() noexcept;

  bool is_open() const noexcept { return is_open_; }
  /// Of the files that have it. Valid until the next begin().
  std::optional<Bytes> get(SumKind kind, unsigned instance) const noexcept;
  /// True once after a file ended that was to have a digest and has none.
  bool take_missing() noexcept { return std::exchange(is_missing_, false); }

 private:
  static constexpr std::size_t kSizeBytes = 9;
  /// What is known of a file that is over.
  struct Sums {
    std::array<std::uint8_t, kSizeBytes> size{};
    std::array<std::uint8_t, 16> md5{};
    std::array<std::uint8_t, 20> sha1{};
    std::array<std::uint8_t, 32> sha256{};
    bool has_digests = false;
  };
  struct Digests {
    Digest md5{DigestKind::md5}, sha1{DigestKind::sha1}, sha256{DigestKind::sha256};
  };

  bool make_room();
  void keep_digests(Sums& sums) noexcept;

  MemoryBudget& budget_;
  std::size_t charged_ = 0;
  std::unique_ptr<Digests> digests_;  // made when first wanted, and kept
  std::vector<Sums> ended_;
  WantedSums wanted_;
  std::uint64_t most_ = 0;
  std::uint64_t size_ = 0;
  bool is_open_ = false;
  bool is_cut_ = false;      // its size is not known
  bool is_spoiled_ = false;  // nor are its digests
  bool is_missing_ = false;
};

}  // namespace bansoko::proto
