// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/ssh/ssh_parser.h"
#include "shield/proto/test_recorder.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::ssh {
const Protocol& describe();

namespace {

using namespace std::string_literals;
using Values = std::vector<std::string>;

std::string number(std::uint64_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::string packet(unsigned type, const std::string& body, const std::string& padding = "pppp") {
  return number(body.size() + padding.size() + 2) + static_cast<char>(padding.size()) +
         static_cast<char>(type) + body + padding;
}

std::string kexinit(const Values& lists) {
  std::string body(16, 'c');
  for (const std::string& list : lists) body += number(list.size()) + list;
  return packet(20, body + "\0\0\0\0\0"s);
}

const std::string kBanner = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";
const std::string kOffer =
    kexinit({"kex", "key", "enc-cs", "enc-sc", "mac-cs", "mac-sc", "zip-cs", "zip-sc", "", ""});
const std::string kNewKeys = packet(21, "");

/// A dialogue, and what one buffer or field of a side held.
struct Case {
  std::string name;
  std::vector<Sent> dialogue;
  std::string key;
  Values want;
  Values anomalies = {};
  Parsed parsed = Parsed::more;
};

class Ssh : public testing::TestWithParam<Case> {};

TEST_P(Ssh, ShowsHoweverItIsCut) {
  std::size_t longest = 0;
  for (const Sent& sent : GetParam().dialogue) longest = std::max(longest, sent.bytes.size());
  for (std::size_t piece = 1; piece <= longest; ++piece) {
    const Recorder got = record_dialogue(describe(), GetParam().dialogue, piece, {40, 60, 600, 1 << 20});
    EXPECT_EQ(got.of(GetParam().key), GetParam().want) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, GetParam().anomalies) << "in pieces of " << piece;
    EXPECT_EQ(got.parsed, GetParam().parsed) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Banner, Ssh,
    testing::Values(
        Case{"Proto", {client(kBanner)}, "c ssh.proto", {"2.0"}},
        Case{"Software", {client(kBanner)}, "c ssh.software", {"OpenSSH_9.2p1"}},
        Case{"OfTheServer", {server(kBanner)}, "s ssh.software", {"OpenSSH_9.2p1"}},
        Case{"WithoutReturn", {client("SSH-2.0-x\n")}, "c ssh.software", {"x"}},
        Case{"SoftwareEmpty", {client("SSH-2.0-\r\n")}, "c ssh.software", {""}},
        Case{"DashInSoftware", {client("SSH-2.0-a-b\r\n")}, "c ssh.software", {"a-b"}},
        Case{"NotYetWhole", {client("SSH-2.0-x")}, "c ssh.software", {}},
        Case{"NoSecondDash",
             {client("SSH-2.0\r\n")},
             "c ssh.proto",
             {},
             {"c ssh.invalid_banner"},
             Parsed::malformed},
        Case{"ProtoEmpty",
             {client("SSH--x\r\n")},
             "c ssh.proto",
             {},
             {"c ssh.invalid_banner"},
             Parsed::malformed},
        Case{"AtTheLimit",
             {client("SSH-2.0-" + std::string(32, 'x') + "\n")},
             "c ssh.software",
             {std::string(32, 'x')}},
        Case{"OverTheLimit",
             {client("SSH-2.0-" + std::string(33, 'x') + "\n" + kOffer)},
             "c ssh.software",
             {std::string(32, 'x')},
             {"c ssh.long_banner"}},
        Case{"PacketsBehindALongOne",
             {client("SSH-2.0-" + std::string(90, 'x') + "\n" + kOffer)},
             "c ssh.message_type",
             {"20"},
             {"c ssh.long_banner"}},
        Case{"ServersLinesBefore", {server("Welcome\r\nto this\r\n" + kBanner)}, "s ssh.proto", {"2.0"}},
        Case{"LongLineBefore", {server(std::string(60, 'w') + "\r\n" + kBanner)}, "s ssh.proto", {"2.0"}},
        Case{"TooLongBefore",
             {server(std::string(101, 'w'))},
             "s ssh.proto",
             {},
             {"s ssh.invalid_banner"},
             Parsed::malformed},
        Case{"ClientsLinesBefore",
             {client("hello\r\n" + kBanner)},
             "c ssh.proto",
             {},
             {"c ssh.invalid_banner"},
             Parsed::malformed},
        Case{"Version1", {client("SSH-1.5-x\n\0\0\0\0\0\0"s)}, "c ssh.proto", {"1.5"}},
        Case{"Version199", {client("SSH-1.99-x\n" + kOffer)}, "c ssh.message_type", {"20"}},
        Case{"Gap", {client(kBanner), {Side::client, kOffer, 3}}, "c ssh.message_type", {}, {"c ssh.gap"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Packets, Ssh,
    testing::Values(
        Case{"Hassh", {client(kBanner + kOffer)}, "c ssh.hassh.string", {"kex;enc-cs;mac-cs;zip-cs"}},
        Case{"HasshOfTheServer",
             {server(kBanner + kOffer)},
             "s ssh.hassh.server.string",
             {"kex;enc-sc;mac-sc;zip-sc"}},
        // MD5 by another program.
        Case{"HasshDigest", {client(kBanner + kOffer)}, "c ssh.hassh", {"304cf925c0312957e82a318e7c76fb63"}},
        Case{"HasshServerDigest",
             {server(kBanner + kOffer)},
             "s ssh.hassh.server",
             {"a333669065c3e7ce0cfaafaf287c6829"}},
        Case{"OfferCutShort",
             {client(kBanner + packet(20, std::string(16, 'c') + number(99) + "kex"))},
             "c ssh.hassh",
             {},
             {"c ssh.invalid_kex_record"}},
        Case{"OfferOverTheLimit",
             {client(kBanner + kexinit({std::string(700, 'x'), "", "", "", "", "", "", "", "", ""}))},
             "c ssh.hassh",
             {},
             {"c ssh.long_kex_record", "c ssh.invalid_kex_record"}},
        Case{"MessageBeforeKeys",
             {client(kBanner + kOffer + packet(98, "exec"))},
             "c ssh.message_type",
             {"20", "98"},
             {"c ssh.message_before_keys"}},
        Case{"PacketSize", {client(kBanner + packet(30, "abcd"))}, "c ssh.packet_size", {"10"}},
        Case{"NothingBehindKeys",
             {client(kBanner + kNewKeys + packet(98, "exec"))},
             "c ssh.message_type",
             {"21"}},
        Case{"FinishedWhenBothEncrypt",
             {client(kBanner + kNewKeys), server(kBanner + kNewKeys + "secret")},
             "s ssh.message_type",
             {"21"},
             {},
             Parsed::finished},
        Case{"TooShort",
             {client(kBanner + number(1) + "\0\0"s)},
             "c ssh.message_type",
             {},
             {"c ssh.invalid_record"},
             Parsed::malformed},
        Case{"PaddingTooLong",
             {client(kBanner + number(6) + "\5\x14"s)},
             "c ssh.message_type",
             {},
             {"c ssh.invalid_record"},
             Parsed::malformed},
        Case{"OnlyPadding", {client(kBanner + number(6) + "\4\x15pppp"s)}, "c ssh.message_type", {"21"}},
        Case{"LongestPacket",
             {client(kBanner + number(256 * 1024) + "\4\x1e"s)},
             "c ssh.message_type",
             {"30"}},
        Case{"TooLong",
             {client(kBanner + number(256 * 1024 + 1) + "\4\x1e"s)},
             "c ssh.message_type",
             {},
             {"c ssh.invalid_record"},
             Parsed::malformed}),
    by_name);

TEST(SshProbe, GoesByTheMark) {
  const auto guess = [](std::string_view said) { return describe().probe({.window = as_bytes(said)}, {}); };
  EXPECT_EQ(guess(""), Guess::maybe);
  EXPECT_EQ(guess("SSH"), Guess::maybe);
  EXPECT_EQ(guess("SSH-"), Guess::yes);
  EXPECT_EQ(guess("SSHD"), Guess::no);
  EXPECT_EQ(guess("GET "), Guess::no);
}

TEST(SshLimits, MemoryIsGivenBack) {
  SshMemory memory(2000);
  {
    SshParser parser({.banner_size = 255, .prelude_size = 0, .kexinit_size = 35000, .memory = 2000}, memory);
    parser.reset({});
    Recorder recorder(describe());
    const std::string large = kexinit({std::string(9000, 'x'), "", "", "", "", "", "", "", "", ""});
    feed(parser, {client(kBanner + large)}, 500, recorder);
    EXPECT_EQ(recorder.anomalies, Values{"c ssh.memory_limit"});
    EXPECT_LE(memory.budget.used(), memory.budget.most());
    parser.reset({});
    EXPECT_FALSE(memory.budget.is_tight());
  }
  EXPECT_EQ(memory.budget.used(), 0u);
}

TEST(SshParser, AllocatesNothingOnceWarm) {
  const LoneParser parser(describe());
  const std::vector<Sent> dialogue{client(kBanner + kOffer + kNewKeys), server(kBanner + kOffer + kNewKeys)};
  struct Reader final : TransactionSink {
    void on_progress(Transaction& transaction, Side side) noexcept override {
      for (const Buffer& buffer : describe().buffers)
        if (buffer.side == side && buffer.ready_at <= transaction.progress[flow::index(side)])
          bytes += buffer.get(transaction, 0).value_or(Bytes{}).size();
    }
    void on_end(Transaction&) noexcept override {}
    void on_anomaly(Side, std::size_t) noexcept override {}
    std::size_t bytes = 0;
  } reader;
  parser->reset({});
  feed(*parser, dialogue, SIZE_MAX, reader);
  const std::size_t bytes = reader.bytes;
  const AllocationCounter allocations;
  parser->reset({});
  feed(*parser, dialogue, SIZE_MAX, reader);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(reader.bytes, 2 * bytes);
  EXPECT_GT(bytes, 0u);
}

}  // namespace
}  // namespace bansoko::proto::ssh
