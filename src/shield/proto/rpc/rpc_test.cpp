// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/rpc/rpc_parser.h"
#include "shield/proto/test_dialogue.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::rpc {
const Protocol& describe();

namespace {
using namespace std::string_literals;

struct Case {
  std::string name;
  std::vector<Said> dialogue;
  std::map<std::string, std::string> want;
  std::set<std::string> anomalies = {};
  std::size_t messages = 1;
  std::vector<std::uint64_t> limits = {};
};

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

Witness witness(const Case& row, const std::vector<Said>& dialogue, Transports transport, std::size_t piece) {
  const LoneParser parser(describe(), row.limits);
  Witness seen(describe());
  parser->reset({.wanted = ~0ULL, .transport = transport});
  EXPECT_EQ(follow(*parser, dialogue, piece, seen), Parsed::more);
  return seen;
}

void expect_seen(const Case& row, const Witness& seen, const std::string& how) {
  EXPECT_EQ(seen.faults, std::set<std::string>()) << how;
  EXPECT_EQ(seen.anomalies, row.anomalies) << how;
  EXPECT_EQ(seen.ended.size(), row.messages) << how;
  for (const auto& [key, value] : row.want) EXPECT_EQ(seen.value(key), value) << key << how;
}

/// Messages: each is a datagram, and a record over TCP, also in many fragments.
class Rpc : public testing::TestWithParam<Case> {};

TEST_P(Rpc, TellsOverUdp) {
  expect_seen(GetParam(), witness(GetParam(), GetParam().dialogue, kOverUdp, SIZE_MAX), "");
}

TEST_P(Rpc, TellsOverTcp) {
  for (const std::size_t fragment : {std::size_t{1} << 20U, std::size_t{1}, std::size_t{10}}) {
    std::vector<Said> dialogue = GetParam().dialogue;
    for (Said& said : dialogue) said.bytes = record(said.bytes, fragment);
    for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}})
      expect_seen(GetParam(), witness(GetParam(), dialogue, kOverTcp, piece),
                  " in fragments of " + std::to_string(fragment));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Messages, Rpc,
    testing::Values(Case{"Null",
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
                    Case{"User",
                         {client(call(100232, 10, 1, "args", unix_user("werrmsche")))},
                         {{"0 rpc.machine_name", "werrmsche"},
                          {"0 rpc.machine_name_length", "9"},
                          {"0 rpc.credential_length", "36"},
                          {"0 rpc.uid", "0"},
                          {"0 rpc.gid", "5"},
                          {"0 rpc.group_count", "1"},
                          {"0 rpc.arguments", "args"},
                          {"0 nfs.version", "-"}}},
                    Case{"Denied",
                         {client(call(100003, 3, 0)), server(u32(77) + u32(1) + u32(1) + u32(1) + u32(5))},
                         {{"1 server rpc.reply_status", "1"}, {"1 server rpc.accept_status", "-"}},
                         {},
                         2},
                    Case{"CalledBack",
                         {server(call(0x40000000, 1, 1)), client(reply(""))},
                         {{"0 server rpc.program", "1073741824"}, {"1 rpc.program", "1073741824"}},
                         {},
                         2}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Mapper, Rpc,
    testing::Values(
        Case{"GetPort",
             {client(call(100000, 2, 3, u32(100003) + u32(3) + u32(17) + u32(0))), server(reply(u32(2049)))},
             {{"0 rpc.mapped_program", "100003"},
              {"0 rpc.mapped_version", "3"},
              {"0 rpc.mapped_port", "-"},
              {"1 server rpc.mapped_port", "2049"}},
             {},
             2},
        Case{"Set",
             {client(call(100000, 2, 1, u32(100003) + u32(3) + u32(17) + u32(99)))},
             {{"0 rpc.mapped_port", "99"}}},
        Case{"CallIt",
             {client(call(100000, 2, 5, u32(100024) + u32(1) + u32(6) + opaque("arguments")))},
             {{"0 rpc.mapped_program", "100024"}, {"0 rpc.mapped_procedure", "6"}}},
        Case{"GetAddress",
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
        Case{"LengthStated",
             {client(call(100000, 4, 7, u32(0x7fffffff) + "x"))},
             {{"0 rpc.universal_address_length", "2147483647"}, {"0 rpc.universal_address", "x"}},
             {"rpc.malformed_data"}},
        Case{"Mount",
             {client(call(100005, 3, 1, opaque("/export")))},
             {{"0 rpc.mount_path", "/export"}, {"0 nfs.filename_length", "7"}}}),
    by_name);

const std::string kHandle2(32, 'h');
const std::string kHandle3 = opaque("handle");

INSTANTIATE_TEST_SUITE_P(
    Nfs, Rpc,
    testing::Values(Case{"Lookup2",
                         {client(call(100003, 2, 4, kHandle2 + opaque("a")))},
                         {{"0 nfs.filename", "a"}, {"0 file.name", "a"}, {"0 nfs.filename_length", "1"}}},
                    Case{"Rename2",
                         {client(call(100003, 2, 11, kHandle2 + opaque("a") + kHandle2 + opaque("bc")))},
                         {{"0 nfs.filename", "a"}, {"0 nfs.filename#1", "bc"}}},
                    Case{"Link2",
                         {client(call(100003, 2, 12, kHandle2 + kHandle2 + opaque("a")))},
                         {{"0 nfs.filename", "a"}}},
                    Case{"Symlink2",
                         {client(call(100003, 2, 13, kHandle2 + opaque("a") + opaque("/b")))},
                         {{"0 nfs.filename#1", "/b"}}},
                    Case{"Read2", {client(call(100003, 2, 6, kHandle2))}, {{"0 nfs.filename", "-"}}},
                    Case{"Lookup3",
                         {client(call(100003, 3, 3, kHandle3 + opaque("name")))},
                         {{"0 nfs.filename", "name"}, {"0 nfs_version", "3"}}},
                    Case{"Rename3",
                         {client(call(100003, 3, 14, kHandle3 + opaque("a") + kHandle3 + opaque("b")))},
                         {{"0 nfs.filename#1", "b"}}},
                    Case{"Link3",
                         {client(call(100003, 3, 15, kHandle3 + kHandle3 + opaque("b")))},
                         {{"0 nfs.filename", "b"}}},
                    Case{"NameTooLong",
                         {client(call(100003, 3, 3, kHandle3 + u32(5000) + "abc"))},
                         {{"0 nfs.filename", "abc"}, {"0 nfs.filename_length", "5000"}},
                         {"rpc.malformed_data"}},
                    Case{"Compound",
                         {client(call(100003, 4, 1,
                                      opaque("") + u32(0) + u32(6) + u32(22) + opaque("fh") + u32(15) +
                                          opaque("dir") + u32(9) + u32(1) + u32(3) + u32(28) +
                                          opaque("file") + u32(18) + "open"))},
                         {{"0 nfs.operation_count", "6"},
                          {"0 nfs.operation", "22"},
                          {"0 nfs.filename", "dir"},
                          {"0 nfs.filename#1", "file"}}},
                    Case{"CompoundCut",
                         {client(call(100003, 4, 1, opaque("") + u32(0) + u32(9) + u32(24)))},
                         {{"0 nfs.operation_count", "9"}, {"0 nfs.operation", "24"}},
                         {"rpc.malformed_data"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Rpc,
    testing::Values(
        Case{"NoMessage", {client("hello world.")}, {{"0 rpc.type", "-"}}, {"rpc.malformed_data"}},
        Case{"Short", {client("abc")}, {}, {"rpc.malformed_data"}},
        Case{"RpcVersion",
             {client(u32(1) + u32(0) + u32(3) + u32(100003))},
             {{"0 rpc.program", "-"}},
             {"rpc.malformed_data"}},
        Case{"CutInCredentials",
             {client(u32(1) + u32(0) + u32(2) + u32(100003) + u32(3) + u32(0) + u32(1) + u32(80) + "abcd")},
             {{"0 rpc.program", "100003"}, {"0 rpc.credential_length", "80"}},
             {"rpc.malformed_data"}},
        Case{"CredentialsAtTheLimit",
             {client(call(100003, 3, 0, "", u32(9) + opaque(std::string(400, 'x'))))},
             {}},
        Case{"CredentialsTooLong",
             {client(call(100003, 3, 0, "", u32(9) + opaque(std::string(401, 'x'))))},
             {{"0 rpc.credential_length", "401"}},
             {"rpc.authentication_too_long"}},
        Case{"MachineNameAtTheLimit", {client(call(100003, 3, 0, "", unix_user(std::string(255, 'm'))))}, {}},
        Case{"MachineNameTooLong",
             {client(call(100003, 3, 0, "", unix_user(std::string(256, 'm'))))},
             {{"0 rpc.machine_name_length", "256"}},
             {"rpc.machine_name_too_long"}},
        Case{"ReplyToNothing",
             {server(reply("x"))},
             {{"0 server rpc.results", "x"}, {"0 server rpc.program", "-"}},
             {"rpc.unmatched_reply"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Rpc,
    testing::Values(Case{"NamesAtTheLimit",
                         {client(call(100003, 3, 14, kHandle3 + opaque("a") + kHandle3 + opaque("b")))},
                         {{"0 nfs.filename#1", "b"}},
                         {},
                         1,
                         {1024, 1, 2, 1}},
                    Case{"TooManyNames",
                         {client(call(100003, 4, 1,
                                      opaque("") + u32(0) + u32(3) + u32(15) + opaque("a") + u32(15) +
                                          opaque("b") + u32(15) + opaque("c")))},
                         {{"0 nfs.filename#1", "b"}, {"0 nfs.filename#2", "-"}},
                         {"rpc.name_limit"},
                         1,
                         {1024, 1, 2, 4}},
                    Case{"TooManyOperations",
                         {client(call(100003, 4, 1, opaque("") + u32(0) + u32(2) + u32(24) + u32(10)))},
                         {{"0 nfs.operation", "24"}, {"0 nfs.operation_count", "2"}},
                         {"rpc.operation_limit"},
                         1,
                         {1024, 1, 2, 1}},
                    Case{"TooManyCalls",
                         {client(call(100003, 3, 0)), client(call(100003, 3, 0).replace(0, 4, u32(78))),
                          server(reply("", 77)), server(reply("", 78))},
                         {{"2 server rpc.program", "-"}, {"3 server rpc.program", "100003"}},
                         {"rpc.call_limit", "rpc.unmatched_reply"},
                         4,
                         {1024, 1}}),
    by_name);

class RpcStream : public testing::TestWithParam<Case> {};

TEST_P(RpcStream, Tells) {
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}, std::size_t{100}})
    expect_seen(GetParam(), witness(GetParam(), GetParam().dialogue, kOverTcp, piece),
                " in pieces of " + std::to_string(piece));
}

const std::string kLarge = call(100003, 3, 7, std::string(2000, 'd'));

INSTANTIATE_TEST_SUITE_P(
    Records, RpcStream,
    testing::Values(Case{"AtTheLimit",
                         {client(record(kLarge.substr(0, 1024)))},
                         {{"0 rpc.arguments", std::string(984, 'd')}},
                         {},
                         1,
                         {1024}},
                    Case{"TooLong",
                         {client(record(kLarge, 300) + record(call(100003, 3, 1)))},
                         {{"0 rpc.arguments", std::string(984, 'd')}, {"1 rpc.procedure", "1"}},
                         {"rpc.message_limit"},
                         2,
                         {1024}},
                    Case{"Empty",
                         {client(u32(0x80000000U) + u32(0) + record(call(100003, 3, 1)))},
                         {{"0 rpc.procedure", "1"}}}),
    by_name);

TEST(RpcStream, GapsAreNamedAndPassedOver) {
  const Case row{"",
                 {client(record(kLarge).substr(0, 1500)),
                  client(record(kLarge).substr(1600) + record(call(100003, 3, 1)), 100),
                  client(record(call(100003, 3, 2)), 5000)},
                 {{"1 rpc.procedure", "1"}, {"2 rpc.procedure", "2"}},
                 {"rpc.gap", "rpc.message_limit"},
                 3,
                 {1024}};
  expect_seen(row, witness(row, row.dialogue, kOverTcp, SIZE_MAX), "");
}

struct Opening {
  std::string name;
  Said said;
  Transports transport;
  std::uint16_t port;
  Guess want;
};

class RpcProbe : public testing::TestWithParam<Opening> {};

TEST_P(RpcProbe, Guesses) {
  const Opening& row = GetParam();
  EXPECT_EQ(describe().probe({.from = row.said.from, .window = as_bytes(row.said.bytes)},
                             {.transport = row.transport, .server_port = row.port}),
            row.want);
}

INSTANTIATE_TEST_SUITE_P(
    First, RpcProbe,
    testing::Values(
        Opening{"Call", client(call(100003, 3, 0)), kOverUdp, 99, Guess::yes},
        Opening{"OverTcp", client(record(call(100003, 3, 0))), kOverTcp, 99, Guess::yes},
        Opening{"InFragments", client(record(call(100003, 3, 0), 1)), kOverTcp, 99, Guess::yes},
        Opening{"PartOverTcp", client(record(call(100003, 3, 0)).substr(0, 20)), kOverTcp, 99, Guess::maybe},
        Opening{"ShortRecord", client(record(call(100003, 3, 0).substr(0, 20))), kOverTcp, 99, Guess::no},
        Opening{"ShortDatagram", client(call(100003, 3, 0).substr(0, 20)), kOverUdp, 99, Guess::no},
        Opening{"ShortOnOwnPort", client("x"), kOverUdp, 111, Guess::maybe},
        Opening{"PortOfDns", client(call(100003, 3, 0)), kOverUdp, 53, Guess::no},
        Opening{"Reply", server(reply("")), kOverUdp, 99, Guess::no},
        Opening{"ReplyOnOwnPort", server(reply("")), kOverUdp, 2049, Guess::yes},
        Opening{"Smb", client("\0\0\0\x2f\xffSMBr\0\0\0\0\x18\x53\xc8\0\0\0\0\0\0\0\0"s), kOverTcp, 99,
                Guess::no},
        Opening{"Dns", client("\x12\x34\1\0\0\1\0\0\0\0\0\0\4test\0\0\1\0\1"s), kOverUdp, 99, Guess::no},
        Opening{"DceRpc", client("\5\0\x0b\3\x10\0\0\0\x48\0\0\0\1\0\0\0"s), kOverTcp, 99, Guess::no},
        Opening{"Http", client("GET / HTTP/1.1\r\n"), kOverTcp, 99, Guess::no},
        Opening{"Tls", client("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"s), kOverTcp, 99, Guess::no}),
    by_name);

class Deaf final : public TransactionSink {
 public:
  void on_progress(Transaction&, Side) noexcept override {}
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
};

TEST(RpcParser, AllocatesNothingOnceWarm) {
  const LoneParser parser(describe());
  const std::vector<Said> dialogue{client(record(kLarge, 500)),
                                   server(record(reply(std::string(3000, 'r'))))};
  Deaf sink;
  for (int warm = 0; warm < 2; ++warm) {
    parser->reset({});
    follow(*parser, dialogue, 700, sink);
  }
  const AllocationCounter allocations;
  parser->reset({});
  follow(*parser, dialogue, 700, sink);
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(RpcParser, MemoryUsedUpIsToldAndGivenBack) {
  constexpr std::array<std::uint64_t, 5> kLittle{16384, 8, 8, 8, 700};
  const auto shared = describe().make_shared(kLittle);
  const auto& budget = static_cast<const RpcMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    parser->reset({});
    Witness seen(describe());
    follow(*parser, {client(record(kLarge) + record(call(100003, 3, 1)))}, 300, seen);
    EXPECT_EQ(seen.anomalies, std::set<std::string>{"rpc.memory_limit"});
    EXPECT_EQ(seen.value("0 rpc.procedure"), "7");
    EXPECT_EQ(seen.value("1 rpc.procedure"), "1");
  }
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace bansoko::proto::rpc
