// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dialogue_test_case.h"
#include "shield/proto/rpc/rpc_parser.h"

namespace bansoko::proto::rpc {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string u32(std::uint64_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xffU);
  return bytes;
}
std::string opaque(const std::string& text) {
  return u32(text.size()) + text + std::string((4 - text.size() % 4) % 4, '\0');
}
const std::string kNobody = u32(0) + u32(0);
std::string unix_user(const std::string& machine) {
  return u32(1) + opaque(u32(9) + opaque(machine) + u32(0) + u32(5) + u32(1) + u32(7));
}
std::string call(std::uint64_t program, std::uint64_t version, std::uint64_t procedure,
                 const std::string& arguments = "", const std::string& credentials = kNobody) {
  return u32(77) + u32(0) + u32(2) + u32(program) + u32(version) + u32(procedure) + credentials + kNobody +
         arguments;
}
std::string reply(const std::string& results, std::uint64_t xid = 77) {
  return u32(xid) + u32(1) + u32(0) + kNobody + u32(0) + results;
}
/// As TCP has it: in fragments of `size`.
std::string record(const std::string& message, std::size_t size = 1 << 20) {
  std::string all;
  for (std::size_t at = 0; at < message.size(); at += size) {
    const std::string part = message.substr(at, size);
    const bool is_last = at + size >= message.size();
    all += u32((is_last ? 0x80000000U : 0U) | part.size()) + part;
  }
  return all;
}

/// Messages: each is a datagram, and a record over TCP, also in many fragments.
class Rpc : public testing::TestWithParam<DialogueCase> {};

TEST_P(Rpc, TellsOverUdp) { expect_told(describe(), GetParam(), kOverUdp); }

TEST_P(Rpc, TellsOverTcp) {
  for (const std::size_t fragment : {std::size_t{1} << 20U, std::size_t{1}, std::size_t{10}}) {
    SCOPED_TRACE("in fragments of " + std::to_string(fragment));
    DialogueCase row = GetParam();
    for (Said& said : row.dialogue) said.bytes = record(said.bytes, fragment);
    expect_told(describe(), row);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Messages, Rpc,
    testing::Values(DialogueCase{"Null",
                                 {client(call(100003, 3, 0)), server(reply(""))},
                                 {{"0 rpc.xid", "77"},
                                  {"0 rpc.type", "0"},
                                  {"0 rpc.program", "100003"},
                                  {"0 rpc.version", "3"},
                                  {"0 rpc.procedure", "0"},
                                  {"0 nfs.version", "3"},
                                  {"0 nfs_procedure", "0"},
                                  {"0 rpc.auth_flavor", "0"},
                                  {"0 rpc.credential_length", "0"},
                                  {"0 rpc.arguments", ""},
                                  {"1 server rpc.type", "1"},
                                  {"1 server rpc.program", "100003"},
                                  {"1 server nfs.version", "3"},
                                  {"1 server rpc.reply_status", "0"},
                                  {"1 server rpc.accept_status", "0"},
                                  {"1 server rpc.results", ""},
                                  {"1 server rpc.arguments", "-"}},
                                 {},
                                 2},
                    DialogueCase{"User",
                                 {client(call(100232, 10, 1, "args", unix_user("werrmsche")))},
                                 {{"0 rpc.machine_name", "werrmsche"},
                                  {"0 rpc.machine_name_length", "9"},
                                  {"0 rpc.credential_length", "36"},
                                  {"0 rpc.uid", "0"},
                                  {"0 rpc.gid", "5"},
                                  {"0 rpc.group_count", "1"},
                                  {"0 rpc.arguments", "args"},
                                  {"0 nfs.version", "-"}}},
                    DialogueCase{
                        "Denied",
                        {client(call(100003, 3, 0)), server(u32(77) + u32(1) + u32(1) + u32(1) + u32(5))},
                        {{"1 server rpc.reply_status", "1"}, {"1 server rpc.accept_status", "-"}},
                        {},
                        2},
                    DialogueCase{"CalledBack",
                                 {server(call(0x40000000, 1, 1)), client(reply(""))},
                                 {{"0 server rpc.program", "1073741824"}, {"1 rpc.program", "1073741824"}},
                                 {},
                                 2}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Mapper, Rpc,
    testing::Values(
        DialogueCase{
            "GetPort",
            {client(call(100000, 2, 3, u32(100003) + u32(3) + u32(17) + u32(0))), server(reply(u32(2049)))},
            {{"0 rpc.mapped_program", "100003"},
             {"0 rpc.mapped_version", "3"},
             {"0 rpc.mapped_port", "-"},
             {"1 server rpc.mapped_port", "2049"}},
            {},
            2},
        DialogueCase{"Set",
                     {client(call(100000, 2, 1, u32(100003) + u32(3) + u32(17) + u32(99)))},
                     {{"0 rpc.mapped_port", "99"}}},
        DialogueCase{"CallIt",
                     {client(call(100000, 2, 5, u32(100024) + u32(1) + u32(6) + opaque("arguments")))},
                     {{"0 rpc.mapped_program", "100024"}, {"0 rpc.mapped_procedure", "6"}}},
        DialogueCase{
            "GetAddress",
            {client(call(100000, 4, 3,
                         u32(100021) + u32(4) + opaque("tcp") + opaque("10.0.0.1.0.111") + opaque("me"))),
             server(reply(opaque(std::string(300, '1'))))},
            {{"0 rpc.mapped_program", "100021"},
             {"0 rpc.universal_address", "10.0.0.1.0.111"},
             {"0 rpc.universal_address_length", "14"},
             {"1 server rpc.universal_address", std::string(300, '1')},
             {"1 server rpc.universal_address_length", "300"}},
            {},
            2},
        // CVE-2017-8779: a length that no message has.
        DialogueCase{"LengthStated",
                     {client(call(100000, 4, 7, u32(0x7fffffff) + "x"))},
                     {{"0 rpc.universal_address_length", "2147483647"}, {"0 rpc.universal_address", "x"}},
                     {"rpc.malformed_data"}},
        DialogueCase{"Mount",
                     {client(call(100005, 3, 1, opaque("/export")))},
                     {{"0 rpc.mount_path", "/export"}, {"0 nfs.filename_length", "7"}}}),
    by_name);

const std::string kHandle2(32, 'h');
const std::string kHandle3 = opaque("handle");

INSTANTIATE_TEST_SUITE_P(
    Nfs, Rpc,
    testing::Values(
        DialogueCase{"Lookup2",
                     {client(call(100003, 2, 4, kHandle2 + opaque("a")))},
                     {{"0 nfs.filename", "a"}, {"0 file.name", "a"}, {"0 nfs.filename_length", "1"}}},
        DialogueCase{"Rename2",
                     {client(call(100003, 2, 11, kHandle2 + opaque("a") + kHandle2 + opaque("bc")))},
                     {{"0 nfs.filename", "a"}, {"0 nfs.filename#1", "bc"}}},
        DialogueCase{"Link2",
                     {client(call(100003, 2, 12, kHandle2 + kHandle2 + opaque("a")))},
                     {{"0 nfs.filename", "a"}}},
        DialogueCase{"Symlink2",
                     {client(call(100003, 2, 13, kHandle2 + opaque("a") + opaque("/b")))},
                     {{"0 nfs.filename#1", "/b"}}},
        DialogueCase{"Read2", {client(call(100003, 2, 6, kHandle2))}, {{"0 nfs.filename", "-"}}},
        DialogueCase{"Lookup3",
                     {client(call(100003, 3, 3, kHandle3 + opaque("name")))},
                     {{"0 nfs.filename", "name"}, {"0 nfs_version", "3"}}},
        DialogueCase{"Rename3",
                     {client(call(100003, 3, 14, kHandle3 + opaque("a") + kHandle3 + opaque("b")))},
                     {{"0 nfs.filename#1", "b"}}},
        DialogueCase{"Link3",
                     {client(call(100003, 3, 15, kHandle3 + kHandle3 + opaque("b")))},
                     {{"0 nfs.filename", "b"}}},
        DialogueCase{"NameTooLong",
                     {client(call(100003, 3, 3, kHandle3 + u32(5000) + "abc"))},
                     {{"0 nfs.filename", "abc"}, {"0 nfs.filename_length", "5000"}},
                     {"rpc.malformed_data"}},
        DialogueCase{
            "Compound",
            {client(call(100003, 4, 1,
                         opaque("") + u32(0) + u32(6) + u32(22) + opaque("fh") + u32(15) + opaque("dir") +
                             u32(9) + u32(1) + u32(3) + u32(28) + opaque("file") + u32(18) + "open"))},
            {{"0 nfs.operation_count", "6"},
             {"0 nfs.operation", "22"},
             {"0 nfs.filename", "dir"},
             {"0 nfs.filename#1", "file"}}},
        DialogueCase{"CompoundCut",
                     {client(call(100003, 4, 1, opaque("") + u32(0) + u32(9) + u32(24)))},
                     {{"0 nfs.operation_count", "9"}, {"0 nfs.operation", "24"}},
                     {"rpc.malformed_data"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Rpc,
    testing::Values(
        DialogueCase{"NoMessage", {client("hello world.")}, {{"0 rpc.type", "-"}}, {"rpc.malformed_data"}},
        DialogueCase{"Short", {client("abc")}, {}, {"rpc.malformed_data"}},
        DialogueCase{"RpcVersion",
                     {client(u32(1) + u32(0) + u32(3) + u32(100003))},
                     {{"0 rpc.program", "-"}},
                     {"rpc.malformed_data"}},
        DialogueCase{
            "CutInCredentials",
            {client(u32(1) + u32(0) + u32(2) + u32(100003) + u32(3) + u32(0) + u32(1) + u32(80) + "abcd")},
            {{"0 rpc.program", "100003"}, {"0 rpc.credential_length", "80"}},
            {"rpc.malformed_data"}},
        DialogueCase{"CredentialsAtTheLimit",
                     {client(call(100003, 3, 0, "", u32(9) + opaque(std::string(400, 'x'))))},
                     {}},
        DialogueCase{"CredentialsTooLong",
                     {client(call(100003, 3, 0, "", u32(9) + opaque(std::string(401, 'x'))))},
                     {{"0 rpc.credential_length", "401"}},
                     {"rpc.authentication_too_long"}},
        DialogueCase{
            "MachineNameAtTheLimit", {client(call(100003, 3, 0, "", unix_user(std::string(255, 'm'))))}, {}},
        DialogueCase{"MachineNameTooLong",
                     {client(call(100003, 3, 0, "", unix_user(std::string(256, 'm'))))},
                     {{"0 rpc.machine_name_length", "256"}},
                     {"rpc.machine_name_too_long"}},
        DialogueCase{"ReplyToNothing",
                     {server(reply("x"))},
                     {{"0 server rpc.results", "x"}, {"0 server rpc.program", "-"}},
                     {"rpc.unmatched_reply"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Rpc,
    testing::Values(
        DialogueCase{"NamesAtTheLimit",
                     {client(call(100003, 3, 14, kHandle3 + opaque("a") + kHandle3 + opaque("b")))},
                     {{"0 nfs.filename#1", "b"}},
                     {},
                     1,
                     Parsed::more,
                     {1024, 1, 2, 1}},
        DialogueCase{"TooManyNames",
                     {client(call(100003, 4, 1,
                                  opaque("") + u32(0) + u32(3) + u32(15) + opaque("a") + u32(15) +
                                      opaque("b") + u32(15) + opaque("c")))},
                     {{"0 nfs.filename#1", "b"}, {"0 nfs.filename#2", "-"}},
                     {"rpc.name_limit"},
                     1,
                     Parsed::more,
                     {1024, 1, 2, 4}},
        DialogueCase{"TooManyOperations",
                     {client(call(100003, 4, 1, opaque("") + u32(0) + u32(2) + u32(24) + u32(10)))},
                     {{"0 nfs.operation", "24"}, {"0 nfs.operation_count", "2"}},
                     {"rpc.operation_limit"},
                     1,
                     Parsed::more,
                     {1024, 1, 2, 1}},
        DialogueCase{"TooManyCalls",
                     {client(call(100003, 3, 0)), client(call(100003, 3, 0).replace(0, 4, u32(78))),
                      server(reply("", 77)), server(reply("", 78))},
                     {{"2 server rpc.program", "-"}, {"3 server rpc.program", "100003"}},
                     {"rpc.call_limit", "rpc.unmatched_reply"},
                     4,
                     Parsed::more,
                     {1024, 1}}),
    by_name);

class RpcStream : public testing::TestWithParam<DialogueCase> {};

TEST_P(RpcStream, Tells) { expect_told(describe(), GetParam()); }

const std::string kLarge = call(100003, 3, 7, std::string(2000, 'd'));

INSTANTIATE_TEST_SUITE_P(
    Records, RpcStream,
    testing::Values(DialogueCase{"AtTheLimit",
                                 {client(record(kLarge.substr(0, 1024)))},
                                 {{"0 rpc.arguments", std::string(984, 'd')}},
                                 {},
                                 1,
                                 Parsed::more,
                                 {1024}},
                    DialogueCase{"TooLong",
                                 {client(record(kLarge, 300) + record(call(100003, 3, 1)))},
                                 {{"0 rpc.arguments", std::string(984, 'd')}, {"1 rpc.procedure", "1"}},
                                 {"rpc.message_limit"},
                                 2,
                                 Parsed::more,
                                 {1024}},
                    DialogueCase{"Empty",
                                 {client(u32(0x80000000U) + u32(0) + record(call(100003, 3, 1)))},
                                 {{"0 rpc.procedure", "1"}}}),
    by_name);

TEST(RpcStream, GapsAreNamedAndPassedOver) {
  const LoneParser parser(describe(), std::vector<std::uint64_t>{1024});
  Witness seen(describe());
  parser->reset({.wanted = ~0ULL});
  follow(*parser,
         {client(record(kLarge).substr(0, 1500)),
          client(record(kLarge).substr(1600) + record(call(100003, 3, 1)), 100),
          client(record(call(100003, 3, 2)), 5000)},
         SIZE_MAX, seen);
  EXPECT_EQ(seen.anomalies, (std::set<std::string>{"rpc.gap", "rpc.message_limit"}));
  EXPECT_EQ(seen.ended.size(), 3u);
  EXPECT_EQ(seen.value("1 rpc.procedure"), "1");
  EXPECT_EQ(seen.value("2 rpc.procedure"), "2");
}

class RpcProbe : public testing::TestWithParam<DialogueOpening> {};

TEST_P(RpcProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    First, RpcProbe,
    testing::Values(
        DialogueOpening{"Call", client(call(100003, 3, 0)), 99, Guess::yes, kOverUdp},
        DialogueOpening{"OverTcp", client(record(call(100003, 3, 0))), 99, Guess::yes},
        DialogueOpening{"InFragments", client(record(call(100003, 3, 0), 1)), 99, Guess::yes},
        DialogueOpening{"PartOverTcp", client(record(call(100003, 3, 0)).substr(0, 20)), 99, Guess::maybe},
        DialogueOpening{"ShortRecord", client(record(call(100003, 3, 0).substr(0, 20))), 99, Guess::no},
        DialogueOpening{"ShortDatagram", client(call(100003, 3, 0).substr(0, 20)), 99, Guess::no, kOverUdp},
        DialogueOpening{"ShortOnOwnPort", client("x"), 111, Guess::maybe, kOverUdp},
        DialogueOpening{"PortOfDns", client(call(100003, 3, 0)), 53, Guess::no, kOverUdp},
        DialogueOpening{"Reply", server(reply("")), 99, Guess::no, kOverUdp},
        DialogueOpening{"ReplyOnOwnPort", server(reply("")), 2049, Guess::yes, kOverUdp},
        DialogueOpening{"Smb", client("\0\0\0\x2f\xffSMBr\0\0\0\0\x18\x53\xc8\0\0\0\0\0\0\0\0"s), 99,
                        Guess::no},
        DialogueOpening{"Dns", client("\x12\x34\1\0\0\1\0\0\0\0\0\0\4test\0\0\1\0\1"s), 99, Guess::no,
                        kOverUdp},
        DialogueOpening{"DceRpc", client("\5\0\x0b\3\x10\0\0\0\x48\0\0\0\1\0\0\0"s), 99, Guess::no},
        DialogueOpening{"Http", client("GET / HTTP/1.1\r\n"), 99, Guess::no},
        DialogueOpening{"Tls", client("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"s), 99, Guess::no}),
    by_name);

TEST(RpcParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(
      describe(), {client(record(kLarge, 500)), server(record(reply(std::string(3000, 'r'))))});
}

TEST(RpcParser, MemoryUsedUpIsToldAndGivenBack) {
  const Witness seen = in_little_memory<RpcMemory>(describe(), {16384, 8, 8, 8, 700},
                                                   {client(record(kLarge) + record(call(100003, 3, 1)))});
  EXPECT_EQ(seen.anomalies, std::set<std::string>{"rpc.memory_limit"});
  EXPECT_EQ(seen.value("0 rpc.procedure"), "7");
  EXPECT_EQ(seen.value("1 rpc.procedure"), "1");
}

}  // namespace
}  // namespace bansoko::proto::rpc
