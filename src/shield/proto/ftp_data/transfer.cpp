// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ftp_data/transfer.h"

#include <algorithm>
#include <utility>

namespace bansoko::proto::ftp_data {
namespace {

enum Anomaly : std::size_t { file_limit, memory_limit, gap, file_without_digest };

constexpr std::array kSides{Side::client, Side::server};

}  // namespace

void TransferParser::reset(const Assignment& assignment) noexcept {
  transfer_.progress = {};
  transfer_.notes = {};
  for (BudgetedBytes& content : transfer_.content) {
    content.clear();
    if (budget_.is_tight()) content.release();
  }
  for (const Side side : kSides) {
    transfer_.sums[flow::index(side)].reset();
    wanted_[flow::index(side)] = wanted_sums(buffers(), assignment.wanted, side);
  }
  state_ = State::idle;
  has_begun_ = is_cut_ = is_last_ = {};
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
  if (!chunk.bytes().empty()) begin_file(chunk.from);
  transfer_.sums[flow::index(chunk.from)].add(chunk.bytes());
  grown = keep(chunk.from, chunk.bytes(), sink) || grown;
  if (grown) sink.on_progress(transfer_, chunk.from);
  is_last_[flow::index(chunk.from)] |= chunk.last;
  if (is_last_[0] && is_last_[1]) complete(sink);
  return Parsed::more;
}

void TransferParser::begin(TransactionSink& sink) {
  state_ = State::open;
  for (const Side side : kSides) {
    transfer_.progress[flow::index(side)] = kBegun;
    sink.on_progress(transfer_, side);
  }
}

/// True: there is more of the file than before.
bool TransferParser::keep(Side side, Bytes bytes, TransactionSink& sink) {
  const std::size_t s = flow::index(side);
  if (is_cut_[s]) return false;
  BudgetedBytes& content = transfer_.content[s];
  const Bytes kept = bytes.first(std::min(bytes.size(), limits_.kept - content.size()));
  const bool has_memory = kept.empty() || content.append(kept, limits_.kept);
  is_cut_[s] = !has_memory || kept.size() < bytes.size();
  if (is_cut_[s]) sink.on_anomaly(side, has_memory ? file_limit : memory_limit);
  return has_memory && !kept.empty();
}

/// Zeros stand for what was lost, so that the rest stays in its place.
bool TransferParser::keep_gap(Side side, std::uint64_t size, TransactionSink& sink) {
  sink.on_anomaly(side, gap);
  begin_file(side);
  transfer_.sums[flow::index(side)].skip(size);
  constexpr std::array<std::uint8_t, 256> kZeros{};
  bool grown = false;
  while (size > 0 && !is_cut_[flow::index(side)]) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(size, kZeros.size()));
    grown = keep(side, Bytes(kZeros).first(piece), sink) || grown;
    size -= piece;
  }
  return grown;
}

void TransferParser::begin_file(Side side) {
  const std::size_t s = flow::index(side);
  if (!std::exchange(has_begun_[s], true)) transfer_.sums[s].begin(wanted_[s], limits_.digest);
}

void TransferParser::end_file(Side side, bool is_whole, TransactionSink& sink) {
  FileSums& sums = transfer_.sums[flow::index(side)];
  sums.end(is_whole);
  if (sums.take_missing()) sink.on_anomaly(side, file_without_digest);
}

void TransferParser::complete(TransactionSink& sink) {
  for (const Side side : kSides) {
    end_file(side, true, sink);
    transfer_.progress[flow::index(side)] = kComplete;
    sink.on_progress(transfer_, side);
  }
  end(sink);
}

void TransferParser::end(TransactionSink& sink) noexcept {
  if (state_ == State::open) {
    for (const Side side : kSides) {
      if (!transfer_.sums[flow::index(side)].is_open()) continue;
      end_file(side, false, sink);
      sink.on_progress(transfer_, side);
    }
    sink.on_end(transfer_);
  }
  state_ = State::over;
}

}  // namespace bansoko::proto::ftp_data
