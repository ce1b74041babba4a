// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/transform_cache.h"

#include <cstring>
#include <functional>

namespace bansoko::detect {
namespace {

bool is_inside(Bytes part, Bytes whole) noexcept {
  const std::less_equal<> before;
  return !part.empty() && before(whole.data(), part.data()) &&
         before(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

void TransformCache::begin() noexcept {
  if (count_ == 0) return;
  ++look_;
  used_ = count_ = 0;
}

TransformCache::Result& TransformCache::slot_of(std::uint32_t number, Bytes bytes) noexcept {
  std::size_t at = std::hash<const void*>{}(bytes.data()) * 31 + bytes.size() * 7 + number;
  at ^= at >> 11U;
  for (;; ++at) {
    Result& result = results_[at % kSlots];
    if (result.look != look_) return result;
    if (result.chain == number && result.from == bytes.data() && result.from_size == bytes.size())
      return result;
  }
}

std::optional<Bytes> TransformCache::get(std::uint32_t number, std::span<const Transform> chain,
                                         Bytes bytes) noexcept {
  Result& result = slot_of(number, bytes);
  if (result.look != look_) {
    if (count_ == kMaxResults) return std::nullopt;
    ++count_;
    const auto made = make(chain, bytes);
    const Bytes kept = made.value_or(Bytes{});
    result = {.look = look_,
              .from = bytes.data(),
              .from_size = bytes.size(),
              .made = kept.data(),
              .made_size = kept.size(),
              .chain = number,
              .failed = !made};
  }
  if (result.failed) return std::nullopt;
  return Bytes(result.made, result.made_size);
}

// Each transform reads what the one before wrote; at the end only the last result stays.
std::optional<Bytes> TransformCache::make(std::span<const Transform> chain, Bytes bytes) noexcept {
  const std::size_t begun = used_;
  for (const Transform& transform : chain) {
    const std::size_t wanted = bytes.size() + Transform::kRoom;
    if (memory_.size() - used_ < wanted) {
      used_ = begun;
      return std::nullopt;
    }
    const std::span<std::uint8_t> room = memory_.part(used_, wanted);
    bytes = transform.apply(transform, bytes, room, tools_);
    if (is_inside(bytes, room))
      used_ = static_cast<std::size_t>(bytes.data() - room.data()) + used_ + bytes.size();
  }
  const bool is_ours = is_inside(bytes, memory_.part(begun, used_ - begun));
  used_ = begun;
  if (!is_ours) return bytes;
  std::memmove(memory_.part(begun, bytes.size()).data(), bytes.data(), bytes.size());
  used_ = begun + bytes.size();
  return Bytes(memory_.part(begun, bytes.size()));
}

}  // namespace bansoko::detect
