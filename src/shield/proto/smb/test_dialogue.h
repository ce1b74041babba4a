// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/lone_parser.h"
#include "shield/proto/protocol.h"
#include "tests/traffic/smb1.h"

namespace bansoko::proto::smb {
const Protocol& describe();

namespace wire = traffic::smb1;

inline constexpr wire::Ids kIds{.tree = 0x0800, .process = 0xFEFF, .user = 0x0801, .multiplex = 65};

/// Notes what a rule set could see, and when it could first see it.
class Recorder final : public TransactionSink {
 public:
  void on_progress(Transaction& transaction, Side side) noexcept override {
    const std::uint8_t progress = transaction.progress[flow::index(side)];
    EXPECT_GE(progress, last_progress_[transaction.id]);
    last_progress_[transaction.id] = progress;
    if (quiet) return;
    for (const Field& field : describe().fields) {
      if (field.side != side || field.ready_at > progress) continue;
      const auto value = field.get(transaction);
      if (!value) continue;
      const std::string key = std::to_string(transaction.id) + ' ' + std::string(field.name);
      first_seen.emplace(key + '=' + std::to_string(*value), at);
      fields[key] = *value;
    }
    for (const Buffer& buffer : describe().buffers) {
      if (buffer.side != side || buffer.ready_at > progress) continue;
      for (unsigned i = 0; const auto bytes = buffer.get(transaction, i); ++i) {
        std::string& known = buffers[std::to_string(transaction.id) + ' ' + std::string(buffer.name) + '#' +
                                     std::to_string(i)];
        EXPECT_TRUE(as_text(*bytes).starts_with(known)) << buffer.name << " lost its start";
        known = as_text(*bytes);
      }
    }
  }
  void on_end(Transaction& transaction) noexcept override { ended.push_back(transaction.id); }
  void on_anomaly(Side, std::size_t anomaly) noexcept override {
    anomalies.emplace_back(describe().anomalies[anomaly]);
  }

  std::vector<std::uint64_t> seen(std::string_view field) const {
    std::vector<std::uint64_t> values;
    for (std::uint64_t id = 0; id < 1000; ++id)
      if (const auto found = fields.find(std::to_string(id) + ' ' + std::string(field));
          found != fields.end())
        values.push_back(found->second);
    return values;
  }

  bool quiet = false;
  std::uint64_t at = 0;  // bytes fed by now
  std::map<std::string, std::uint64_t> fields;
  std::map<std::string, std::uint64_t> first_seen;
  std::map<std::string, std::string> buffers;
  std::vector<std::uint64_t> ended;
  std::vector<std::string> anomalies;

 private:
  std::map<std::uint64_t, std::uint8_t> last_progress_;
};

/// What one side sends, after `gap` lost bytes.
struct Sent {
  Side from = Side::client;
  std::string bytes;
  std::uint32_t gap = 0;
};

inline Sent client(std::string bytes) { return {Side::client, std::move(bytes)}; }
inline Sent server(std::string bytes) { return {Side::server, std::move(bytes)}; }

inline std::vector<Sent> all(const std::vector<wire::Step>& steps) {
  std::vector<Sent> sent;
  sent.reserve(steps.size());
  for (const auto& step : steps) sent.push_back(client(step.wire));
  return sent;
}

/// Feeds a dialogue in pieces of `piece` bytes.
inline Parsed feed(Parser& parser, const std::vector<Sent>& dialogue, std::size_t piece, Recorder& to) {
  std::array<std::uint64_t, 2> offset{};
  Parsed result = Parsed::more;
  for (const Sent& sent : dialogue) {
    Bytes rest = as_bytes(sent.bytes);
    std::uint32_t gap = sent.gap;
    while (!rest.empty() && result == Parsed::more) {
      const Bytes now = rest.first(std::min(piece, rest.size()));
      std::uint64_t& at = offset[flow::index(sent.from)];
      to.at += now.size();
      result = parser.feed({.from = sent.from, .gap = gap, .offset = at, .window = now}, to);
      at += now.size();
      gap = 0;
      rest = rest.subspan(now.size());
    }
  }
  parser.end(to);
  return result;
}

/// All buffers but those of files: Assignment::wanted.
inline std::uint64_t all_but_files() {
  std::uint64_t wanted = 0;
  for (std::size_t row = 0; row < describe().buffers.size(); ++row)
    if (!describe().buffers[row].name.starts_with("file.")) wanted |= std::uint64_t{1} << row;
  return wanted;
}

/// What a new parser makes of a dialogue, whose files nobody wants.
inline Recorder run(const std::vector<Sent>& dialogue, std::size_t piece = SIZE_MAX,
                    std::vector<std::uint64_t> limits = {0x20000, 128, 16}) {
  const LoneParser parser(describe(), limits);
  parser->reset({.wanted = all_but_files()});
  Recorder recorder;
  feed(*parser, dialogue, piece, recorder);
  return recorder;
}

inline wire::Ids with(wire::Ids ids, std::uint16_t multiplex) {
  ids.multiplex = multiplex;
  return ids;
}

/// A dialogue, and what one field says of its messages.
struct Case {
  std::string name;
  std::vector<Sent> dialogue;
  std::string_view field;
  std::vector<std::uint64_t> want;
  std::vector<std::string> anomalies = {};
};

/// Feeds the dialogue in pieces of several sizes.
inline void expect_seen(const Case& row) {
  for (const std::size_t piece :
       {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1460}}) {
    const Recorder got = run(row.dialogue, piece);
    EXPECT_EQ(got.seen(row.field), row.want) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, row.anomalies) << "in pieces of " << piece;
  }
}

const inline std::string kHalf(2000, 'A');
const inline wire::Primary kNtHalf{.total_data = 4000, .data = kHalf};
const inline wire::Secondary kRest{.total_data = 4000, .displacement = 2000, .data = kHalf};

}  // namespace bansoko::proto::smb
