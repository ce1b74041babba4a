// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/partial_datagram.h"

#include <algorithm>

#include "shield/packet/overlap.h"

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
  return state_of(received_ != before);
}

PartialDatagram::Added PartialDatagram::state_of(bool grown) const noexcept {
  if (size_ != 0 && received_ == size_) return Added::complete;
  return grown ? Added::kept : Added::duplicate;
}

// Here no two pieces overlap: the one that loses is cut.
PartialDatagram::Added PartialDatagram::add_as(System system, std::uint32_t offset, Bytes data, bool is_last,
                                               BlockPool& pool) noexcept {
  const Piece piece{offset, offset + static_cast<std::uint32_t>(data.size())};
  if (!ends_agree(piece, is_last)) return Added::length_mismatch;
  const std::uint32_t before = received_;
  if (!make_way(piece, system)) return Added::too_many;
  for (std::uint32_t at = piece.begin; at < piece.end;) {
    const auto all = known();
    const auto next =
        std::find_if(all.begin(), all.end(), [at](const Piece& other) { return other.end > at; });
    const std::uint32_t until = next == all.end() ? piece.end : std::min(next->begin, piece.end);
    const std::uint32_t resume = next == all.end() ? piece.end : next->end;
    if (until > at) {
      if (count_ == pieces_.size()) return Added::too_many;
      if (!write(at, data.subspan(at - piece.begin, until - at), pool)) return Added::no_memory;
      remember({at, until});
    }
    at = resume;
  }
  if (is_last) size_ = piece.end;
  furthest_ = std::max(furthest_, piece.end);
  return state_of(received_ != before);
}

/// Cuts away what `piece` replaces; false if there is no room for what remains.
bool PartialDatagram::make_way(const Piece& piece, System system) noexcept {
  const Extent<std::uint32_t> later{piece.begin, piece.end};
  for (std::size_t i = 0; i < count_;) {
    Piece& old = pieces_[i];
    const Piece common{std::max(piece.begin, old.begin), std::min(piece.end, old.end)};
    if (common.begin >= common.end || !later_fragment_wins(system, later, {old.begin, old.end})) {
      ++i;
      continue;
    }
    received_ -= common.end - common.begin;
    const Piece behind{common.end, old.end};
    old.end = common.begin;
    const bool is_gone = old.begin == old.end;
    if (is_gone) take_out(i);
    if (behind.begin < behind.end) {
      if (count_ == pieces_.size()) return false;
      remember(behind);
    }
    if (!is_gone) ++i;
  }
  return true;
}

void PartialDatagram::take_out(std::size_t index) noexcept {
  const auto all = known();
  std::move(all.begin() + static_cast<std::ptrdiff_t>(index) + 1, all.end(),
            all.begin() + static_cast<std::ptrdiff_t>(index));
  --count_;
}

Conflict PartialDatagram::conflict_with(std::uint32_t offset, Bytes data, BlockPool& pool) const noexcept {
  const std::uint32_t end = offset + static_cast<std::uint32_t>(data.size());
  Conflict conflict;
  for (const Piece& other : known()) {
    const Piece common{std::max(offset, other.begin), std::min(end, other.end)};
    if (common.begin >= common.end) continue;
    std::uint32_t at = common.begin;
    for_each_block(common.begin, data.subspan(common.begin - offset, common.end - common.begin),
                   [&](std::size_t block, std::size_t within, Bytes some) {
                     const Bytes held = pool.at(blocks_[block]).subspan(within, some.size());
                     const bool same = std::equal(some.begin(), some.end(), held.begin());
                     if (!same) conflict.note(at, held, some);
                     at += static_cast<std::uint32_t>(some.size());
                     return same;
                   });
    if (conflict.size > 0) break;
  }
  return conflict;
}

bool PartialDatagram::overlaps(std::uint32_t offset, Bytes data) const noexcept {
  const std::uint32_t end = offset + static_cast<std::uint32_t>(data.size());
  return std::any_of(known().begin(), known().end(), [&](const Piece& other) {
    const bool is_same = other.begin == offset && other.end == end;
    return !is_same && other.begin < end && offset < other.end;
  });
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
