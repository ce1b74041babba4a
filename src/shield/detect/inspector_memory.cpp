// SPDX-License-Identifier: Apache-2.0
// What rules ask of, and change in, what outlives a packet.
#include <algorithm>

#include "shield/detect/inspector_state.h"

namespace bansoko::detect {

using flow::Side;

namespace {

bool holds(FlowNumberTest::Relation relation, std::uint32_t value, std::uint32_t with) noexcept {
  using enum FlowNumberTest::Relation;
  switch (relation) {
    case equal:
      return value == with;
    case unequal:
      return value != with;
    case less:
      return value < with;
    case less_or_equal:
      return value <= with;
    case greater:
      return value > with;
    case greater_or_equal:
      return value >= with;
    case is_set:
    case not_set:
      break;
  }
  return false;
}

}  // namespace

// An operand that nothing was assigned to counts as zero, as in Suricata.
std::uint32_t Inspector::State::value_of(const FlowNumberOperand& operand) noexcept {
  if (!operand.is_variable) return operand.value;
  return numbers.get(subject.flow->slot, operand.value).value_or(0);
}

bool Inspector::State::number_holds(const FlowNumberTest& test) noexcept {
  if (subject.flow == nullptr) return false;
  const auto value = numbers.get(subject.flow->slot, test.variable);
  if (test.relation == FlowNumberTest::Relation::not_set) return !value;
  if (test.relation == FlowNumberTest::Relation::is_set) return value.has_value();
  return value && holds(test.relation, *value, value_of(test.with));
}

MarkTable::Key Inspector::State::bearer(MarkTest::On on, std::uint32_t mark, Side side) const noexcept {
  const packet::Packet& packet = *subject.packet;
  const bool swap = subject.flow != nullptr && side != subject.side;
  MarkTable::Key key;
  if (on == MarkTest::On::pair) {
    key = MarkTable::pair(packet.source, packet.dest);
  } else {
    key.a = (on == MarkTest::On::source) != swap ? packet.source : packet.dest;
  }
  key.network = packet.network;
  key.mark = mark;
  return key;
}

bool Inspector::State::mark_holds(const MarkTest& test, Side side,
                                  const proto::Transaction* transaction) noexcept {
  if (test.on != MarkTest::On::transaction)
    return marks.has(bearer(test.on, test.mark, side), subject.packet->arrived) == test.wanted;
  if (transaction == nullptr) return false;
  bool set = false;
  for (const std::uint32_t handle : transaction->notes)
    if (handle != 0 && notes[handle].generation == rules->generation)
      set |= (notes[handle].marks >> test.mark & 1) != 0;
  return set == test.wanted;
}

bool Inspector::State::address_holds(const AddressTest& test, Side side) const noexcept {
  const packet::Packet& packet = *subject.packet;
  const bool swap = subject.flow != nullptr && side != subject.side;
  const bool source = test.addresses->contains(swap ? packet.dest : packet.source);
  const bool dest = test.addresses->contains(swap ? packet.source : packet.dest);
  switch (test.ends) {
    case AddressTest::Ends::source:
      return source;
    case AddressTest::Ends::dest:
      return dest;
    case AddressTest::Ends::any:
      return source || dest;
    case AddressTest::Ends::both:
      break;
  }
  return source && dest;
}

bool Inspector::State::memory_holds(const RuleMemory& memory, Side side,
                                    const proto::Transaction* transaction) noexcept {
  return std::ranges::all_of(memory.number_tests,
                             [this](const FlowNumberTest& test) { return number_holds(test); }) &&
         std::ranges::all_of(memory.mark_tests,
                             [&](const MarkTest& test) { return mark_holds(test, side, transaction); }) &&
         std::ranges::all_of(memory.address_tests,
                             [&](const AddressTest& test) { return address_holds(test, side); });
}

void Inspector::State::change_number(const FlowNumberChange& change) noexcept {
  const std::uint32_t slot = subject.flow->slot;
  const std::uint32_t by = value_of(change.by);
  const auto before = numbers.get(slot, change.variable);
  if (change.kind == FlowNumberChange::Kind::assign) return numbers.set(slot, change.variable, by);
  // What was never assigned is counted up from zero, and not counted down.
  if (change.kind == FlowNumberChange::Kind::add)
    return numbers.set(slot, change.variable, before.value_or(0) + by);
  if (before) numbers.set(slot, change.variable, *before - by);
}

void Inspector::State::change_mark(const MarkChange& change, Side side,
                                   proto::Transaction* transaction) noexcept {
  if (change.on == MarkTest::On::transaction) return change_transaction_mark(change, transaction);
  const MarkTable::Key key = bearer(change.on, change.mark, side);
  const std::chrono::nanoseconds now = subject.packet->arrived;
  const bool off = change.kind == MarkChange::Kind::unset ||
                   (change.kind == MarkChange::Kind::toggle && marks.has(key, now));
  off ? marks.unset(key)
      : marks.set(key, now + std::chrono::seconds(change.seconds), now, counters.mark_limit);
}

// Both sides' notes bear it, since either may be there alone.
void Inspector::State::change_transaction_mark(const MarkChange& change,
                                               proto::Transaction* transaction) noexcept {
  if (transaction == nullptr) return;
  const MarkTest is_set{.on = MarkTest::On::transaction, .mark = change.mark};
  const bool off = change.kind == MarkChange::Kind::unset ||
                   (change.kind == MarkChange::Kind::toggle && mark_holds(is_set, Side::client, transaction));
  for (const Side side : {Side::client, Side::server}) {
    TransactionNotes* const known = notes_of(*transaction, side);
    if (known == nullptr) continue;
    const std::uint64_t bit = std::uint64_t{1} << change.mark;
    known->marks = off ? known->marks & ~bit : known->marks | bit;
  }
}

void Inspector::State::change_memory(const RuleMemory& memory, Side side,
                                     proto::Transaction* transaction) noexcept {
  if (subject.flow != nullptr)
    for (const FlowNumberChange& change : memory.number_changes) change_number(change);
  change_marks(memory, false, side, transaction);
}

void Inspector::State::change_marks(const RuleMemory& memory, bool after_filter, Side side,
                                    proto::Transaction* transaction) noexcept {
  for (const MarkChange& change : memory.mark_changes)
    if (change.after_filter == after_filter) change_mark(change, side, transaction);
}

}  // namespace bansoko::detect
