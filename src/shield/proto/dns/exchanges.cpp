// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/exchanges.h"

#include <algorithm>

namespace bansoko::proto::dns {

constexpr std::size_t kFirstOpen = 2;  // room made at first: most flows ask once or twice

bool Exchanges::begin(std::uint16_t id, std::uint64_t number) noexcept {
  const bool has_room = make_room();
  if (!has_room) {
    if (open_.empty()) return false;
    open_.erase(open_.begin());
  }
  open_.push_back({.number = number, .id = id});
  return has_room;
}

std::optional<std::uint64_t> Exchanges::answer(std::uint16_t id) noexcept {
  const auto found = std::ranges::find(open_, id, &Open::id);
  if (found == open_.end()) return std::nullopt;
  const std::uint64_t number = found->number;
  open_.erase(found);
  return number;
}

void Exchanges::release() noexcept {
  budget_.give_back(open_.capacity() * sizeof(Open));
  std::vector<Open>().swap(open_);
}

bool Exchanges::make_room() noexcept {
  const std::size_t held = open_.capacity();
  if (open_.size() < held) return true;
  const std::size_t more = std::min(std::max(held, kFirstOpen), limit_ - held);
  if (more == 0 || !budget_.take(more * sizeof(Open))) return false;
  open_.reserve(held + more);
  return true;
}

}  // namespace bansoko::proto::dns
