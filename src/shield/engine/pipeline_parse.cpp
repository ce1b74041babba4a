// SPDX-License-Identifier: Apache-2.0
// What packets say to parsers, and parsers to rules.
#include "shield/engine/pipeline.h"

namespace bansoko::engine {

using flow::Flow;
using flow::Side;
using packet::Packet;

void Pipeline::datagram(const Packet& packet) noexcept {
  if (packet.payload.empty()) return;
  const flow::StreamChunk chunk{.from = side_, .window = packet.payload};
  if (applications_.recognise(*flow_, chunk))
    inspector_.protocol_known(applications_.protocol_of(*flow_));
  else
    note_given_up(side_);
  feed(chunk);
}

void Pipeline::note_given_up(Side side) noexcept {
  if (applications_.has_given_up(*flow_, side)) inspector_.protocol_given_up(side);
}

void Pipeline::parse(const flow::StreamChunk& chunk) noexcept {
  applications_.feed(*flow_, chunk, *this);
  for (auto rest = applications_.take_over(*flow_, chunk); rest;
       rest = applications_.take_over(*flow_, *rest)) {
    inspector_.protocol_known(applications_.protocol_of(*flow_));
    applications_.feed(*flow_, *rest, *this);
  }
}

/// What rules take of a parser's step, since it calls them, is not the parser's.
void Pipeline::feed(const flow::StreamChunk& chunk) noexcept {
  if (clock_ == nullptr || applications_.protocol_of(*flow_) == detect::Subject::kNoProtocol)
    return parse(chunk);
  const std::chrono::nanoseconds begun = clock_() - inspector_.spent();
  parse(chunk);
  const std::chrono::nanoseconds spent = clock_() - inspector_.spent() - begun;
  if (spent <= parser_budget_) return;
  counters_.slow_parsers.add();
  slow_parser_ = spent;
  // Of this flow alone: one hostile peer must not blind us to a whole protocol.
  applications_.stop(*flow_, *this);
}

void Pipeline::on_chunk(Flow& flow, const flow::StreamChunk& chunk) noexcept {
  // Only the parser can tell whether this, too, is encrypted, and it finds nothing there that rules ask for.
  if (applications_.is_sealed(flow)) {
    feed(chunk);
    return applications_.is_sealed(flow) ? inspector_.sealed(chunk) : inspector_.chunk(chunk);
  }
  claim_watch_.hear(flow, chunk, line_.now());
  const bool is_news = applications_.recognise(flow, chunk);
  is_news ? inspector_.protocol_known(applications_.protocol_of(flow)) : note_given_up(chunk.from);
  inspector_.chunk(chunk);
  // The answer tells what the request was, if that looked like nothing.
  if (is_news && chunk.from == Side::server)
    applications_.feed_earlier(flow, tracker_.delivered(flow, Side::client), *this);
  feed(chunk);
}

void Pipeline::on_progress(proto::Transaction& transaction, Side side) noexcept {
  if (inspecting_) inspector_.transaction(transaction, side);
  if (flow_ != nullptr)
    claim_watch_.hear(*flow_, applications_.protocol_of(*flow_), transaction, side, line_.now());
}

void Pipeline::on_end(proto::Transaction& transaction) noexcept {
  inspector_.forget(transaction);
  if (flow_ != nullptr) applications_.count_transaction(*flow_);
}

void Pipeline::on_expected(const proto::ExpectedFlow& expected) noexcept {
  if (flow_ != nullptr) applications_.expect(*flow_, expected);
}

void Pipeline::on_handover(const proto::Handover& handover) noexcept {
  if (flow_ != nullptr) applications_.hand_over(*flow_, handover);
}

}  // namespace bansoko::engine
