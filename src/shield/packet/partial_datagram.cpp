// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/partial_datagram.h"

#include <algorithm>

namespace bansoko::packet {
namespace {

/// Calls `visit(block index, offset in it, bytes)` for each block that [begin, begin + bytes) touches,
/// until it returns false.
template <class Span, class Visit>
bool for_each_block(std::uint32_t begin, Span bytes, Visit visit) noexcept {
  while (!bytes.empty()) {
    const std::size_t within = begin % BlockPool::kBlockSize;
    const std::size_t size = std::min(BlockPool::kBlockSize - within, bytes.size());
    if (!visit(begin / BlockPool::kBlockSize, within, bytes.first(size))) return false;
    begin += static_cast<std::uint32_t>(size);
    bytes = bytes.subspan(size);
  }
  return true;
}

}  // namespace

PartialDatagram::Added PartialDatagram::add(std::uint32_t offset, Bytes data, bool is_last, bool strict,
                                            BlockPool& pool) noexcept {
  const Piece piece{offset, offset + static_cast<std::uint32_t>(data.size())};
  if (!ends_agree(piece, is_last)) return Added::length_mismatch;
  if (overlaps_wrongly(piece, data, strict, pool)) return Added::overlap;
  const std::uint32_t before = received_;
  if (!write_new(piece, data, pool)) return Added::no_memory;
  if (is_last) size_ = piece.end;
  furthest_ = std::max(furthest_, piece.end);
  if (received_ != before) {
    if (count_ == pieces_.size()) return Added::too_many;
    remember(piece);
  }
  if (size_ != 0 && received_ == size_) return Added::complete;
  return received_ == before ? Added::duplicate : Added::kept;
}

bool PartialDatagram::ends_agree(const Piece& piece, bool is_last) const noexcept {
  if (size_ != 0 && (piece.end > size_ || (is_last && piece.end != size_))) return false;
  return !is_last || furthest_ <= piece.end;
}

bool PartialDatagram::overlaps_wrongly(const Piece& piece, Bytes data, bool strict,
                                       BlockPool& pool) const noexcept {
  return std::any_of(known().begin(), known().end(), [&](const Piece& other) {
    const Piece common{std::max(piece.begin, other.begin), std::min(piece.end, other.end)};
    if (common.begin >= common.end) return false;
    const bool duplicate = piece.begin == other.begin && piece.end == other.end;
    if (strict && !duplicate) return true;
    return !is_same(common, data.subspan(common.begin - piece.begin, common.end - common.begin), pool);
  });
}

bool PartialDatagram::is_same(const Piece& part, Bytes bytes, BlockPool& pool) const noexcept {
  return for_each_block(part.begin, bytes, [&](std::size_t block, std::size_t within, Bytes some) {
    const auto held = pool.at(blocks_[block]).subspan(within, some.size());
    return std::equal(some.begin(), some.end(), held.begin());
  });
}

bool PartialDatagram::write_new(const Piece& piece, Bytes data, BlockPool& pool) noexcept {
  std::uint32_t at = piece.begin;
  const auto write_until = [&](std::uint32_t end) {
    if (end <= at) return true;
    return write(at, data.subspan(at - piece.begin, end - at), pool);
  };
  for (const Piece& other : known()) {
    if (!write_until(std::min(other.begin, piece.end))) return false;
    at = std::max(at, other.end);
  }
  return write_until(piece.end);
}

bool PartialDatagram::write(std::uint32_t begin, Bytes bytes, BlockPool& pool) noexcept {
  received_ += static_cast<std::uint32_t>(bytes.size());
  return for_each_block(begin, bytes, [&](std::size_t block, std::size_t within, Bytes some) {
    if (blocks_[block] == BlockPool::kNone) blocks_[block] = pool.take();
    if (blocks_[block] == BlockPool::kNone) return false;
    std::copy(some.begin(), some.end(), pool.at(blocks_[block]).subspan(within).begin());
    return true;
  });
}

void PartialDatagram::remember(const Piece& piece) noexcept {
  const auto all = known();
  const auto place =
      std::upper_bound(all.begin(), all.end(), piece.begin,
                       [](std::uint32_t begin, const Piece& other) { return begin < other.begin; });
  const auto index = static_cast<std::size_t>(place - all.begin());
  const auto grown = pieces_.first(++count_);
  std::move_backward(grown.begin() + static_cast<std::ptrdiff_t>(index), grown.end() - 1, grown.end());
  grown[index] = piece;
}

void PartialDatagram::copy_to(std::span<std::uint8_t> out, BlockPool& pool) const noexcept {
  for_each_block(0, out.first(size_), [&](std::size_t block, std::size_t, std::span<std::uint8_t> some) {
    const auto held = pool.at(blocks_[block]).first(some.size());
    std::copy(held.begin(), held.end(), some.begin());
    return true;
  });
}

void PartialDatagram::clear(BlockPool& pool) noexcept {
  for (std::uint32_t& block : blocks_) {
    if (block != BlockPool::kNone) pool.give_back(block);
    block = BlockPool::kNone;
  }
  count_ = 0;
  received_ = furthest_ = size_ = 0;
}

}  // namespace bansoko::packet
