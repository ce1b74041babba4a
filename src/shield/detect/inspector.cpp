// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/inspector.h"

#include <algorithm>
#include <utility>

#include "shield/detect/inspector_state.h"
#include "shield/detect/literal_choice.h"

namespace bansoko::detect {

using flow::Side;

namespace {

// A rule that waits for its nth match counts one in a stream again with each packet that finds it in view, as
// Suricata does. Not so one that drops: a single login must not look like many.
bool counts_packets(const CompiledRule& rule, rule::Action action) noexcept {
  if (action != rule::Action::alert) return false;
  const Threshold::Kind kind = rule.threshold.kind;
  const bool waits =
      (kind == Threshold::Kind::threshold || kind == Threshold::Kind::both) && rule.threshold.count > 1;
  return rule.scope == Scope::stream && (waits || rule.filter.kind != Threshold::Kind::none);
}

Bytes head_of(Bytes bytes) noexcept { return bytes.first(std::min(bytes.size(), kHeadSize)); }

}  // namespace

Inspector::State::State(const InspectorSettings& from, std::span<const proto::Protocol* const> known)
    : settings(from),
      protocols(known),
      transformed(from.max_transformed),
      thresholds(from.max_tracked),
      bits(from.max_flows, from.max_flowbits),
      numbers(from.max_flows, from.max_flowints),
      marks(from.max_xbits),
      flows(from.max_flows),
      notes(from.max_transactions),
      blocks(from.max_transactions),
      found(from.max_candidates),
      recalled(from.max_candidates) {
  std::size_t count = 4;
  for (const proto::Protocol* protocol : known) {
    first_buffer.push_back(count);
    count += protocol->buffers.size();
  }
  inspected = std::vector<InspectedBuffer>(count);
  for (const Side side : {Side::client, Side::server}) {
    inspected[kStream + flow::index(side)].name = "stream";
    inspected[kPacket + flow::index(side)].name = "packet";
    inspected[kStream + flow::index(side)].side = inspected[kPacket + flow::index(side)].side = side;
  }
  for (std::size_t p = 0; p < known.size(); ++p)
    for (std::size_t row = 0; row < known[p]->buffers.size(); ++row) {
      inspected[first_buffer[p] + row].name = known[p]->buffers[row].name;
      inspected[first_buffer[p] + row].side = known[p]->buffers[row].side;
    }
}

std::uint16_t Inspector::State::service_port(Side side) const noexcept {
  return side == Side::client ? subject.packet->dest_port : subject.packet->source_port;
}

void Inspector::State::begin_candidates() noexcept {
  found_count = 0;
  if (++round != 0) return;
  std::ranges::fill(stamps, 0);  // the round number has wrapped
  round = 1;
}

void Inspector::State::add_candidate(std::uint32_t rule) noexcept {
  if (stamps[rule] == round) return;
  if (found_count == found.size()) {
    counters.candidate_limit.add();
    return;
  }
  stamps[rule] = round;
  found[found_count++] = rule;
}

void Inspector::State::add_candidates(std::span<const std::uint32_t> rules_found) noexcept {
  for (const std::uint32_t rule : rules_found) add_candidate(rule);
}

void Inspector::State::add_always(const AlwaysRules& always) noexcept {
  add_candidates(always.by_source.find(subject.packet->source));
  add_candidates(always.by_dest.find(subject.packet->dest));
  add_candidates(always.by_source_port.find(subject.packet->source_port));
  add_candidates(always.by_dest_port.find(subject.packet->dest_port));
  add_candidates(always.rest);
}

void Inspector::State::scan(const LiteralGroup& group, Bytes bytes, std::size_t buffer) noexcept {
  if (group.empty() || bytes.empty()) return;
  inspected[buffer].bytes.add(bytes.size());
  search(group, bytes);
}

void Inspector::State::search(const LiteralGroup& group, Bytes bytes) noexcept {
  if (group.empty() || bytes.empty()) return;
  struct Hit {
    State& state;
    const LiteralGroup& group;
  } hit{*this, group};
  group.database()->scan(
      bytes, scratch,
      [](void* context, std::uint32_t literal) noexcept {
        const auto& at = *static_cast<const Hit*>(context);
        at.state.add_candidates(at.group.rules_of(literal));
      },
      &hit);
}

std::span<std::uint32_t> Inspector::State::candidates() noexcept {
  const auto all = std::span(found).first(found_count);
  std::ranges::sort(all);
  counters.candidates.add(all.size());
  return all;
}

FlowNotes* Inspector::State::flow_notes() noexcept {
  if (subject.flow == nullptr) return nullptr;
  FlowNotes& known = flows[subject.flow->slot];
  if (known.generation != rules->generation) {
    known = {};
    known.generation = rules->generation;
  }
  return &known;
}

// The rules without a literal, of which those about addresses alone are asked once per flow and side.
void Inspector::State::add_packet_candidates() noexcept {
  packet_done = true;
  const auto transport = static_cast<std::size_t>(transport_of(subject.packet->protocol));
  add_always(rules->always[transport]);
  scan_changed_payload();
  FlowNotes* const known = flow_notes();
  if (known != nullptr && std::exchange(known->side[flow::index(subject.side)].asked_once, true)) return;
  add_always(rules->always_once[transport]);
}

void Inspector::State::packet_rules() noexcept {
  if (packet_done || !subject.packet->is_ip()) return;
  const packet::Packet& packet = *subject.packet;
  const std::size_t side = flow::index(subject.side);
  // Segments that no stream holds are looked at one by one.
  const bool alone = subject.flow == nullptr || !subject.flow->has_stream;
  const auto transport = static_cast<std::size_t>(transport_of(packet.protocol));
  const PortGroups& groups =
      packet.is_tcp() && alone ? rules->streams[side] : rules->packets[transport][side];
  begin_candidates();
  transformed.begin();
  add_packet_candidates();
  if (!is_sealed) scan(groups.at(service_port(subject.side)), packet.payload, kPacket + side);
  if (&groups == &rules->streams[side])
    search(rules->stream_heads[side].at(service_port(subject.side)), head_of(packet.payload));
  const Look look{.bytes = packet.payload};
  for (const std::uint32_t number : candidates()) {
    const CompiledRule& rule = rules->rules[number];
    if (rule.scope == Scope::stream && !rule.packets_too && !alone) continue;
    if (evaluate(number, subject.side, nullptr, &look) == Tried::yes) matched(number, nullptr);
  }
}

// Whether the chunk begins with the payload of the packet at hand, so that one pass serves both.
bool Inspector::State::carries_packet(const flow::StreamChunk& chunk) const noexcept {
  const Bytes payload = subject.packet->payload;
  const Bytes fresh = chunk.bytes();
  return chunk.from == subject.side && fresh.size() >= payload.size() &&
         std::equal(payload.begin(), payload.end(), fresh.begin());
}

Inspector::State::Tried Inspector::State::try_in_stream(std::uint32_t number, Side side, const Look& stream,
                                                        const Look* packet) noexcept {
  const CompiledRule& rule = rules->rules[number];
  Tried tried = Tried::no;
  if (rule.scope == Scope::stream) tried = evaluate(number, side, nullptr, &stream);
  const bool in_packet = rule.scope != Scope::stream || rule.packets_too;
  if (tried != Tried::yes && in_packet && packet != nullptr &&
      evaluate(number, side, nullptr, packet) == Tried::yes)
    tried = Tried::yes;
  if (tried == Tried::yes) matched(number, nullptr);
  return tried;
}

void Inspector::State::keep_pending(FlowNotes::Side& side, PendingInStream pending) noexcept {
  side.overflowed |= side.pending_count == FlowNotes::kMaxPending;
  if (side.overflowed) return;
  side.pending[side.pending_count++] = pending;
}

// Looks for literals in what is new, or in all that is in view; for those at the head only where a stream
// begins or, since rules may mean either, the packet does whose payload is new.
void Inspector::State::scan_stream(const flow::StreamChunk& chunk, bool all, bool is_packet) noexcept {
  const std::size_t s = flow::index(chunk.from);
  const std::uint16_t port = service_port(chunk.from);
  const auto begin_for = [&](const LiteralGroup& group) {
    return all ? 0 : chunk.history - std::min(chunk.history, group.overlap());
  };
  const LiteralGroup& group = rules->streams[s].at(port);
  scan(group, chunk.window.subspan(begin_for(group)), kStream + s);
  const LiteralGroup& head = rules->stream_heads[s].at(port);
  const std::uint64_t start = chunk.offset - chunk.history;
  if (const std::size_t begin = begin_for(head); start + begin < kHeadSize)
    search(head,
           chunk.window.first(std::min<std::size_t>(kHeadSize - start, chunk.window.size())).subspan(begin));
  if (is_packet && chunk.offset != 0) search(head, head_of(chunk.bytes()));
}

void Inspector::State::stream_rules(const flow::StreamChunk& chunk) noexcept {
  const bool both = !packet_done && carries_packet(chunk);
  if (!both) packet_rules();
  FlowNotes* const known = flow_notes();
  if (known == nullptr) return;
  const Look packet{.bytes = subject.packet->payload};
  const Look stream{.bytes = chunk.window, .start = chunk.offset - chunk.history};
  stream_look = stream;
  stream_side = chunk.from;
  look_number = std::max(look_number + 1, kNoLook + 1);
  begin_candidates();
  transformed.begin();
  if (both) add_packet_candidates();
  auto& side = known->side[flow::index(chunk.from)];
  scan_stream(chunk, side.overflowed, both);
  const std::uint64_t end = chunk.offset + chunk.bytes().size();
  auto before = side.pending;
  const auto pending = std::span(before).first(side.pending_count);
  for (PendingInStream& entry : pending) {
    if (stamps[entry.rule] == round)
      entry.hit_at = end;  // its literal has come once more
    else if (entry.hit_at >= stream.start)
      add_candidate(entry.rule);
  }
  const auto& always = rules->always_streams[flow::index(chunk.from)];
  add_candidates(always);
  side.pending_count = 0;
  side.overflowed = false;
  for (const std::uint32_t number : candidates()) {
    const Tried tried = try_in_stream(number, chunk.from, stream, both ? &packet : nullptr);
    if (tried == Tried::no ||
        (tried == Tried::yes && !counts_packets(rules->rules[number], rules->infos[number].action)))
      continue;
    if (std::ranges::binary_search(always, number)) continue;
    const auto old = std::ranges::find(pending, number, &PendingInStream::rule);
    keep_pending(side, {old != pending.end() ? old->hit_at : end, number});
  }
}

void Inspector::State::matched(std::uint32_t number, proto::Transaction* transaction) noexcept {
  if (matched_already(number, transaction)) return;
  const CompiledRule& rule = rules->rules[number];
  const RuleInfo& info = rules->infos[number];
  if (subject.flow != nullptr) {
    for (const BitChange& change : rule.bit_changes) {
      const std::uint32_t slot = subject.flow->slot;
      const bool on = change.kind == BitChange::Kind::set ||
                      (change.kind == BitChange::Kind::toggle && !bits.has(slot, change.bit));
      on ? bits.set(slot, change.bit) : bits.unset(slot, change.bit);
    }
  }
  if (rule.memory != nullptr) change_memory(*rule.memory, side_at_hand, transaction);
  bool alert = !info.noalert;
  const std::uint64_t identity = std::uint64_t{info.gid} << 32U | info.sid;
  const std::uint64_t flow_id = subject.flow != nullptr ? subject.flow->id : 0;
  for (const Threshold* threshold : {&rule.filter, &rule.threshold}) {
    if (threshold->kind == Threshold::Kind::none) continue;
    const auto kind = static_cast<std::uint64_t>(threshold == &rule.filter) << 63U;
    const auto answer = thresholds.count(*threshold, identity | kind, *subject.packet, flow_id,
                                         subject.packet->arrived, counters.tracked_limit);
    if (answer != ThresholdTable::Answer::alert) counters.suppressed.add();
    if (answer == ThresholdTable::Answer::no) return;
    alert &= answer == ThresholdTable::Answer::alert;
  }
  if (rule.memory != nullptr) change_marks(*rule.memory, true, side_at_hand, transaction);
  if (match_count == matches.size()) {
    counters.match_limit.add();
    return;
  }
  counters.matches.add();
  Match& match = matches[match_count++];
  match = Match{place};
  if (match.buffer.empty()) match.buffer = rule.protocol_anomaly;
  match.rule = number;
  match.exception = exception_of(number, transaction);
  match.has_transaction = transaction != nullptr;
  match.alert = alert;
  if (transaction == nullptr) return;
  match.transaction = transaction->id;
  note_fields(match, rule, *transaction);
}

bool Inspector::State::matched_already(std::uint32_t number,
                                       const proto::Transaction* transaction) const noexcept {
  return std::any_of(matches.begin(), matches.begin() + static_cast<std::ptrdiff_t>(match_count),
                     [&](const Match& match) {
                       return match.rule == number && match.has_transaction == (transaction != nullptr) &&
                              (transaction == nullptr || match.transaction == transaction->id);
                     });
}

Inspector::Inspector(const InspectorSettings& settings, std::span<const proto::Protocol* const> protocols)
    : state_(std::make_unique<State>(settings, protocols)) {}
Inspector::~Inspector() = default;

Result<> Inspector::use(const RuleSet& rules) {
  for (const pattern::LiteralDatabase* database : rules.state().databases())
    BANSOKO_CHECK(state_->scratch.fit(*database));
  state_->rule_set = &rules;
  state_->rules = &rules.state();
  state_->stamps.assign(rules.rules().size(), 0);
  state_->suspended_until.assign(rules.rules().size(), {});
  state_->suspended_count = 0;
  state_->recalled_at.assign(rules.rules().size(), 0);
  state_->round = 0;
  return {};
}

void Inspector::begin(const Subject& subject) noexcept {
  state_->subject = subject;
  state_->packet_done = state_->is_sealed = false;
  state_->stream_look.reset();
  if (!subject.completed) state_->match_count = 0;
  state_->slow_count = 0;
}

void Inspector::fragment(const packet::Packet& packet) noexcept {
  begin({.packet = &packet});
  state_->packet_done = true;  // a fragment is nothing to the other rules
  const Look nothing;
  for (const std::uint32_t number : state_->rules->fragments)
    if (state_->evaluate(number, Side::client, nullptr, &nothing) == State::Tried::yes)
      state_->matched(number, nullptr);
  finish();
}

void Inspector::protocol_known(std::size_t protocol) noexcept { state_->subject.protocol = protocol; }

void Inspector::protocol_given_up(Side side) noexcept { state_->subject.given_up[flow::index(side)] = true; }

void Inspector::chunk(const flow::StreamChunk& chunk) noexcept {
  if (state_->subject.flow != nullptr && state_->subject.flow->is_tcp() && !chunk.bytes().empty()) {
    state_->stream_rules(chunk);
  } else {
    state_->packet_rules();
  }
}

void Inspector::sealed(const flow::StreamChunk& chunk) noexcept {
  state_->counters.sealed_bytes.add(chunk.bytes().size());
  state_->is_sealed = state_->carries_packet(chunk);
  state_->packet_rules();
}

void Inspector::transaction(proto::Transaction& transaction, Side side) noexcept {
  state_->packet_rules();
  state_->transaction_rules(transaction, side);
}

void Inspector::finish() noexcept {
  state_->packet_rules();
  state_->sort_matches();
}

std::span<const Match> Inspector::matches() const noexcept {
  return std::span(state_->matches).first(state_->match_count);
}

void Inspector::forget(proto::Transaction& transaction) noexcept { state_->forget(transaction); }

void Inspector::forget(const flow::Flow& flow) noexcept {
  state_->bits.clear(flow.slot);
  state_->numbers.clear(flow.slot);
  // Zero means nothing: no generation is 0.
  if (state_->flows[flow.slot].generation != 0) state_->flows[flow.slot] = {};
}

const InspectorCounters& Inspector::counters() const noexcept { return state_->counters; }
std::span<const InspectedBuffer> Inspector::inspected() const noexcept { return state_->inspected; }

}  // namespace bansoko::detect
