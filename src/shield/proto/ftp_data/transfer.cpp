// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ftp_data/transfer.h"

#include <algorithm>

namespace bansoko::proto::ftp_data {
namespace {

enum Anomaly : std::size_t { file_limit, memory_limit, gap };

}  // namespace

void TransferParser::reset(const Assignment& assignment) noexcept {
  transfer_.progress = {};
  transfer_.notes = {};
  for (BudgetedBytes& content : transfer_.content) {
    content.clear();
    if (budget_.is_tight()) content.release();
  }
  state_ = State::idle;
  is_cut_ = is_last_ = {};
  const ExpectedFlow announced = assignment.announced == nullptr ? ExpectedFlow() : *assignment.announced;
  transfer_.purpose = announced.purpose;
  transfer_.name_size = std::min(announced.label.size(), transfer_.name.size());
  std::copy_n(announced.label.begin(), transfer_.name_size, transfer_.name.begin());
}

Parsed TransferParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  if (state_ == State::over) return Parsed::more;
  if (state_ == State::idle) begin(sink);
  bool grown = false;
  if (chunk.gap > 0) grown = keep_gap(chunk.from, chunk.gap, sink);
  grown = keep(chunk.from, chunk.bytes(), sink) || grown;
  if (grown) sink.on_progress(transfer_, chunk.from);
  is_last_[flow::index(chunk.from)] |= chunk.last;
  if (is_last_[0] && is_last_[1]) complete(sink);
  return Parsed::more;
}

void TransferParser::begin(TransactionSink& sink) {
  state_ = State::open;
  for (const Side side : {Side::client, Side::server}) {
    transfer_.progress[flow::index(side)] = kBegun;
    sink.on_progress(transfer_, side);
  }
}

/// True: there is more of the file than before.
bool TransferParser::keep(Side side, Bytes bytes, TransactionSink& sink) {
  const std::size_t s = flow::index(side);
  if (is_cut_[s]) return false;
  BudgetedBytes& content = transfer_.content[s];
  const Bytes kept = bytes.first(std::min(bytes.size(), most_ - content.size()));
  const bool has_memory = kept.empty() || content.append(kept, most_);
  is_cut_[s] = !has_memory || kept.size() < bytes.size();
  if (is_cut_[s]) sink.on_anomaly(side, has_memory ? file_limit : memory_limit);
  return has_memory && !kept.empty();
}

/// Zeros stand for what was lost, so that the rest stays in its place.
bool TransferParser::keep_gap(Side side, std::uint64_t size, TransactionSink& sink) {
  sink.on_anomaly(side, gap);
  constexpr std::array<std::uint8_t, 256> kZeros{};
  bool grown = false;
  while (size > 0 && !is_cut_[flow::index(side)]) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(size, kZeros.size()));
    grown = keep(side, Bytes(kZeros).first(piece), sink) || grown;
    size -= piece;
  }
  return grown;
}

void TransferParser::complete(TransactionSink& sink) {
  for (const Side side : {Side::client, Side::server}) {
    transfer_.progress[flow::index(side)] = kComplete;
    sink.on_progress(transfer_, side);
  }
  end(sink);
}

void TransferParser::end(TransactionSink& sink) noexcept {
  if (state_ == State::open) sink.on_end(transfer_);
  state_ = State::over;
}

}  // namespace bansoko::proto::ftp_data
