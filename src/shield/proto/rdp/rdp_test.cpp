// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_test_case.h"

namespace bansoko::proto::rdp {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string le16(std::size_t value) {
  return {static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff)};
}
std::string le32(std::size_t value) { return le16(value & 0xffff) + le16(value >> 16); }
std::string be16(std::size_t value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

std::string tpkt(const std::string& tpdu) { return "\3\0"s + be16(tpdu.size() + 4) + tpdu; }
std::string opening(int code, const std::string& variable) {
  return tpkt(std::string{static_cast<char>(variable.size() + 6), static_cast<char>(code)} + "\0\0\0\0\0"s +
              variable);
}
std::string negotiation(int type, std::size_t value) {
  return std::string{static_cast<char>(type), '\0'} + le16(8) + le32(value);
}
std::string request(const std::string& cookie, std::size_t protocols) {
  return opening(0xe0, cookie + "\r\n" + negotiation(1, protocols));
}
std::string mcs(const std::string& pdu) { return tpkt("\2\xf0\x80"s + pdu); }

std::string ber(const std::string& tag, const std::string& content) {
  return tag + "\x82"s + be16(content.size()) + content;
}
std::string number(int value) { return "\2\2"s + be16(static_cast<std::size_t>(value)); }
std::string parameters(int channels, int users) {
  return ber("\x30", number(channels) + number(users) + number(0) + number(1) + number(0) + number(1) +
                         number(0xffff) + number(2));
}

std::string wide(const std::string& text, std::size_t size) {
  std::string bytes;
  for (const char c : text) bytes += {c, '\0'};
  return bytes + std::string(size - bytes.size(), '\0');
}
std::string block(std::size_t type, const std::string& content) {
  return le16(type) + le16(content.size() + 4) + content;
}
std::string core() {
  return block(0xc001, le32(0x80004) + le16(1024) + le16(768) + le16(0xca01) + le16(0xaa03) + le32(0x411) +
                           le32(2600) + wide("HOST", 32) + le32(4) + le32(0) + le32(12) + wide("ime", 64) +
                           le16(0xca01) + le16(1) + le32(0) + le16(24) + le16(7) + le16(1) + wide("764", 64) +
                           "\0\0"s + le32(0));
}
std::string channel(const std::string& name, std::size_t options) {
  return name + std::string(8 - name.size(), '\0') + le32(options);
}
std::string network(std::size_t count, const std::string& channels) {
  return block(0xc003, le32(count) + channels);
}

std::string conference(const std::string& blocks) {
  return "\0\5\0\x14\x7c\0\1"s + "\x81\x2a"s + "\0\x08\0\x10\0\1\xc0\0Duca"s + '\x81' +
         static_cast<char>(blocks.size()) + blocks;
}
std::string connect_initial(const std::string& connect_data, int channels = 34) {
  return mcs(ber("\x7f\x65", "\4\1\1\4\1\1\1\1\xff"s + parameters(channels, 2) + parameters(1, 1) +
                                 parameters(0xffff, 0xfc17) + ber("\4", connect_data)));
}
std::string connect_response(const std::string& blocks) {
  return mcs(ber("\x7f\x66", "\x0a\1\0\2\1\0"s + parameters(34, 3) +
                                 ber("\4", "\0\5\0\x14\x7c\0\1\x2a\x14\x76\x0a\1\1\0\1\xc0\0McDn"s +
                                               static_cast<char>(blocks.size()) + blocks)));
}

const std::string kRequest = request("Cookie: mstshash=user", 3);
const std::string kConfirm = opening(0xd0, negotiation(2, 0));
const std::string kTwoChannels = network(2, channel("rdpdr", 0x80800000) + channel("MS_T120", 0));
const std::string kConnect = connect_initial(conference(core() + kTwoChannels));
const std::string kServerBlocks = block(0x0c01, le32(0x80004)) + block(0x0c02, le32(2) + le32(2)) +
                                  block(0x0c03, le16(1003) + le16(2) + le16(1004) + le16(1005));

class Rdp : public testing::TestWithParam<MessageCase> {};
TEST_P(Rdp, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Opening, Rdp,
    testing::Values(
        MessageCase{"Request",
                    {client(kRequest)},
                    {"client rdp.cookie Cookie: mstshash=user", "client rdp.tpdu 224",
                     "client rdp.requested_protocols 3", "client rdp.negotiation_flags 0"}},
        MessageCase{
            "NoCookie",
            {client(opening(0xe0, negotiation(1, 1)))},
            {"client rdp.tpdu 224", "client rdp.requested_protocols 1", "client rdp.negotiation_flags 0"}},
        MessageCase{"NoNegotiation", {client(opening(0xe0, ""))}, {"client rdp.tpdu 224"}},
        MessageCase{"CookieWithoutEnd",
                    {client(opening(0xe0, "Cookie: x"))},
                    {"client rdp.cookie Cookie: x", "client rdp.tpdu 224"}},
        MessageCase{"Refused",
                    {server(opening(0xd0, negotiation(3, 5)))},
                    {"server rdp.tpdu 208", "server rdp.negotiation_flags 0", "server rdp.failure_code 5"}},
        MessageCase{"Tls",
                    {client(kRequest), server(opening(0xd0, negotiation(2, 1))), client("\x16\3\1")},
                    {"server rdp.selected_protocol 1", "server ! rdp.encrypted", "then tls"},
                    {"!", "rdp.selected_protocol"}},
        MessageCase{"TlsUnseen", {client("\x16\3\1\0\1")}, {"client ! rdp.encrypted", "then tls"}},
        MessageCase{"NoTpkt", {client("GET / HTTP/1.1")}, {"client ! rdp.unknown_header"}},
        MessageCase{"SizeOfNothing", {client("\3\0\0\3"s)}, {"client ! rdp.unknown_header"}},
        MessageCase{"OnlyAHeader", {client("\3\0\0\4"s)}, {"client ! rdp.malformed_x224"}},
        MessageCase{"OtherSize",
                    {client(tpkt("\7\xe0\0\0\0\0\0"s))},
                    {"client ! rdp.malformed_x224", "client rdp.tpdu 224"}},
        MessageCase{"CutNegotiation",
                    {client(opening(0xe0, "\1\0\x08\0\1"s))},
                    {"client ! rdp.malformed_negotiation", "client rdp.tpdu 224"}},
        MessageCase{"NegotiationOfOtherSize",
                    {server(opening(0xd0, "\2\0\x09\0\0\0\0\0"s))},
                    {"server ! rdp.malformed_negotiation", "server rdp.selected_protocol 0"},
                    {"!", "rdp.selected_protocol"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Connect, Rdp,
    testing::Values(
        MessageCase{"Client",
                    {client(kConnect)},
                    {"client rdp.channel.name rdpdr",
                     "client rdp.channel.name MS_T120",
                     "client rdp.client.name HOST",
                     "client rdp.client.ime_file ime",
                     "client rdp.client.product_id 764",
                     "client rdp.user_data " + core() + kTwoChannels,
                     "client rdp.tpdu 240",
                     "client rdp.mcs.type 101",
                     "client rdp.mcs.target.max_channel_ids 34",
                     "client rdp.mcs.target.max_user_ids 2",
                     "client rdp.mcs.target.max_pdu_size 65535",
                     "client rdp.mcs.minimum.max_channel_ids 1",
                     "client rdp.mcs.minimum.max_user_ids 1",
                     "client rdp.mcs.maximum.max_channel_ids 65535",
                     "client rdp.mcs.maximum.max_user_ids 64535",
                     "client rdp.channel.count 2",
                     "client rdp.channel.options 2155872256",
                     "client rdp.channel.options 0",
                     "client rdp.client.version 524292",
                     "client rdp.client.build 2600",
                     "client rdp.client.desktop_width 1024",
                     "client rdp.client.desktop_height 768",
                     "client rdp.client.color_depth 24",
                     "client rdp.client.keyboard_layout 1041",
                     "client rdp.client.keyboard_type 4",
                     "client rdp.client.function_keys 12",
                     "client rdp.client.early_capabilities 1"}},
        MessageCase{"Server",
                    {server(connect_response(kServerBlocks))},
                    {"server rdp.user_data " + kServerBlocks, "server rdp.tpdu 240",
                     "server rdp.mcs.type 102", "server rdp.mcs.result 0", "server rdp.server.version 524292",
                     "server rdp.server.encryption_method 2", "server rdp.server.encryption_level 2",
                     "server rdp.server.channel_count 2"}},
        MessageCase{"FewChannelIds",
                    {client(connect_initial(conference(""), 5))},
                    {"client rdp.mcs.target.max_channel_ids 5"},
                    {"!", "rdp.mcs.target.max_channel_ids"}},
        MessageCase{"ChannelsInTwoBlocks",
                    {client(connect_initial(conference(network(1, channel("a", 1)) + kTwoChannels)))},
                    {"client rdp.channel.name a", "client rdp.channel.name rdpdr",
                     "client rdp.channel.name MS_T120", "client rdp.channel.count 2"},
                    {"!", "rdp.channel.name", "rdp.channel.count"}},
        MessageCase{"FewerChannelsThanStated",
                    {client(connect_initial(conference(network(2, channel("a", 1)))))},
                    {"client ! rdp.channel_count", "client rdp.channel.name a", "client rdp.channel.count 2"},
                    {"!", "rdp.channel.name", "rdp.channel.count"}},
        MessageCase{"ThirtyTwoChannels",
                    {client(connect_initial(conference(network(32, ""))))},
                    {"client ! rdp.channel_count", "client rdp.channel.count 32"},
                    {"!", "rdp.channel.name", "rdp.channel.count"}},
        MessageCase{
            "BlockBeyondTheEnd",
            {client(connect_initial(conference(le16(0xc003) + le16(100) + le32(1) + channel("a", 1))))},
            {"client ! rdp.malformed_user_data", "client rdp.channel.name a"},
            {"!", "rdp.channel.name"}},
        MessageCase{"BlockWithoutHeader",
                    {client(connect_initial(conference(le16(0xc003) + le16(3) + "x")))},
                    {"client ! rdp.malformed_user_data"},
                    {"!"}},
        MessageCase{"ShortCore",
                    {client(connect_initial(conference(block(0xc001, le32(0x80001)))))},
                    {"client ! rdp.malformed_user_data", "client rdp.client.version 524289"},
                    {"!", "rdp.client.version", "rdp.client.build"}},
        MessageCase{"AnotherConferenceName",
                    {client(connect_initial("\0\5\0\x14\x7c\0\1\x2a\0\x08\7\x44\x75\x63\x61\0\1\xc0\0Duca"s +
                                            static_cast<char>(kTwoChannels.size()) + kTwoChannels))},
                    {"client rdp.channel.name rdpdr", "client rdp.channel.name MS_T120"},
                    {"!", "rdp.channel.name"}},
        MessageCase{"OddConference",
                    {client(connect_initial("\0\5\0\x14\x7c\0\1\x2a\0\x18?Duca"s +
                                            static_cast<char>(kTwoChannels.size()) + kTwoChannels))},
                    {"client ! rdp.malformed_gcc", "client rdp.channel.name rdpdr",
                     "client rdp.channel.name MS_T120"},
                    {"!", "rdp.channel.name"}},
        MessageCase{"NoConference",
                    {client(connect_initial("nothing"))},
                    {"client ! rdp.malformed_gcc"},
                    {"!", "rdp.user_data"}},
        MessageCase{"OddParameters",
                    {client(mcs(ber("\x7f\x65",
                                    "\4\1\1\4\1\1\1\1\xff"s + ber("\x30", "") + conference(kTwoChannels))))},
                    {"client ! rdp.malformed_mcs", "client ! rdp.malformed_gcc",
                     "client rdp.channel.name rdpdr", "client rdp.channel.name MS_T120"},
                    {"!", "rdp.channel.name"}},
        MessageCase{"MoreChannelsThanLookedAt",
                    {client(connect_initial(conference(network(3, channel("a", 1) + channel("b", 1) +
                                                                      channel("c", 1)))))},
                    {"client ! rdp.channel_limit", "client rdp.channel.name a", "client rdp.channel.name b",
                     "client rdp.channel.count 3"},
                    {"!", "rdp.channel.name", "rdp.channel.count"},
                    kOverTcp,
                    {2}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Domain, Rdp,
    testing::Values(
        MessageCase{
            "Joining",
            {client(mcs("\4\1\0\1\0"s) + mcs("\x28")), server(mcs("\x2e\0\0\6"s)),
             client(mcs("\x38\0\6\3\xef"s)), server(mcs("\x3e\0\0\6\3\xef\3\xef"s))},
            {"client rdp.mcs.type 1", "client rdp.mcs.type 10", "server rdp.mcs.type 11",
             "server rdp.mcs.result 0", "server rdp.mcs.initiator 1007", "client rdp.mcs.type 14",
             "client rdp.mcs.initiator 1007", "client rdp.mcs.channel_id 1007", "server rdp.mcs.type 15",
             "server rdp.mcs.result 0", "server rdp.mcs.initiator 1007", "server rdp.mcs.channel_id 1007"},
            {"!", "rdp.mcs.type", "rdp.mcs.result", "rdp.mcs.initiator", "rdp.mcs.channel_id"}},
        MessageCase{"Sending",
                    {client(mcs("\x64\0\6\3\xeb\x70\x80\5hello"s)), server(mcs("\x68\0\1\3\xeb\x70\2ok"s))},
                    {"client rdp.data hello", "client rdp.mcs.channel_id 1003", "server rdp.data ok",
                     "server rdp.mcs.channel_id 1003"},
                    {"!", "rdp.data", "rdp.mcs.channel_id"}},
        MessageCase{"Refusing",
                    {server(mcs("\x2d\x40"s))},
                    {"server rdp.mcs.type 11", "server rdp.mcs.result 10"},
                    {"!", "rdp.mcs.type", "rdp.mcs.result", "rdp.mcs.initiator"}},
        MessageCase{"CutJoin",
                    {client(mcs("\x38\0\6\3"s))},
                    {"client ! rdp.malformed_mcs", "client rdp.mcs.type 14"},
                    {"!", "rdp.mcs.type"}},
        MessageCase{"Nothing", {client(mcs(""))}, {"client ! rdp.malformed_mcs"}, {"!"}},
        MessageCase{"FastPathIsPassedOver",
                    {client("\4\5abc"s + "\4\x80\x07"s + "defg" + mcs("\x28"))},
                    {"client rdp.mcs.type 10"},
                    {"!", "rdp.mcs.type"}},
        MessageCase{"AfterALoss",
                    {client(kConnect.substr(0, 100)), {Side::client, kConnect.substr(110) + mcs("\x28"), 10}},
                    {"client ! rdp.gap", "client rdp.mcs.type 10"},
                    {"!", "rdp.mcs.type"}},
        MessageCase{"AfterALossOfMore",
                    {client(kConnect.substr(0, 100)), {Side::client, mcs("\x28"), 5000}},
                    {"client ! rdp.gap", "client rdp.mcs.type 10"},
                    {"!", "rdp.mcs.type"},
                    kOverTcp,
                    {},
                    false}),
    by_name);

TEST(RdpParser, TellsWhatFitsTheMemory) {
  const std::string large = mcs("\x64\0\6\3\xeb\x70\x82\xbc"s + std::string(700, 'x'));
  const MessageCase row{"", {client(large)}, {}, {"!"}, kOverTcp, {31, 100}};
  EXPECT_EQ(noted(describe(), row, 50), std::vector<std::string>{"client ! rdp.memory_limit"});
}

TEST(RdpParser, AllocatesNothing) {
  expect_no_allocation(describe(), {client(kRequest), server(kConfirm), client(kConnect)}, kOverTcp);
}

class RdpProbe : public testing::TestWithParam<FirstBytes> {};
TEST_P(RdpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Rdp, RdpProbe,
    testing::Values(FirstBytes{"Cookie", kRequest, Guess::yes},
                    FirstBytes{"Negotiation", opening(0xe0, negotiation(1, 3)), Guess::yes},
                    FirstBytes{"Token", opening(0xe0, "tsv://Sessions\r\n"), Guess::yes},
                    FirstBytes{"Confirm", opening(0xd0, negotiation(2, 1)), Guess::yes},
                    FirstBytes{"Bare", opening(0xe0, ""), Guess::maybe},
                    FirstBytes{"BareOnItsPort", opening(0xe0, ""), Guess::yes, 3389},
                    FirstBytes{"BareThenDomain", opening(0xe0, "") + kConnect, Guess::yes},
                    FirstBytes{"BareConfirmThenDomain", opening(0xd0, "") + connect_response(""), Guess::yes},
                    FirstBytes{"BareThenOther", opening(0xe0, "") + tpkt("\2\xf0\x80\x32"s), Guess::no},
                    FirstBytes{"OtherOnItsPort", "hello there", Guess::no, 3389},
                    FirstBytes{"DataFirst", mcs("\x28"), Guess::no}, FirstBytes{"Empty", "", Guess::maybe}),
    by_name);

TEST(RdpProbe, ClaimsNoOther) { expect_claims_no_other(describe(), "Rdp"); }

}  // namespace
}  // namespace bansoko::proto::rdp
