// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/claim_table.h"

#include <algorithm>
#include <bit>

namespace bansoko::claim {

ClaimTable::ClaimTable(std::size_t subjects, std::chrono::seconds repeat)
    : places_(std::bit_ceil(std::max(subjects, kWays))),
      repeat_(static_cast<std::uint32_t>(repeat.count())) {}

/// Told so long ago that it may be told again. Time that runs back makes nothing old.
bool ClaimTable::is_old(const Told& told, std::uint32_t now) const noexcept {
  return told.text == 0 || (now > told.at && now - told.at >= repeat_);
}

bool ClaimTable::is_old(const Place& place, std::uint32_t now) const noexcept {
  return place.subject == 0 ||
         std::ranges::all_of(place.texts, [&](const Told& told) { return is_old(told, now); });
}

ClaimTable::Place* ClaimTable::place_of(std::uint64_t subject, std::uint32_t now) noexcept {
  const std::size_t first = subject & (places_.size() - 1) & ~(kWays - 1);
  Place* free = nullptr;
  for (Place& place : places_.part(first, kWays)) {
    if (place.subject == subject) return &place;
    if (free == nullptr && is_old(place, now)) free = &place;
  }
  if (free != nullptr) *free = {.subject = subject};
  return free;
}

ClaimTable::Answer ClaimTable::note(std::uint64_t subject, std::uint64_t text,
                                    std::chrono::nanoseconds time) noexcept {
  const auto now = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
  const std::uint32_t wanted = static_cast<std::uint32_t>(text) | 1U;
  last_ = nullptr;
  Place* const place = place_of(subject | 1U, now);
  if (place == nullptr) return Answer::full;
  Told* room = nullptr;
  for (Told& told : place->texts) {
    if (told.text == wanted && !is_old(told, now)) return Answer::known;
    if (room == nullptr && is_old(told, now)) room = &told;
  }
  if (room == nullptr) return Answer::many;
  *room = {wanted, now};
  last_ = room;
  return Answer::news;
}

void ClaimTable::forget_last() noexcept {
  if (last_ != nullptr) *last_ = {};
}

}  // namespace bansoko::claim
