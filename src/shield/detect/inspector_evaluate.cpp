// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "shield/detect/inspector_state.h"

namespace bansoko::detect {

using flow::Side;

bool Inspector::State::flow_holds(const CompiledRule& rule, Side side) const noexcept {
  const flow::Flow* const flow = subject.flow;
  if (flow == nullptr) return !rule.flow.stated && rule.sides == kBothSides;
  if ((rule.sides & bit_of(side)) == 0) return false;
  // Of a conversation that was left alone nobody knows whether it is one.
  const bool is_left_alone = flow->is_tcp() && !flow->has_stream;
  const bool open =
      !is_left_alone && (flow->phase == flow::Phase::established || flow->phase == flow::Phase::closing);
  if (rule.flow.established && !open) return false;
  return !rule.flow.not_established || !open;
}

bool Inspector::State::ends_hold(const CompiledRule& rule, Side side) const noexcept {
  const packet::Packet& packet = *subject.packet;
  // What a transaction holds was sent by its side, whichever packet made us look at it.
  const bool swap = subject.flow != nullptr && side != subject.side;
  const packet::Address& source = swap ? packet.dest : packet.source;
  const packet::Address& dest = swap ? packet.source : packet.dest;
  const std::uint16_t source_port = swap ? packet.dest_port : packet.source_port;
  const std::uint16_t dest_port = swap ? packet.source_port : packet.dest_port;
  const bool has_ports = packet.is_tcp() || packet.is_udp() || packet.protocol == packet::Protocol::sctp;
  const auto hold = [&](const packet::Address& a, const packet::Address& b, std::uint16_t pa,
                        std::uint16_t pb) {
    if (has_ports && (!rule.source_ports.contains(pa) || !rule.dest_ports.contains(pb))) return false;
    return rule.source.contains(a) && rule.dest.contains(b);
  };
  if (hold(source, dest, source_port, dest_port)) return true;
  return rule.both_directions && hold(dest, source, dest_port, source_port);
}

bool Inspector::State::header_holds(const CompiledRule& rule, Side side) const noexcept {
  const packet::Packet& packet = *subject.packet;
  if (rule.ip_version != 0 && rule.ip_version != packet.ip_version) return false;
  if (!rule.transports.empty() &&
      std::ranges::find(rule.transports, packet.protocol) == rule.transports.end())
    return false;
  if (rule.protocol >= 0 && static_cast<std::size_t>(rule.protocol) != subject.protocol) return false;
  if (!flow_holds(rule, side) || !ends_hold(rule, side)) return false;
  const EvalContext at{packet, subject.flow, side, subject.protocol, subject.given_up[flow::index(side)]};
  return std::ranges::all_of(rule.checks,
                             [&at](const Check& check) { return check.holds(at, check.numbers); });
}

bool Inspector::State::bits_hold(const CompiledRule& rule) noexcept {
  if (rule.bit_tests.empty()) return true;
  if (subject.flow == nullptr) return false;
  const std::uint32_t slot = subject.flow->slot;
  return std::ranges::all_of(rule.bit_tests, [&](const BitTest& test) {
    const auto has = [&](std::uint32_t bit) { return bits.has(slot, bit); };
    return std::ranges::any_of(test.any_of, has) == test.wanted;
  });
}

bool Inspector::State::fields_hold(const CompiledRule& rule, Side side,
                                   const proto::Transaction* transaction) noexcept {
  if (rule.fields.empty()) return true;
  if (transaction == nullptr) return false;
  std::optional<std::uint64_t> value;
  for (const FieldTest& test : rule.fields) {
    value = value_that_holds(rule, test, side, *transaction);
    if (!value) return false;
  }
  note_value(rule.fields.back(), *value);
  return true;
}

// Nothing: for no value of the field.
std::optional<std::uint64_t> Inspector::State::value_that_holds(
    const CompiledRule& rule, const FieldTest& test, Side side,
    const proto::Transaction& transaction) const noexcept {
  const auto& fields = protocols[static_cast<std::size_t>(rule.protocol)]->fields;
  const proto::Field& field = fields[static_cast<std::size_t>(test.row[flow::index(side)])];
  const auto now = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(subject.packet->arrived).count());
  auto value = field.get(transaction);
  for (unsigned i = 1; value && !test.holds(*value, now); ++i)
    value = field.more == nullptr ? std::nullopt : field.more(transaction, i);
  return value;
}

// Asked again of a rule that has matched, so that none pays for it that does not.
void Inspector::State::note_fields(Match& match, const CompiledRule& rule,
                                   const proto::Transaction& transaction) const noexcept {
  for (const FieldTest& test : rule.fields) {
    const auto known = match.compared();
    if (known.size() == Match::kMostFields) return;
    if (std::ranges::find(known, test.name, &ComparedField::name) != known.end()) continue;
    const auto value = value_that_holds(rule, test, side_at_hand, transaction);
    if (value) match.fields[match.field_count++] = {test.name, *value};
  }
}

// The value seen, in decimal digits.
void Inspector::State::note_value(const FieldTest& test, std::uint64_t value) noexcept {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  place = {};
  place.buffer = test.name;
  place.sample_size = static_cast<std::uint8_t>(end - digits.data());
  place.size = place.sample_size;
  std::copy(digits.data(), end, place.sample.begin());
}

void Inspector::State::note_place(const Part& part, const Look& look) noexcept {
  const std::size_t at = evaluator.found_at();
  const std::size_t size = evaluator.found_size();
  place.buffer = part.name;
  place.offset = look.start + at;
  place.size = static_cast<std::uint32_t>(size);
  const Bytes sample = look.bytes.subspan(std::min(at, look.bytes.size()));
  place.sample_size = static_cast<std::uint8_t>(std::min({size, sample.size(), Match::kSample}));
  std::copy_n(sample.begin(), place.sample_size, place.sample.begin());
}

bool Inspector::State::part_holds(const Part& part, Side side, proto::Transaction* transaction,
                                  const Look* payload) noexcept {
  const std::int16_t row = part.row[flow::index(side)];
  if (part.of_packet != nullptr) {
    const bool answers = subject.flow != nullptr && side != subject.side;
    const Look look{.bytes = part.of_packet(*subject.packet, answers)};
    if (look.bytes.empty() || !evaluator.matches(part.steps, look)) return false;
    note_place(part, look);
    return true;
  }
  if (row < 0) {
    // Where nothing is said, nothing is missing either: a negated content needs a payload to be absent from.
    return payload != nullptr && !payload->bytes.empty() && steps_hold(part, *payload);
  }
  if (transaction == nullptr) return false;
  const proto::Buffer& buffer = protocols[subject.protocol]->buffers[static_cast<std::size_t>(row)];
  if (part.absence != Part::Absence::fails && !buffer.get(*transaction, 0)) return true;
  if (part.absence == Part::Absence::required) return false;
  if (buffer.growing && !buffer.several && part.chain == Part::kNoChain)
    return growing_part_holds(part, *transaction, buffer);
  for (unsigned instance = 0;; ++instance) {
    const auto bytes = buffer.get(*transaction, instance);
    if (!bytes) return false;
    if (steps_hold(part, {.bytes = *bytes})) return true;
    if (!buffer.several) return false;
  }
}

bool Inspector::State::steps_hold(const Part& part, const Look& look) noexcept {
  if (part.chain != Part::kNoChain) {
    const auto bytes = changed(part.chain, look.bytes);
    if (!bytes) return false;
    const Look made{.bytes = *bytes};
    if (!evaluator.matches(part.steps, made)) return false;
    note_place(part, made);
    return true;
  }
  if (!evaluator.matches(part.steps, look)) return false;
  note_place(part, look);
  return true;
}

bool Inspector::State::growing_part_holds(const Part& part, proto::Transaction& transaction,
                                          const proto::Buffer& buffer) noexcept {
  const auto bytes = buffer.get(transaction, 0);
  if (!bytes) return false;
  const auto number = static_cast<std::uint8_t>(&part - rules->rules[waits.rule].parts.data());
  const bool resumes = waited != nullptr && waited->part == number;
  if (evaluator.matches_growing(part.steps, *bytes, resumes ? waited->resume : 0)) {
    note_place(part, {.bytes = *bytes});
    return true;
  }
  waits.resume = static_cast<std::uint32_t>(evaluator.resume());
  is_final = evaluator.is_final();
  if (const std::size_t step = evaluator.missing(); step != Evaluator::kNone) {
    waits.seen = static_cast<std::uint32_t>(bytes->size());
    waits.step = static_cast<std::uint8_t>(step);
  }
  return false;
}

// Whether a part that does not hold may hold later in the same transaction.
bool Inspector::State::may_change(const Part& part, Side side) const noexcept {
  const std::int16_t row = part.row[flow::index(side)];
  return row < 0 || subject.protocol >= protocols.size() ||
         protocols[subject.protocol]->buffers[static_cast<std::size_t>(row)].growing;
}

Inspector::State::Tried Inspector::State::evaluate(std::uint32_t number, Side side,
                                                   proto::Transaction* transaction,
                                                   const Look* payload) noexcept {
  const CompiledRule& rule = rules->rules[number];
  if (!header_holds(rule, side)) return Tried::no;
  place = {};
  waits = {.rule = number};
  side_at_hand = side;
  if (!bits_hold(rule) || !fields_hold(rule, side, transaction)) return Tried::later;
  if (rule.memory != nullptr && !memory_holds(*rule.memory, side, transaction)) return Tried::later;
  if (suspended_count != 0 && is_suspended(number)) return Tried::later;
  if (clock == nullptr) return evaluate_parts(number, side, transaction, payload);
  const std::chrono::nanoseconds begun = clock();
  const Tried tried = evaluate_parts(number, side, transaction, payload);
  note_time(number, clock() - begun);
  return tried;
}

Inspector::State::Tried Inspector::State::evaluate_parts(std::uint32_t number, Side side,
                                                         proto::Transaction* transaction,
                                                         const Look* payload) noexcept {
  const CompiledRule& rule = rules->rules[number];
  counters.evaluations.add();
  is_final = false;
  const auto states_order = transaction != nullptr ? protocols[subject.protocol]->is_little_endian : nullptr;
  evaluator.begin(states_order != nullptr && states_order(*transaction));
  const auto failed = std::ranges::find_if_not(
      rule.parts, [&](const Part& part) { return part_holds(part, side, transaction, payload); });
  const auto part = static_cast<std::size_t>(failed - rule.parts.begin());
  waits.part = static_cast<std::uint8_t>(part);
  if (evaluator.regex_limit_reached()) counters.pcre_limit.add();
  if (evaluator.limit_reached()) counters.step_limit.add();
  if (failed == rule.parts.end()) return Tried::yes;
  if (transaction != nullptr && waits_for_stream(rule, part, side)) waits.look = look_at(side);
  return may_change(*failed, side) && !is_final ? Tried::later : Tried::no;
}

}  // namespace bansoko::detect
