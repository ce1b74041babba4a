// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dcerpc/datagrams.h"

#include <algorithm>

namespace bansoko::proto::dcerpc {

DatagramLane::DatagramLane(Side side, const CallLimits& limits, MemoryBudget& budget)
    : side_(side), budget_(budget), most_held_(limits.fragments), calls_(limits, budget) {
  held_.reserve(most_held_);
}

DatagramLane::~DatagramLane() { budget_.give_back(held_.size() * sizeof(Held)); }

void DatagramLane::feed(Bytes datagram, const Outlet& out) noexcept {
  if (datagram.empty()) return;
  if (look_like_datagram(datagram) != Guess::yes) return out.anomaly(side_, unknown_header);
  const DatagramHeader header = read_datagram_header(datagram);
  const Bytes body = datagram.subspan(kDatagramHeaderSize, header.body_size);
  Call& call = call_of(header, out);
  if (header.type != request && header.type != response) return calls_.complete(call, out);
  bool is_over = !header.is_fragment;
  if (is_over) {
    calls_.grow(call, body, out);
  } else if (header.fragment == call.next_fragment) {
    is_over = add(call, body, header.is_last, out);
  } else if (header.fragment > call.next_fragment && !hold(call.key, header, body)) {
    out.anomaly(side_, fragment_limit);
    calls_.grow(call, body, out);  // in the wrong place, but not unseen
  }
  if (!is_over) return;
  forget_held(call.key);
  calls_.complete(call, out);
}

Call& DatagramLane::call_of(const DatagramHeader& header, const Outlet& out) noexcept {
  const CallKey key{.number = header.sequence, .activity = header.activity};
  if (header.is_fragment)
    if (Call* const known = calls_.find(key); known != nullptr) return *known;
  Call& call = calls_.begin(side_, key, out);
  call.type = header.type;
  call.little_endian = header.little_endian;
  if (header.type == request || header.type == response) {
    call.opnum = header.opnum;
    call.interface = header.interface;
  }
  call.progress[flow::index(side_)] = step_called;
  return call;
}

bool DatagramLane::add(Call& call, Bytes body, bool is_last, const Outlet& out) noexcept {
  calls_.grow(call, body, out);
  ++call.next_fragment;
  return is_last || add_held(call, out);
}

bool DatagramLane::add_held(Call& call, const Outlet& out) noexcept {
  for (;;) {
    const auto next = std::ranges::find_if(held_, [&](const auto& held) {
      return held->is_used && held->key == call.key && held->fragment == call.next_fragment;
    });
    if (next == held_.end()) return false;
    Held& held = **next;
    calls_.grow(call, held.bytes.bytes(), out);
    ++call.next_fragment;
    held.is_used = false;
    if (held.is_last) return true;
  }
}

bool DatagramLane::hold(const CallKey& key, const DatagramHeader& header, Bytes body) noexcept {
  const bool is_held = std::ranges::any_of(held_, [&](const auto& held) {
    return held->is_used && held->key == key && held->fragment == header.fragment;
  });
  if (is_held) return true;  // the first copy counts
  Held* const held = free_one();
  if (held == nullptr) return false;
  held->bytes.clear();
  if (!held->bytes.append(body, body.size())) return false;
  held->is_used = true;
  held->key = key;
  held->fragment = header.fragment;
  held->is_last = header.is_last;
  return true;
}

DatagramLane::Held* DatagramLane::free_one() noexcept {
  const auto idle = std::ranges::find_if(held_, [this](const auto& held) {
    return !held->is_used || calls_.find(held->key) == nullptr;  // its call is over
  });
  if (idle != held_.end()) return idle->get();
  if (held_.size() == most_held_ || !budget_.take(sizeof(Held))) return nullptr;
  return held_.emplace_back(std::make_unique<Held>(budget_)).get();
}

void DatagramLane::forget_held(const CallKey& key) noexcept {
  for (const auto& held : held_)
    if (held->key == key) held->is_used = false;
}

void DatagramLane::end(const Outlet& out) noexcept { calls_.end_all(out); }

void DatagramLane::reset(bool release) noexcept {
  for (const auto& held : held_) {
    held->is_used = false;
    if (release) held->bytes.release();
  }
  if (release) calls_.release();
}

}  // namespace bansoko::proto::dcerpc
