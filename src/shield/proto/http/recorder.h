// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "shield/proto/file_sums.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

const Protocol& describe();

/// All buffers but sizes and digests of files: Assignment::wanted.
inline std::uint64_t all_but_sums() {
  std::uint64_t wanted = 0;
  const auto buffers = describe().buffers;
  for (std::size_t row = 0; row < buffers.size(); ++row)
    if (std::ranges::find(kSumNames, buffers[row].name) == kSumNames.end()) wanted |= std::uint64_t{1} << row;
  return wanted;
}

/// What one side said at one time.
struct Said {
  Side side = Side::client;
  std::string bytes = {};
};

/// For tests and fuzzing: keeps every buffer's last content, and what broke a promise of protocol.h.
class Recorder final : public TransactionSink {
 public:
  using Key = std::tuple<std::uint64_t, std::size_t, unsigned>;  // transaction, buffer, instance

  void on_progress(Transaction& transaction, Side side) noexcept override {
    auto& before = progress_[{transaction.id, flow::index(side)}];
    const std::uint8_t now = transaction.progress[flow::index(side)];
    if (now < before) fault("progress went back");
    before = now;
    if (ended_.contains(transaction.id)) fault("progress after the end");
    const auto table = describe().buffers;
    for (std::size_t i = 0; i < table.size(); ++i)
      if (table[i].side == side && now >= table[i].ready_at) read(transaction, table[i], i);
  }

  void on_end(Transaction& transaction) noexcept override {
    if (!ended_.insert(transaction.id).second) fault("ended twice");
    on_progress_at_end(transaction);
  }

  void on_anomaly(Side, std::size_t anomaly) noexcept override {
    anomalies.insert(std::string(describe().anomalies[anomaly]));
  }

  /// The last content of a buffer, "-" if the transaction has none.
  std::string value(std::uint64_t transaction, Side side, std::string_view name,
                    unsigned instance = 0) const {
    const auto table = describe().buffers;
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table[i].name != name || table[i].side != side) continue;
      const auto found = values.find({transaction, i, instance});
      return found == values.end() ? "-" : found->second;
    }
    return "no such buffer";
  }

  std::size_t ended() const noexcept { return ended_.size(); }
  std::size_t seen() const {
    std::set<std::uint64_t> ids;
    for (const auto& row : progress_) ids.insert(row.first.first);
    return ids.size();
  }

  std::map<Key, std::string> values;
  std::set<std::string> anomalies;
  std::vector<std::string> faults;

 private:
  void fault(std::string what) { faults.push_back(std::move(what)); }

  void on_progress_at_end(Transaction& transaction) {
    for (const Side side : {Side::client, Side::server}) {
      const auto before = progress_.find({transaction.id, flow::index(side)});
      const std::uint8_t told = before == progress_.end() ? 0 : before->second;
      if (transaction.progress[flow::index(side)] != told) fault("progress not told");
    }
  }

  void read(Transaction& transaction, const Buffer& buffer, std::size_t index) {
    for (unsigned instance = 0;; ++instance) {
      const auto bytes = buffer.get(transaction, instance);
      const Key key{transaction.id, index, instance};
      if (!bytes) {
        if (values.contains(key)) fault(std::string(buffer.name) + " disappeared");
        return;
      }
      const std::string now(as_text(*bytes));
      if (const auto before = values.find(key); before != values.end()) {
        if (!now.starts_with(before->second)) fault(std::string(buffer.name) + " changed its start");
        if (!buffer.growing && now != before->second) fault(std::string(buffer.name) + " changed");
      }
      values[key] = now;
    }
  }

  std::map<std::pair<std::uint64_t, std::size_t>, std::uint8_t> progress_;
  std::set<std::uint64_t> ended_;
};

/// Feeds all that was said, in pieces of at most `most` bytes, and ends the flow.
inline Parsed replay(Parser& parser, TransactionSink& sink, const std::vector<Said>& talk, std::size_t most) {
  Parsed result = Parsed::more;
  std::uint64_t offset[2] = {0, 0};
  for (const Said& said : talk) {
    for (std::size_t at = 0; at < said.bytes.size() && result == Parsed::more; at += most) {
      StreamChunk chunk;
      chunk.from = said.side;
      chunk.offset = offset[flow::index(said.side)] + at;
      chunk.window = as_bytes(said.bytes).subspan(at, std::min(most, said.bytes.size() - at));
      result = parser.feed(chunk, sink);
    }
    offset[flow::index(said.side)] += said.bytes.size();
  }
  parser.end(sink);
  return result;
}

}  // namespace bansoko::proto::http
