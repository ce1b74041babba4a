// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "shield/proto/datagram_test_case.h"

namespace bansoko::proto::ike {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string two(std::size_t value) {
  return {static_cast<char>(value >> 8U & 0xffU), static_cast<char>(value & 0xffU)};
}
std::string four(std::size_t value) { return two(value >> 16U) + two(value & 0xffffU); }

/// Payloads in a row: type and body of each.
struct Part {
  int type;
  std::string body;
};
std::string message(int version, int exchange, const std::vector<Part>& parts, char flags = 0) {
  std::string body;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const int next = i + 1 < parts.size() ? parts[i + 1].type : 0;
    body += static_cast<char>(next) + "\0"s + two(parts[i].body.size() + 4) + parts[i].body;
  }
  return "initiato"s + std::string(8, '\0') + static_cast<char>(parts.empty() ? 0 : parts[0].type) +
         static_cast<char>(version << 4U) + static_cast<char>(exchange) + flags + four(7) +
         four(28 + body.size()) + body;
}

std::string transform_2(bool is_last, int type, int id, const std::string& attributes = "") {
  return std::string(1, is_last ? '\0' : '\3') + "\0"s + two(8 + attributes.size()) +
         static_cast<char>(type) + "\0"s + two(static_cast<std::size_t>(id)) + attributes;
}
std::string proposal(bool is_last, int count, const std::string& transforms) {
  return std::string(1, is_last ? '\0' : '\2') + "\0"s + two(8 + transforms.size()) + "\1\1\0"s +
         static_cast<char>(count) + transforms;
}
std::string short_attribute(int type, std::size_t value) {
  return two(0x8000U | static_cast<std::size_t>(type)) + two(value);
}
std::string transform_1(const std::string& attributes) {
  return "\0\0"s + two(8 + attributes.size()) + "\1\1\0\0"s + attributes;
}

const std::string kStrong =
    proposal(true, 4,
             transform_2(false, 1, 12, short_attribute(14, 256)) + transform_2(false, 2, 5) +
                 transform_2(false, 3, 12) + transform_2(true, 4, 14));
const std::string kInit = message(
    2, 34, {{33, kStrong}, {34, "\0\x0e\0\0public"s}, {40, "nonce"}, {43, "\1\xab"s}, {41, "\0\0\x40\x04"s}});
const std::string kMain =
    message(1, 2,
            {{1, "\0\0\0\1\0\0\0\1"s +
                     proposal(true, 1,
                              transform_1(short_attribute(1, 7) + short_attribute(2, 2) +
                                          short_attribute(4, 14) + two(12) + two(4) + four(86400)))},
             {13, "v1"}});

struct Case {
  std::string name;
  std::vector<Sent> dialogue;
  std::set<std::string> want;           // lines that must be there
  std::vector<std::string> wrong = {};  // all anomalies
  std::size_t messages = 1;
  std::vector<std::uint64_t> limits = {};
};

class Ike : public testing::TestWithParam<Case> {};

TEST_P(Ike, Tells) {
  const Case& row = GetParam();
  const LoneParser parser(describe(), row.limits);
  MessageRecorder seen(describe());
  feed(*parser, row.dialogue, kOverUdp, seen);
  std::set<std::string> lines;
  for (const auto& line : seen.lines)
    lines.insert((line.side == Side::client ? "client " : "server ") + line.name + ' ' + line.value);
  for (const std::string& line : row.want) EXPECT_TRUE(lines.contains(line)) << line;
  EXPECT_EQ(seen.of("!"), row.wrong);
  EXPECT_EQ(seen.ids.size(), row.messages);
  EXPECT_EQ(seen.ended, seen.ids);
}

INSTANTIATE_TEST_SUITE_P(
    Messages, Ike,
    testing::Values(
        Case{"Version2",
             {client(kInit), server(kInit)},
             {"client ike.init_spi 696e69746961746f",
              "client ike.resp_spi 0000000000000000",
              "client ike.exchtype 34",
              "client ike.version 2",
              "client ike.message_id 7",
              "client ike.payload_count 5",
              "client ike.payload_type 33",
              "client ike.payload_type 41",
              "client ike.payload_length 9",
              "client ike.key_exchange_payload public",
              "client ike.key_exchange_payload_length 6",
              "client ike.nonce_payload nonce",
              "client ike.nonce_payload_length 5",
              "client ike.vendor 01ab",
              "client ike.notify_type 16388",
              "client ike.proposal_count 1",
              "server ike.alg_enc 12",
              "server ike.alg_prf 5",
              "server ike.alg_auth 12",
              "server ike.alg_dh 14",
              "server ike.sa_key_length 256"},
             {},
             2},
        Case{
            "Version1",
            {server(kMain)},
            {"server ike.exchtype 2", "server ike.version 1", "server ike.alg_enc 7", "server ike.alg_hash 2",
             "server ike.alg_dh 14", "server ike.sa_life_duration 86400", "server ike.vendor 7631"}},
        Case{"Encrypted1", {client(message(1, 32, {{8, "x"}}, 1))}, {"client ike.payload_count 0"}},
        Case{"Encrypted2", {client(message(2, 35, {{46, "x"}, {200, ""}}))}, {"client ike.payload_count 1"}},
        Case{"Fragment", {client(message(1, 2, {{132, "\0\1\1\0"s}}))}, {"client ike.fragment_length 8"}},
        Case{"Encapsulated",
             {client("\0\0\0\0"s + kInit), client("\1\2\3\4esp"), client("\xff")},
             {"client ike.exchtype 34"}},
        Case{"PlainAfterMarker", {client("\0\0\0\0"s + kInit), client(kInit)}, {}, {}, 2}),
    by_name);

std::string with_length(std::string bytes, std::size_t at, const std::string& length) {
  return bytes.replace(at, length.size(), length);
}

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Ike,
    testing::Values(
        Case{"NoHeader", {client("hello")}, {}, {"ike.malformed_data"}},
        Case{"Version3", {client(message(3, 34, {}))}, {}, {"ike.malformed_data"}},
        Case{"LengthTooLarge",
             {client(with_length(message(2, 34, {}), 24, four(29)))},
             {"client ike.length 29"},
             {"ike.malformed_data"}},
        Case{"LengthTooSmall",
             {client(with_length(message(2, 34, {}), 24, four(27)))},
             {},
             {"ike.malformed_data"}},
        Case{"BytesBehind", {client(kInit + "x")}, {}, {"ike.payload_extra_data"}},
        Case{"PayloadTooLong",
             {client(with_length(message(2, 34, {{40, "x"}}), 30, two(6)))},
             {"client ike.payload_length 6"},
             {"ike.malformed_data"}},
        Case{"PayloadTooShort",
             {client(with_length(message(1, 2, {{132, "x"}}), 30, two(3)))},
             {"client ike.fragment_length 3"},
             {"ike.malformed_data"}},
        Case{"NoPayloadThere",
             {client(message(2, 34, {{40, "x"}}).replace(28, 1, "\x29"))},
             {},
             {"ike.malformed_data"}},
        Case{"ProposalTooLong",
             {client(message(2, 34, {{33, with_length(kStrong, 2, two(200))}}))},
             {},
             {"ike.malformed_data"}},
        Case{"Weak",
             {client(message(2, 34,
                             {{33, proposal(true, 4,
                                            transform_2(false, 1, 3) + transform_2(false, 2, 1) +
                                                transform_2(false, 3, 1) + transform_2(true, 4, 2))}}))},
             {},
             {"ike.weak_crypto_enc", "ike.weak_crypto_prf", "ike.weak_crypto_auth", "ike.weak_crypto_dh"}},
        Case{"NoEncryption",
             {client(message(2, 34, {{33, proposal(true, 1, transform_2(true, 4, 14))}}))},
             {},
             {"ike.no_encryption"}},
        Case{"TwoChosen",
             {server(message(2, 34,
                             {{33, proposal(false, 1, transform_2(true, 1, 12)) +
                                       proposal(true, 1, transform_2(true, 1, 20))}}))},
             {"server ike.alg_enc 12", "server ike.proposal_count 2"},
             {"ike.multiple_server_proposal"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Ike,
    testing::Values(
        Case{"PayloadsAtTheLimit",
             {client(message(2, 34, {{40, ""}, {40, ""}, {40, ""}, {40, ""}}))},
             {"client ike.payload_count 4"},
             {},
             1,
             {4}},
        Case{"TooManyPayloads",
             {client(message(2, 34, {{40, ""}, {40, ""}, {40, ""}, {40, ""}, {40, ""}}))},
             {"client ike.payload_count 4"},
             {"ike.payload_limit"},
             1,
             {4}},
        Case{"TransformsAtTheLimit", {client(message(2, 34, {{33, kStrong}}))}, {}, {}, 1, {4, 4}},
        Case{"TooManyTransforms",
             {client(message(2, 34,
                             {{33, proposal(true, 5,
                                            transform_2(false, 1, 12) + transform_2(false, 4, 14) +
                                                transform_2(false, 4, 15) + transform_2(false, 4, 16) +
                                                transform_2(true, 4, 2))}}))},
             {},
             {"ike.transform_limit"},
             1,
             {4, 4}},
        Case{"VendorTooLong",
             {client(message(2, 34, {{43, std::string(60, 'a')}, {43, "bcdefg"}}))},
             {"client ike.vendor 62636465"},
             {"ike.vendor_limit"},
             1,
             {4, 4, 64}}),
    by_name);

class IkeProbe : public testing::TestWithParam<ProbeCase> {};
TEST_P(IkeProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(First, IkeProbe,
                         testing::Values(ProbeCase{"AnyPort", kInit, 40000, Guess::yes},
                                         ProbeCase{"Version1", kMain, 500, Guess::yes},
                                         ProbeCase{"Marked", "\0\0\0\0"s + kInit, 4500, Guess::yes},
                                         ProbeCase{"Esp", "\1\2\3\4\0\0\0\1data", 4500, Guess::maybe},
                                         ProbeCase{"Cut", kInit.substr(0, 40), 40000, Guess::no},
                                         ProbeCase{"CutOnOwnPort", kInit.substr(0, 40), 500, Guess::maybe},
                                         ProbeCase{"PortOfDns", kInit, 53, Guess::no},
                                         ProbeCase{"Dns", "\x12\x34\1\0\0\1\0\0\0\0\0\0\4test\0\0\1\0\1"s,
                                                   40000, Guess::no},
                                         ProbeCase{"Ntp", "\x23" + std::string(47, '\0'), 40000, Guess::no}),
                         by_name);

TEST(IkeParser, AllocatesNothing) { expect_no_allocation(describe(), {client(kInit), server(kMain)}); }

}  // namespace
}  // namespace bansoko::proto::ike
