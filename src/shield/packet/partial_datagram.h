// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "shield/packet/block_pool.h"
#include "shield/packet/conflict.h"
#include "shield/packet/host.h"

namespace bansoko::packet {

/// The bytes of a datagram as far as its fragments have come. Its bytes lie in blocks of a pool.
class PartialDatagram {
 public:
  static constexpr std::size_t kMaxSize = 65536;

  enum class Added : std::uint8_t {
    kept,
    complete,
    duplicate,        // all of it was there before
    overlap,          // one that may not be
    length_mismatch,  // it disagrees with an earlier one on where the datagram ends
    too_many,         // fragments
    no_memory,
  };

  /// What has come, in order of `begin`.
  struct Piece {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  PartialDatagram() noexcept { blocks_.fill(BlockPool::kNone); }

  /// Where to keep the pieces. It must outlive this.
  void use(std::span<Piece> room) noexcept { pieces_ = room; }

  /// Takes the bytes at `offset`, which must end below kMaxSize. After anything but the first three
  /// outcomes the datagram is of no more use. `strict`: an overlap is wrong even if its bytes are the same.
  Added add(std::uint32_t offset, Bytes data, bool is_last, bool strict, BlockPool& pool) noexcept;

  /// The same, but of bytes that come twice those count that `system` would take (overlap.h).
  Added add_as(System system, std::uint32_t offset, Bytes data, bool is_last, BlockPool& pool) noexcept;

  /// Where the bytes at `offset` differ from what came before; size 0: nowhere.
  Conflict conflict_with(std::uint32_t offset, Bytes data, BlockPool& pool) const noexcept;

  /// Whether some of the bytes at `offset` came before, though not in a piece just like this.
  bool overlaps(std::uint32_t offset, Bytes data) const noexcept;

  /// Writes a complete datagram.
  void copy_to(std::span<std::uint8_t> out, BlockPool& pool) const noexcept;

  /// Forgets all and gives the blocks back.
  void clear(BlockPool& pool) noexcept;

  std::uint32_t size() const noexcept { return size_; }

 private:
  bool ends_agree(const Piece& piece, bool is_last) const noexcept;
  bool is_same(const Piece& part, Bytes bytes, BlockPool& pool) const noexcept;
  bool make_way(const Piece& piece, System system) noexcept;
  void take_out(std::size_t index) noexcept;
  Added state_of(bool grown) const noexcept;
  bool overlaps_wrongly(const Piece& piece, Bytes data, bool strict, BlockPool& pool) const noexcept;
  bool write_new(const Piece& piece, Bytes data, BlockPool& pool) noexcept;
  bool write(std::uint32_t begin, Bytes bytes, BlockPool& pool) noexcept;
  void remember(const Piece& piece) noexcept;

  std::span<Piece> known() const noexcept { return pieces_.first(count_); }

  std::array<std::uint32_t, kMaxSize / BlockPool::kBlockSize> blocks_{};
  std::span<Piece> pieces_ = {};
  std::size_t count_ = 0;
  std::uint32_t received_ = 0;  // bytes, each counted once
  std::uint32_t furthest_ = 0;  // end of any piece
  std::uint32_t size_ = 0;      // 0: the last fragment has not come
};

}  // namespace bansoko::packet
