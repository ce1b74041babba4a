// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dcerpc/calls.h"

#include <algorithm>

namespace bansoko::proto::dcerpc {

Calls::Calls(const CallLimits& limits, MemoryBudget& budget) : limits_(limits), budget_(budget) {
  calls_.reserve(limits.calls);
}

Calls::~Calls() { budget_.give_back(calls_.size() * sizeof(Call)); }

Call* Calls::find(const CallKey& key) noexcept {
  const auto found =
      std::ranges::find_if(calls_, [&](const auto& call) { return call->is_open && call->key == key; });
  return found == calls_.end() ? nullptr : found->get();
}

Call& Calls::begin(Side side, const CallKey& key, const Outlet& out) noexcept {
  Call* call = free_one();
  if (call == nullptr) {
    const auto stillest = std::ranges::min_element(calls_, {}, [](const auto& one) { return one->used_at; });
    call = stillest->get();
    out.anomaly(side, call_limit);
    end(*call, out);
  }
  call->begin(out.next_id++, side, key);
  call->is_open = true;
  call->used_at = ++clock_;
  return *call;
}

Call* Calls::free_one() noexcept {
  const auto idle = std::ranges::find_if(calls_, [](const auto& call) { return !call->is_open; });
  if (idle != calls_.end()) return idle->get();
  if (calls_.size() == limits_.calls) return nullptr;
  // One cannot be done without.
  if (calls_.empty()) {
    budget_.take_anyway(sizeof(Call));
  } else if (!budget_.take(sizeof(Call))) {
    return nullptr;
  }
  return calls_.emplace_back(std::make_unique<Call>(budget_)).get();
}

void Calls::grow(Call& call, Bytes stub, const Outlet& out) noexcept {
  const bool was_cut = call.is_cut;
  add(call, stub, out);
  if (!was_cut) tell(call, out);
}

void Calls::add(Call& call, Bytes stub, const Outlet& out) noexcept {
  call.used_at = ++clock_;
  const std::size_t room = limits_.stub_size - call.stub().size();
  const auto cut = [&](Anomaly why) {
    call.is_cut = true;
    out.anomaly(call.side, why);
  };
  if (call.is_cut) return;
  if (!call.append(stub.first(std::min(stub.size(), room)), limits_.stub_size)) {
    cut(memory_limit);
  } else if (stub.size() > room) {
    cut(stub_limit);
  }
}

void Calls::tell(Call& call, const Outlet& out) noexcept {
  call.is_told = true;
  out.sink.on_progress(call, call.side);
}

void Calls::complete(Call& call, const Outlet& out) noexcept {
  call.progress[flow::index(call.side)] = kComplete;
  call.is_told = true;
  out.sink.on_progress(call, call.side);
  end(call, out);
}

void Calls::end(Call& call, const Outlet& out) noexcept {
  if (call.is_told) out.sink.on_end(call);
  call.is_open = false;
  if (budget_.is_tight()) call.release();
}

void Calls::end_all(const Outlet& out) noexcept {
  for (const auto& call : calls_)
    if (call->is_open) end(*call, out);
}

void Calls::release() noexcept {
  for (const auto& call : calls_)
    if (!call->is_open) call->release();
}

}  // namespace bansoko::proto::dcerpc
