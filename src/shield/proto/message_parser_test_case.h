// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/message_parser.h"
#include "shield/proto/quiet_reader.h"
#include "shield/proto/test_recorder.h"
#include "tests/allocations.h"
#include "tests/cases.h"

/// For tests of protocols that are a MessageParser.
namespace bansoko::proto {

using Values = std::vector<std::string>;

/// A dialogue, and what one buffer or field of a side held in it, one value for each message.
struct ShownCase {
  std::string name;
  std::vector<Sent> dialogue;
  std::string key;
  Values want;
  Values anomalies = {};
  Parsed parsed = Parsed::more;
};

inline constexpr std::uint64_t kTestMessageSize = 1024;

/// However the stream is cut.
inline void expect_shown(const Protocol& protocol, const ShownCase& row) {
  std::size_t longest = 1;
  for (const Sent& sent : row.dialogue) longest = std::max(longest, sent.bytes.size());
  for (std::size_t piece = 1; piece <= longest; piece += 1 + piece / 32) {
    const Recorder got = record_dialogue(protocol, row.dialogue, piece, {kTestMessageSize, 1 << 20});
    EXPECT_EQ(got.of(row.key), row.want) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, row.anomalies) << "in pieces of " << piece;
    EXPECT_EQ(got.parsed, row.parsed) << "in pieces of " << piece;
  }
}

/// Where there is no memory the message is told as far as it is known, and what was taken is given back.
inline void expect_memory_given_back(const Protocol& protocol, const std::vector<Sent>& dialogue,
                                     const std::string& anomaly) {
  const std::vector<std::uint64_t> limits{1 << 16, 1000};
  const auto shared = protocol.make_shared(limits);
  const MemoryBudget& budget = static_cast<const MessageMemory&>(*shared).budget;
  {
    const auto parser = protocol.make_parser(limits, shared.get());
    parser->reset({.wanted = ~0ULL});
    Recorder recorder(protocol);
    feed(*parser, dialogue, 100, recorder);
    EXPECT_FALSE(recorder.anomalies.empty());
    for (const std::string& noted : recorder.anomalies) EXPECT_EQ(noted, anomaly);
    EXPECT_LE(budget.used(), budget.most());
    parser->reset({.wanted = ~0ULL});
    EXPECT_FALSE(budget.is_tight());
  }
  EXPECT_EQ(budget.used(), 0u);
}

inline void expect_no_allocation_once_warm(const Protocol& protocol, const std::vector<Sent>& dialogue) {
  const LoneParser parser(protocol);
  QuietReader reader(protocol);
  parser->reset({.wanted = ~0ULL});
  feed(*parser, dialogue, 7, reader);
  const std::size_t bytes = reader.bytes;
  EXPECT_GT(bytes, 0u);
  const AllocationCounter allocations;
  parser->reset({.wanted = ~0ULL});
  feed(*parser, dialogue, 7, reader);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(reader.bytes, 2 * bytes);
}

/// Notes to which protocol a flow is handed over, and how many bytes of the last chunk are for it.
class HandoverRecorder final : public TransactionSink {
 public:
  void on_progress(Transaction&, Side) noexcept override {}
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
  void on_handover(const Handover& handover) noexcept override {
    to = std::string(handover.protocol) + ' ' + std::to_string(handover.left);
  }
  std::string to;
};

inline std::string handed_over_to(const Protocol& protocol, const std::vector<Sent>& dialogue) {
  const LoneParser parser(protocol);
  parser->reset({.wanted = ~0ULL});
  HandoverRecorder recorder;
  feed(*parser, dialogue, SIZE_MAX, recorder);
  return recorder.to;
}

/// First bytes of a side, and what they are taken for.
struct Opening {
  std::string name;
  Side from = Side::client;
  std::string bytes;
  Guess want = Guess::no;
  std::uint16_t port = 40000;
};

inline void expect_taken_for(const Protocol& protocol, const Opening& row) {
  EXPECT_EQ(protocol.probe({.from = row.from, .window = as_bytes(row.bytes)},
                           {.transport = kOverTcp, .client_port = 50000, .server_port = row.port}),
            row.want);
}

/// What other protocols begin with.
inline std::vector<std::string> beginnings_of_others() {
  using namespace std::string_literals;
  return {
      "GET /index.html HTTP/1.1\r\nHost: example.test\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"s,
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"s,
      "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"s,
      "220 mail.example.test ESMTP ready\r\n"s,
      "EHLO client.example.test\r\n"s,
      "220 (vsFTPd 3.0.3)\r\n"s,
      "USER anonymous\r\nPASS guest@example.test\r\n"s,
      "\x16\3\1\0\xA5\1\0\0\xA1\3\3"s + std::string(40, 'r'),
      "\x80\x2e\1\0\2\0\x15\0\0\0\x10"s + std::string(40, 'c'),
      "\0\0\0\x54\xFFSMB\x72\0\0\0\0\x18\1\x28"s + std::string(40, '\0'),
      "\0\0\0\x54\xFESMB\x40\0\0\0\0\0\0\0"s + std::string(60, '\0'),
      "\5\0\x0b\3\x10\0\0\0\x48\0\0\0\1\0\0\0\xd0\x16\xd0\x16"s + std::string(40, '\0'),
      "\0\x1d\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\4test\0\0\1\0\1"s,
      "\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0\3\0\0\0"s,
      "\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0"s + std::string(20, '\0'),
      "\0\0\0\x6a\x6e\x68\x30\x66\xa1\3\2\1\5\xa2\3\2\1\x0e"s + std::string(30, 'k'),
      "*1\r\n$4\r\nPING\r\n"s + std::string(20, 'x'),
      "\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27"s + std::string(20, 'l'),
      "\x80\0\0\x28\x12\x34\x56\x78\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2"s + std::string(20, '\0'),
      "INVITE sip:a@example.test SIP/2.0\r\nVia: SIP/2.0/TCP h\r\n\r\n"s,
  };
}

/// What the protocols themselves begin with, by their names.
inline std::map<std::string, std::string> beginnings() {
  using namespace std::string_literals;
  return {
      {"mysql", "\x32\0\0\0\x0a"s + "8.0.36\0connchalleng\0"s + std::string(32, 'x')},
      {"pgsql", "\0\0\0\x12\0\3\0\0user\0app\0\0"s},
      {"tds",
       "\x12\1\0\x2f\0\0\1\0\0\0\x1a\0\6\1\0\x20\0\1\2\0\x21\0\1\3\0\x22\0\4"s + std::string(20, '\xff')},
      {"tns", "\0\x3a\0\0\1\0\0\0\1\x3e\1\x2c\x0c\x41\x20\0\xff\xff\x7f\x08\0\0\1\0\0\xc8\0\x3a"s +
                  std::string(30, '\0')},
  };
}

inline void expect_leaves_others_alone(const Protocol& protocol) {
  std::vector<std::string> others = beginnings_of_others();
  for (const auto& [name, bytes] : beginnings())
    if (name != protocol.name) others.push_back(bytes);
  for (const std::string& bytes : others)
    for (const Side side : {Side::client, Side::server})
      EXPECT_EQ(protocol.probe({.from = side, .window = as_bytes(bytes)}, {.transport = kOverTcp}), Guess::no)
          << testing::PrintToString(bytes);
}

}  // namespace bansoko::proto
