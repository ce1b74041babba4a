// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dcerpc/contexts.h"

#include <algorithm>

namespace bansoko::proto::dcerpc {
namespace {

constexpr std::size_t kFirstRoom = 4;

}  // namespace

void Contexts::begin_offer() noexcept {
  offered_ = 0;
  for (Context& context : contexts_) context.place = kNotInOffer;
}

bool Contexts::offer(std::uint16_t id, const Interface& interface) noexcept {
  Context offered;
  offered.id = id;
  offered.place = offered_++;
  offered.interface = interface;
  last_offered_ = id;
  if (Context* const before = known(id); before != nullptr) {
    offered.was_accepted = !before->refused;
    offered.earlier = before->interface;
    offered.earlier_syntax = before->syntax;
    *before = offered;
    return true;
  }
  if (make_room()) {
    contexts_.push_back(offered);
    return true;
  }
  if (contexts_.empty()) return false;
  contexts_[oldest_] = offered;
  oldest_ = (oldest_ + 1) % contexts_.size();
  return false;
}

void Contexts::offer_syntax(bool is_ndr64) noexcept {
  Context* const offered = known(last_offered_);
  if (offered == nullptr) return;
  const Syntax one = is_ndr64 ? Syntax::ndr64 : Syntax::ndr;
  offered->syntax = offered->has_syntax && offered->syntax != one ? Syntax::either : one;
  offered->has_syntax = true;
}

void Contexts::answer_syntax(std::size_t n, bool is_ndr64) noexcept {
  const auto found = std::ranges::find(contexts_, n, &Context::place);
  if (found == contexts_.end() || n == kNotInOffer) return;
  found->syntax = is_ndr64 ? Syntax::ndr64 : Syntax::ndr;
}

void Contexts::answer(std::size_t n, std::uint16_t result) noexcept {
  const auto found = std::ranges::find(contexts_, n, &Context::place);
  if (found == contexts_.end() || n == kNotInOffer) return;
  found->refused = result != 0 && !found->was_accepted;
  if (result == 0 || !found->was_accepted) return;
  found->interface = found->earlier;
  found->syntax = found->earlier_syntax;
}

std::optional<Interface> Contexts::find(std::uint16_t id) const noexcept {
  const auto found = std::ranges::find(contexts_, id, &Context::id);
  if (found == contexts_.end() || found->refused) return std::nullopt;
  return found->interface;
}

Syntax Contexts::syntax_of(std::uint16_t id) const noexcept {
  const auto found = std::ranges::find(contexts_, id, &Context::id);
  return found == contexts_.end() ? Syntax::ndr : found->syntax;
}

Contexts::Context* Contexts::known(std::uint16_t id) noexcept {
  const auto found = std::ranges::find(contexts_, id, &Context::id);
  return found == contexts_.end() ? nullptr : &*found;
}

bool Contexts::make_room() noexcept {
  const std::size_t held = contexts_.capacity();
  if (contexts_.size() < held) return true;
  const std::size_t more = std::min(std::max(held, kFirstRoom), limit_ - held);
  if (more == 0 || !budget_.take(more * sizeof(Context))) return false;
  contexts_.reserve(held + more);
  return true;
}

void Contexts::clear() noexcept {
  contexts_.clear();
  oldest_ = 0;
  offered_ = 0;
}

void Contexts::release() noexcept {
  clear();
  budget_.give_back(contexts_.capacity() * sizeof(Context));
  std::vector<Context>().swap(contexts_);
}

}  // namespace bansoko::proto::dcerpc
