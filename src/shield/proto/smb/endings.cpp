// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/endings.h"

namespace bansoko::proto::smb {

void Endings::note(std::uint64_t request, const Ending& ending) noexcept {
  auto* const free = std::ranges::find_if(waiting_, [](const Waiting& one) { return !one.is_waiting; });
  had_no_room_ |= free == waiting_.end();
  if (!had_no_room_) *free = {.request = request, .ending = ending, .is_waiting = true};
}

std::optional<Ending> Endings::answered(std::uint64_t request, bool agreed) noexcept {
  std::optional<Ending> found;
  bool is_clear = agreed && !had_no_room_;
  for (Waiting& one : waiting_) {
    if (!one.is_waiting || one.request != request) continue;
    one.is_waiting = false;
    if (found) is_clear = false;
    found = one.ending;
  }
  return is_clear ? found : std::nullopt;
}

void Endings::rename(FileKey from, FileKey to) noexcept {
  for (Waiting& one : waiting_)
    if (one.ending.file == from) one.ending.file = to;
}

std::optional<Place> Openings::of(FileKey file) const noexcept {
  for (std::size_t i = 1; i <= known_.size(); ++i) {  // the latest first
    const Opening& one = known_[(next_ - i) % known_.size()];
    if (one.place && one.file == file) return one.place;
  }
  return std::nullopt;
}

}  // namespace bansoko::proto::smb
