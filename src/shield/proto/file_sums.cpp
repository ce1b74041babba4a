// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/file_sums.h"

#include <algorithm>

namespace bansoko::proto {

WantedSums wanted_sums(std::span<const Buffer> buffers, std::uint64_t wanted, Side side) noexcept {
  std::array<bool, kSumNames.size()> is_wanted{};
  for (std::size_t row = 0; row < buffers.size(); ++row)
    for (std::size_t kind = 0; kind < kSumNames.size(); ++kind)
      if (buffers[row].side == side && buffers[row].name == kSumNames[kind] && (wanted >> row & 1) != 0)
        is_wanted[kind] = true;
  return {is_wanted[0], is_wanted[1], is_wanted[2], is_wanted[3]};
}

FileSums::~FileSums() { budget_.give_back(charged_); }

void FileSums::begin(const WantedSums& wanted, std::uint64_t most) {
  wanted_ = wanted;
  most_ = most;
  size_ = 0;
  is_cut_ = is_spoiled_ = false;
  is_open_ = wanted.any() && make_room();
  is_missing_ = is_missing_ || (wanted.digests() && !is_open_);
  // Those of a file that was given up are begun anew.
  if (is_open_ && wanted.digests()) *digests_ = {};
}

/// False: the budget has no memory for another file.
bool FileSums::make_room() {
  const bool needs_digests = wanted_.digests() && digests_ == nullptr;
  const bool needs_place = ended_.size() == ended_.capacity();
  const std::size_t more = (needs_digests ? sizeof(Digests) : 0) + (needs_place ? sizeof(Sums) : 0);
  if (!budget_.take(more)) return false;
  charged_ += more;
  if (needs_digests) digests_ = std::make_unique<Digests>();
  if (needs_place) ended_.reserve(ended_.size() + 1);
  return true;
}

void FileSums::add(Bytes bytes) noexcept {
  if (!is_open_) return;
  size_ += bytes.size();
  is_spoiled_ = is_spoiled_ || size_ > most_;
  if (is_spoiled_) return;
  if (wanted_.md5) digests_->md5.add(bytes);
  if (wanted_.sha1) digests_->sha1.add(bytes);
  if (wanted_.sha256) digests_->sha256.add(bytes);
}

void FileSums::skip(std::uint64_t size) noexcept {
  size_ += size;
  spoil();
}

void FileSums::end(bool is_whole) noexcept {
  if (!is_open_) return;
  is_open_ = false;
  Sums& sums = ended_.emplace_back();  // begin() has made room
  for (std::size_t i = 0; i < 8; ++i) sums.size[i] = static_cast<std::uint8_t>(size_ >> (56 - 8 * i));
  sums.size.back() = is_whole && !is_cut_ ? 1 : 0;
  sums.has_digests = is_whole && !is_spoiled_ && wanted_.digests();
  is_missing_ = is_missing_ || (wanted_.digests() && !sums.has_digests);
  if (sums.has_digests) keep_digests(sums);
}

void FileSums::keep_digests(Sums& sums) noexcept {
  if (wanted_.md5) std::ranges::copy(digests_->md5.finish(), sums.md5.begin());
  if (wanted_.sha1) std::ranges::copy(digests_->sha1.finish(), sums.sha1.begin());
  if (wanted_.sha256) std::ranges::copy(digests_->sha256.finish(), sums.sha256.begin());
}

void FileSums::reset() noexcept {
  ended_.clear();
  is_open_ = is_cut_ = is_spoiled_ = is_missing_ = false;
  if (budget_.is_tight()) {
    digests_.reset();
    std::vector<Sums>().swap(ended_);
    budget_.give_back(std::exchange(charged_, 0));
  }
}

std::optional<Bytes> FileSums::get(SumKind kind, unsigned instance) const noexcept {
  for (const Sums& sums : ended_) {
    if (kind == SumKind::size ? !wanted_.size : !sums.has_digests) continue;
    if (instance-- != 0) continue;
    switch (kind) {
      case SumKind::size:
        return Bytes(sums.size);
      case SumKind::md5:
        return wanted_.md5 ? std::optional<Bytes>(sums.md5) : std::nullopt;
      case SumKind::sha1:
        return wanted_.sha1 ? std::optional<Bytes>(sums.sha1) : std::nullopt;
      case SumKind::sha256:
        return wanted_.sha256 ? std::optional<Bytes>(sums.sha256) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace bansoko::proto
