// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/applications.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>
#include <utility>

#include "shield/detect/inspector.h"
#include "shield/detect/rule_set_state.h"

namespace bansoko::engine {
namespace {

using flow::index;
using flow::StreamChunk;

constexpr std::uint64_t bit(std::size_t protocol) noexcept { return std::uint64_t{1} << protocol; }

std::vector<std::uint64_t> limits_of(const proto::Protocol& protocol, const ProtocolLimits& settings) {
  std::vector<std::uint64_t> values;
  const auto section = settings.find(std::string(protocol.name));
  for (const proto::Limit& limit : protocol.limits) {
    values.push_back(limit.value);
    if (section == settings.end()) continue;
    const auto set = section->second.find(std::string(limit.name));
    if (set != section->second.end()) values.back() = std::clamp(set->second, limit.least, limit.most);
  }
  return values;
}

/// The chunk as a first one: what was delivered while nobody knew the protocol is new again. Bytes
/// before the window are a gap.
StreamChunk from_window_start(const StreamChunk& chunk) noexcept {
  const std::uint64_t missed = chunk.offset - std::min<std::uint64_t>(chunk.offset, chunk.history);
  return {.from = chunk.from,
          .last = chunk.last,
          .gap = static_cast<std::uint32_t>(
              std::min<std::uint64_t>(missed, std::numeric_limits<std::uint32_t>::max())),
          .offset = missed,
          .history = 0,
          .window = chunk.window};
}

proto::Transports transport_of(const flow::Flow& flow) noexcept {
  return flow.is_tcp() ? proto::kOverTcp : proto::kOverUdp;
}

proto::Approach approach_of(const flow::Flow& flow) noexcept {
  return {.transport = transport_of(flow),
          .client_port = flow.key.client_port,
          .server_port = flow.key.server_port};
}

}  // namespace

Applications::Applications(std::span<const proto::Protocol* const> protocols, const ProtocolLimits& limits,
                           std::uint32_t max_flows, std::uint32_t max_expected)
    : protocols_(protocols), talks_(max_flows), counters_(protocols.size()), expected_(max_expected) {
  assert(protocols.size() <= 64);
  pools_.reserve(protocols.size());
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    const proto::Protocol& protocol = *protocols[i];
    if ((protocol.transports & proto::kOverTcp) != 0) of_transport_[0] |= bit(i);
    if ((protocol.transports & proto::kOverUdp) != 0) of_transport_[1] |= bit(i);
    pools_.emplace_back(protocol, limits_of(protocol, limits), max_flows);
    counters_[i].anomalies = std::vector<Counter>(protocol.anomalies.size());
  }
}

void Applications::use(const detect::RuleSet& rules) noexcept { rules_ = &rules.state(); }

std::size_t Applications::protocol_of(const flow::Flow& flow) const noexcept {
  const auto known = talks_[flow.slot].protocol;
  return known ? *known : detect::Subject::kNoProtocol;
}

bool Applications::has_given_up(const flow::Flow& flow, flow::Side side) const noexcept {
  const Conversation& talk = talks_[flow.slot];
  if (!flow.is_tcp() && flow.key.protocol != packet::Protocol::udp) return false;
  const std::uint64_t possible = of_transport_[flow.is_tcp() ? 0 : 1];
  return !talk.protocol && (possible & ~talk.excluded[index(side)]) == 0;
}

bool Applications::recognise(const flow::Flow& flow, const StreamChunk& chunk) noexcept {
  Conversation& talk = talks_[flow.slot];
  if (talk.protocol || chunk.window.empty()) return false;
  const StreamChunk first = from_window_start(chunk);
  const std::uint64_t possible = of_transport_[flow.is_tcp() ? 0 : 1];
  const proto::Approach approach = approach_of(flow);
  std::uint64_t& excluded = talk.excluded[index(chunk.from)];
  if (excluded == 0 && is_expected(flow, talk)) return true;
  // A protocol's first bytes are not in the middle of a stream.
  if (first.gap != 0) excluded = possible;
  for (std::uint64_t left = possible & ~excluded; left != 0; left &= left - 1) {
    const auto protocol = static_cast<std::size_t>(std::countr_zero(left));
    const proto::Guess guess = protocols_[protocol]->probe(first, approach);
    if (guess == proto::Guess::no) excluded |= bit(protocol);
    if (guess != proto::Guess::yes) continue;
    begin(flow, talk, protocol);
    return true;
  }
  return false;
}

proto::Assignment Applications::assignment(const flow::Flow& flow, std::size_t protocol) const noexcept {
  return {.wanted = rules_ == nullptr ? 0 : rules_->protocols[protocol].wanted_on(flow.key.server_port),
          .server = flow.hosts[index(flow::Side::server)],
          .transport = transport_of(flow),
          .client = flow.key.client};
}

/// Asked when a side speaks for the first time.
bool Applications::is_expected(const flow::Flow& flow, Conversation& talk) noexcept {
  const auto found = expected_.take(flow);
  if (found) begin(flow, talk, found->protocol, &found->announced);
  return found.has_value();
}

std::optional<std::uint8_t> Applications::index_of(std::string_view protocol) const noexcept {
  for (std::size_t i = 0; i < protocols_.size(); ++i)
    if (protocols_[i]->name == protocol) return static_cast<std::uint8_t>(i);
  return std::nullopt;
}

void Applications::expect(const flow::Flow& announcing, const proto::ExpectedFlow& expected) noexcept {
  if (const auto protocol = index_of(expected.protocol)) expected_.add(announcing, expected, *protocol);
}

void Applications::hand_over(const flow::Flow& flow, const proto::Handover& handover) noexcept {
  Conversation& talk = talks_[flow.slot];
  talk.next = index_of(handover.protocol);
  talk.left = handover.left;
}

std::optional<StreamChunk> Applications::take_over(const flow::Flow& flow,
                                                   const StreamChunk& chunk) noexcept {
  Conversation& talk = talks_[flow.slot];
  if (!talk.next) return std::nullopt;
  begin(flow, talk, *std::exchange(talk.next, std::nullopt));
  talk.fed = {true, true};
  const std::size_t left = std::min(talk.left, chunk.bytes().size());
  return StreamChunk{.from = chunk.from,
                     .last = chunk.last,
                     .offset = chunk.offset + chunk.bytes().size() - left,
                     .window = chunk.window.last(left)};
}

void Applications::begin(const flow::Flow& flow, Conversation& talk, std::size_t protocol,
                         const proto::ExpectedFlow* announced) noexcept {
  talk.protocol = static_cast<std::uint8_t>(protocol);
  proto::Assignment given = assignment(flow, protocol);
  given.announced = announced;
  talk.parser = pools_[protocol].take(given);
  counters_[protocol].flows.add();
  if (talk.parser == nullptr && protocols_[protocol]->make_parser != nullptr)
    counters_[protocol].without_parser.add();
}

void Applications::feed(const flow::Flow& flow, const StreamChunk& chunk,
                        proto::TransactionSink& sink) noexcept {
  Conversation& talk = talks_[flow.slot];
  if (talk.parser == nullptr) return;
  bool& fed = talk.fed[index(chunk.from)];
  const proto::Parsed parsed = talk.parser->feed(fed ? chunk : from_window_start(chunk), sink);
  fed = true;
  talk.is_sealed = parsed == proto::Parsed::more && talk.parser->is_sealed();
  if (parsed == proto::Parsed::more) return;
  if (parsed == proto::Parsed::malformed) counters_[*talk.protocol].malformed.add();
  stop(flow, sink);
}

void Applications::feed_earlier(const flow::Flow& flow, const StreamChunk& said,
                                proto::TransactionSink& sink) noexcept {
  Conversation& talk = talks_[flow.slot];
  if (talk.parser == nullptr || said.window.empty()) return;
  talk.fed[index(said.from)] = true;
  if (talk.parser->feed(from_window_start(said), sink) == proto::Parsed::more) return;
  // What was asked cannot be read, what is answered can.
  talk.next.reset();
  counters_[*talk.protocol].malformed.add();
  talk.parser->end(sink);
  talk.parser->reset(assignment(flow, *talk.protocol));
}

void Applications::stop(const flow::Flow& flow, proto::TransactionSink& sink) noexcept {
  Conversation& talk = talks_[flow.slot];
  if (talk.parser == nullptr) return;
  talk.parser->end(sink);
  pools_[*talk.protocol].give_back(talk.parser);
  talk.parser = nullptr;
  talk.is_sealed = false;
}

void Applications::forget(const flow::Flow& flow, proto::TransactionSink& sink) noexcept {
  stop(flow, sink);
  talks_[flow.slot] = {};
}

void Applications::count_transaction(const flow::Flow& flow) noexcept {
  counters_[*talks_[flow.slot].protocol].transactions.add();
}

void Applications::count_anomaly(const flow::Flow& flow, std::size_t anomaly) noexcept {
  auto& anomalies = counters_[*talks_[flow.slot].protocol].anomalies;
  if (anomaly < anomalies.size()) anomalies[anomaly].add();
}

}  // namespace bansoko::engine
