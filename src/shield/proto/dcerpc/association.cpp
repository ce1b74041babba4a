// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dcerpc/association.h"

namespace bansoko::proto::dcerpc {

const Asked::Request* Asked::find(std::uint32_t call) const noexcept {
  for (std::size_t i = 1; i <= requests_.size(); ++i) {  // the latest first
    const Request& request = requests_[(next_ - i) % requests_.size()];
    if (request.is_known && request.call == call) return &request;
  }
  return nullptr;
}

Association::Association(const CallLimits& limits, MemoryBudget& budget)
    : budget_(budget),
      talk_(limits, budget),
      lanes_{Lane(Side::client, talk_, limits, budget), Lane(Side::server, talk_, limits, budget)} {}

Parsed Association::feed(Side side, Bytes bytes, const Outlet& out) noexcept {
  return lanes_[flow::index(side)].feed(bytes, out);
}

void Association::lose(Side side, std::uint32_t size, const Outlet& out) noexcept {
  lanes_[flow::index(side)].lose(size, out);
}

void Association::end(const Outlet& out) noexcept {
  for (Lane& lane : lanes_) lane.end(out);
}

void Association::reset() noexcept {
  const bool release = budget_.is_tight();
  for (Lane& lane : lanes_) lane.reset(release);
  release ? talk_.contexts.release() : talk_.contexts.clear();
  talk_.asked.clear();
  talk_.is_secured = false;
}

}  // namespace bansoko::proto::dcerpc
