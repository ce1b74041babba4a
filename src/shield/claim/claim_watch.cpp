// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/claim_watch.h"

#include <algorithm>
#include <cstring>

#include "shield/claim/readers.h"

namespace bansoko::claim {
namespace {

using flow::Side;
using proto::Transaction;

/// Buffers that a transaction has several of are looked into so far.
constexpr unsigned kInstances = 16;

template <class Row>
const Row* find_row(std::span<const Row> rows, const Topic& topic) noexcept {
  const auto found = std::ranges::find_if(
      rows, [&](const Row& row) { return row.name == topic.part && row.side == topic.side; });
  return found == rows.end() ? nullptr : &*found;
}

void read(const Topic& topic, const proto::Buffer* buffer, const proto::Field* field,
          Transaction& transaction, Claim& claim) noexcept {
  if (field != nullptr) {
    if (const auto number = field->get(transaction)) topic.read_number(*number, *field, claim);
    return;
  }
  for (unsigned i = 0; i < (buffer->several ? kInstances : 1) && claim.size == 0; ++i) {
    const auto bytes = buffer->get(transaction, i);
    if (!bytes) return;
    topic.read(*bytes, topic.argument, claim);
  }
}

void put_address(const packet::Address& address, std::uint64_t* words) noexcept {
  std::memcpy(words, address.bytes.data(), address.bytes.size());
}

/// What tells one subject from others, as words to be hashed.
std::array<std::uint64_t, 4> subject_of(const flow::FlowKey& key, const Claim& claim) noexcept {
  std::array<std::uint64_t, 4> words{};
  put_address(claim.host, words.data());
  words[2] = std::uint64_t{claim.port} << 16 | std::uint64_t{claim.transport} << 8 | claim.topic;
  words[3] = key.network ^ std::uint64_t{key.vlan} << 32;
  return words;
}

}  // namespace

ClaimWatch::ClaimWatch(const Settings& settings, std::span<const proto::Protocol* const> protocols,
                       std::uint32_t max_flows, std::uint64_t seed, ClaimSink& sink)
    : of_(settings.of),
      hash_(seed),
      sink_(sink),
      heard_(settings.enabled ? max_flows : 0),
      table_(settings.enabled ? settings.max_claims : 0, settings.repeat) {
  if (settings.enabled) find_parts(protocols);
}

void ClaimWatch::find_parts(std::span<const proto::Protocol* const> protocols) {
  groups_.resize(2 * protocols.size());
  for (std::size_t i = 0; i < topics().size(); ++i) {
    const Topic& topic = topics()[i];
    const auto found = std::ranges::find(protocols, topic.protocol, &proto::Protocol::name);
    if (found == protocols.end()) continue;
    const proto::Protocol& protocol = **found;
    Part part{.topic = &topic, .name = topic_named(topic.name), .bit = 1U << i};
    if (topic.read != nullptr)
      part.buffer = find_row(protocol.buffers, topic);
    else
      part.field = find_row(protocol.fields, topic);
    if (part.buffer == nullptr && part.field == nullptr) continue;
    const auto index = static_cast<std::size_t>(found - protocols.begin());
    Group& group = groups_[2 * index + flow::index(topic.side)];
    group.ready_at =
        std::max(group.ready_at, part.buffer != nullptr ? part.buffer->ready_at : part.field->ready_at);
    group.parts.push_back(part);
  }
}

void ClaimWatch::look(const flow::Flow& flow, const Group& group, Transaction& transaction, Side side,
                      std::chrono::nanoseconds now) noexcept {
  Heard& heard = heard_[flow.slot][flow::index(side)];
  heard.last = static_cast<std::uint32_t>(transaction.id) + 1;
  ++heard.looks;
  Claim claim;
  for (const Part& part : group.parts) {
    if ((heard.done & part.bit) != 0) continue;
    claim.size = 0;
    read(*part.topic, part.buffer, part.field, transaction, claim);
    if (claim.size == 0) continue;
    heard.done |= part.bit;
    claim.topic = part.name;
    tell(flow, side, claim, now);
  }
}

void ClaimWatch::greet(const flow::Flow& flow, const flow::StreamChunk& chunk,
                       std::chrono::nanoseconds now) noexcept {
  bool& has_greeted = heard_[flow.slot][kServer].has_greeted;
  has_greeted = true;
  if (chunk.gap != 0 || chunk.offset != chunk.history) return;
  const std::string_view said = as_text(chunk.window.first(std::min(chunk.window.size(), kMostGreeting)));
  const bool may_begin = std::ranges::any_of(greetings(), [said](const Greeting& row) {
    return said.substr(0, row.begins.size()) == row.begins.substr(0, said.size());
  });
  if (!may_begin) return;
  // The first line decides; what comes with it belongs to it.
  const std::size_t end = said.rfind('\n');
  if (end == std::string_view::npos) {
    has_greeted = said.size() == kMostGreeting || chunk.last;
    return;
  }
  Claim claim;
  claim.topic = topic_of_greeting(said.substr(0, end), flow.key.server_port);
  if (claim.topic == kNoTopic) return;
  if (said.starts_with("SSH-"))
    write(said.substr(0, said.find('\n')), claim);
  else
    read_greeting(said.substr(0, end), claim);
  tell(flow, Side::server, claim, now);
}

void ClaimWatch::tell(const flow::Flow& flow, Side side, Claim& claim,
                      std::chrono::nanoseconds now) noexcept {
  const bool is_server = side == Side::server;
  claim.host = is_server ? flow.key.server : flow.key.client;
  if (claim.size == 0 || !of_.contains(claim.host)) return;
  claim.time = now;
  claim.flow_id = flow.id;
  claim.peer = is_server ? flow.key.client : flow.key.server;
  claim.port = is_server ? flow.key.server_port : std::uint16_t{0};
  claim.peer_port = is_server ? flow.key.client_port : flow.key.server_port;
  claim.transport = flow.key.protocol;
  std::array<std::uint64_t, Claim::kMostText / sizeof(std::uint64_t)> text{};
  std::memcpy(text.data(), claim.text.data(), claim.size);
  switch (table_.note(hash_(subject_of(flow.key, claim)), hash_(text), now)) {
    case ClaimTable::Answer::news:
      if (sink_.on_claim(claim)) return counters_.told.add();
      table_.forget_last();
      return counters_.lost.add();
    case ClaimTable::Answer::many:
      return counters_.many.add();
    case ClaimTable::Answer::full:
      return counters_.full.add();
    case ClaimTable::Answer::known:
      return;
  }
}

void ClaimWatch::forget(const flow::Flow& flow) noexcept {
  if (!groups_.empty()) heard_[flow.slot] = {};
}

}  // namespace bansoko::claim
