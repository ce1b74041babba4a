// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/smb/smb_parser.h"
#include "shield/proto/smb/test_dialogue.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/dcerpc.h"
#include "tests/traffic/smb2.h"

namespace bansoko::proto::smb {
namespace {
using namespace std::string_literals;
namespace rpc = traffic::dcerpc;
namespace wire2 = traffic::smb2;
using wire::framed;

const std::string kBind = rpc::bind({{.context = 0, .interface = 5}});
const std::string kCall = rpc::request({.opnum = 31, .stub = "stub data"});
const std::string kAnswer = rpc::response("answer");
const std::string kFirstHalf = rpc::request({.opnum = 31, .stub = "stub ", .flags = rpc::kFirst});
const std::string kSecondHalf = rpc::request({.opnum = 31, .stub = "data", .flags = rpc::kLast});

constexpr std::uint16_t kFid = 0x4001;
constexpr std::uint64_t kFile = 0x77;

/// TransactNmPipe and its like ([MS-CIFS] section 2.2.5): two setup words.
std::string transact(std::string_view data, std::uint16_t function = 0x26, std::size_t total = 0,
                     wire::Ids ids = kIds, std::uint16_t fid = kFid) {
  const std::size_t at = 32 + 1 + 32 + 2 + 7;
  const std::string words = wire2::u16(0) + wire2::u16(total == 0 ? data.size() : total) + wire2::u16(0) +
                            wire2::u16(1024) + wire2::u16(0) + wire2::u16(0) + wire2::u32(0) + wire2::u16(0) +
                            wire2::u16(0) + wire2::u16(at) + wire2::u16(data.size()) + wire2::u16(at) +
                            wire2::u16(2) + wire2::u16(function) + wire2::u16(fid);
  return wire::message(0x25, ids, words, "\\PIPE\\\0"s + std::string(data));
}

std::string transact_answer(std::string_view data) {
  return wire::response(0x25, kIds, 0,
                        wire2::u16(0) + wire2::u16(data.size()) + wire2::u16(0) + wire2::u16(0) +
                            wire2::u16(0) + wire2::u16(0) + wire2::u16(data.size()) +
                            wire2::u16(32 + 1 + 20 + 2) + wire2::u16(0) + wire2::u16(0),
                        data);
}

std::string read_andx(std::uint16_t fid) {
  return wire::message(0x2E, kIds, "\xFF\0\0\0"s + wire2::u16(fid) + std::string(14, '\0'), "");
}
std::string was_read(std::string_view data) {
  return wire::response(0x2E, kIds, 0,
                        "\xFF\0\0\0"s + std::string(6, '\0') + wire2::u16(data.size()) +
                            wire2::u16(32 + 1 + 24 + 2) + std::string(10, '\0'),
                        data);
}

std::string old_write(std::string_view data) {
  return wire::message(0x0B, kIds, wire2::u16(kFid) + wire2::u16(data.size()) + std::string(6, '\0'),
                       "\1" + wire2::u16(data.size()) + std::string(data));
}

std::string write1(std::string_view data, std::uint16_t mode = 8) {
  return wire::write_andx(kIds, kFid, mode, data);
}

/// "31 5 stub data" for each call with an operation: its number, its interface and its stub data.
std::vector<std::string> calls_of(const Recorder& got) {
  std::vector<std::string> calls;
  for (std::uint64_t id = 0; id < 100; ++id) {
    const std::string key = std::to_string(id) + ' ';
    const auto opnum = got.fields.find(key + "dcerpc.opnum");
    if (opnum == got.fields.end()) continue;
    const auto interface = got.buffers.find(key + "dcerpc.interface#0");
    const bool is_known = interface != got.buffers.end();
    calls.push_back(std::to_string(opnum->second) + ' ' +
                    (is_known ? std::to_string(interface->second[3]) : "?") + ' ' +
                    got.buffers.at(key + "dcerpc.stub_data#0"));
    EXPECT_FALSE(got.buffers.contains(key + "smb.message#0"));
  }
  return calls;
}

struct PipeCase {
  std::string name;
  std::vector<Sent> dialogue;
  std::vector<std::string> calls;
  std::vector<std::string> anomalies = {};
};

class SmbPipes : public testing::TestWithParam<PipeCase> {};

TEST_P(SmbPipes, CarryCalls) {
  for (const std::size_t piece :
       {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100}}) {
    const Recorder got = run(GetParam().dialogue, piece);
    EXPECT_EQ(calls_of(got), GetParam().calls) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, GetParam().anomalies) << "in pieces of " << piece;
  }
}

// The same where no rule wants whole messages.
TEST_P(SmbPipes, DoNotNeedTheMessagesKept) {
  const LoneParser parser(describe());
  parser->reset({.wanted = 0});
  Recorder got;
  feed(*parser, GetParam().dialogue, 1460, got);
  EXPECT_EQ(calls_of(got), GetParam().calls);
}

const std::string kWhole = "31 5 stub data";

INSTANTIATE_TEST_SUITE_P(
    Smb1, SmbPipes,
    testing::Values(
        PipeCase{"Write", {client(write1(kBind) + write1(kCall))}, {kWhole}},
        PipeCase{"WriteWithItsLength", {client(write1(kBind) + write1("\x30\0"s + kCall, 0x0C))}, {kWhole}},
        PipeCase{"OldWrite", {client(write1(kBind) + old_write(kCall))}, {kWhole}},
        PipeCase{"Transact", {client(transact(kBind) + transact(kCall))}, {kWhole}},
        PipeCase{"RawWrite", {client(transact(kBind, 0x31) + transact(kCall, 0x31))}, {kWhole}},
        PipeCase{"CallNamedPipe", {client(transact(kBind + kCall, 0x54))}, {kWhole}},
        PipeCase{"OtherFunction", {client(transact(kBind, 0x36) + transact(kCall, 0x36))}, {}},
        PipeCase{"TransactInParts",
                 {client(write1(kBind) + transact(kCall.substr(0, 20), 0x26, kCall.size()) +
                         wire::transaction_secondary(
                             kIds, {.total_data = static_cast<std::uint32_t>(kCall.size()),
                                    .displacement = 20,
                                    .data = std::string_view(kCall).substr(20)}))},
                 {kWhole}},
        PipeCase{"PartsOutOfOrder",
                 {client(write1(kBind) + transact(kCall.substr(0, 20), 0x26, kCall.size()) +
                         wire::transaction_secondary(
                             kIds, {.total_data = static_cast<std::uint32_t>(kCall.size()),
                                    .displacement = 21,
                                    .data = std::string_view(kCall).substr(20)}))},
                 {kWhole},
                 {"smb1.part_order"}},
        PipeCase{"CallInTwoWrites", {client(write1(kBind) + write1(kCall.substr(0, 30)) + write1(kCall.substr(30)))}, {kWhole}},
        PipeCase{"ByteByByte",
                 [] {
                   std::string bytes = write1(kBind);
                   for (const char one : kCall) bytes += write1(std::string(1, one));
                   return std::vector{client(bytes)};
                 }(),
                 {kWhole}},
        PipeCase{"Fragments", {client(write1(kBind) + write1(kFirstHalf) + write1(kSecondHalf))}, {kWhole}},
        PipeCase{"OtherFile",
                 {client(write1(kBind) + wire::write_andx(kIds, 0x4002, 8, kCall))},
                 {"31 ? stub data"}},
        PipeCase{"AnswerByTransact",
                 {client(write1(kBind) + transact(kCall)), server(transact_answer(kAnswer))},
                 {kWhole, "31 5 answer"}},
        PipeCase{"AnswerByRead",
                 {client(write1(kBind) + write1(kCall) + read_andx(kFid)), server(was_read(kAnswer))},
                 {kWhole, "31 5 answer"}},
        PipeCase{"AnswerAboutAnotherFile",
                 {client(write1(kBind) + write1(kCall) + read_andx(9)), server(was_read(kAnswer))},
                 {kWhole}},
        PipeCase{"OpenedAnew",
                 {client(write1(kBind)),
                  server(wire::response(0xA2, kIds, 0, "\xFF\0\0\0\0"s + wire2::u16(kFid) + std::string(61, '\0'), "")),
                  client(write1(kCall))},
                 {"31 ? stub data"}},
        PipeCase{"NotDceRpc", {client(write1("hello, world"))}, {}},
        PipeCase{"NotDceRpcAfterAll", {client(write1("\5\0\13\3\20\0\0\0\1\0 and so on"s))}, {}},
        PipeCase{"AgainAfterRubbish",
                 {client(write1(kBind) + write1("rubbish, sixteen and more") + write1(kCall))},
                 {kWhole},
                 {"dcerpc.unknown_header"}}),
    by_name);

std::string send2(const std::string& message) { return framed(message); }
const std::string kBound2 = send2(wire2::write(kFile, kBind));

INSTANTIATE_TEST_SUITE_P(
    Smb2, SmbPipes,
    testing::Values(
        PipeCase{"Write", {client(kBound2 + send2(wire2::write(kFile, kCall)))}, {kWhole}},
        PipeCase{"Ioctl", {client(kBound2 + send2(wire2::ioctl(kFile, kCall)))}, {kWhole}},
        PipeCase{"OtherIoctl", {client(kBound2 + send2(wire2::ioctl(kFile, kCall, {}, 0x00060194)))}, {}},
        PipeCase{"IoctlAnswer",
                 {client(kBound2 + send2(wire2::ioctl(kFile, kCall))),
                  server(send2(wire2::ioctl_answer(kFile, kAnswer)))},
                 {kWhole, "31 5 answer"}},
        PipeCase{
            "ReadAnswer",
            {client(kBound2 + send2(wire2::write(kFile, kCall)) + send2(wire2::read(kFile, {.message = 9}))),
             server(send2(wire2::was_read(kAnswer, {.message = 9})))},
            {kWhole, "31 5 answer"}},
        PipeCase{"ReadAnswerToAnother",
                 {client(kBound2 + send2(wire2::write(kFile, kCall)) + send2(wire2::read(3, {.message = 9}))),
                  server(send2(wire2::was_read(kAnswer, {.message = 9})))},
                 {kWhole}},
        PipeCase{"TwoFiles",
                 {client(kBound2 + send2(wire2::write(2, rpc::bind({{.context = 0, .interface = 6}}))) +
                         send2(wire2::write(kFile, kCall)) + send2(wire2::write(2, kCall)))},
                 {kWhole, "31 6 stub data"}},
        PipeCase{"Fragments",
                 {client(kBound2 + send2(wire2::write(kFile, kFirstHalf)) +
                         send2(wire2::ioctl(kFile, kSecondHalf)))},
                 {kWhole}},
        PipeCase{"Compound",
                 {client(send2(wire2::compound({wire2::write(kFile, kBind), wire2::write(kFile, kCall)})))},
                 {kWhole}},
        PipeCase{"RelatedCompound",
                 {client(send2(wire2::compound(
                      {wire2::create("svcctl", {.message = 3}),
                       wire2::write(wire2::kRelated, kBind, {.message = 4, .is_related = true}),
                       wire2::write(wire2::kRelated, kFirstHalf, {.message = 5, .is_related = true})}))),
                  server(send2(wire2::created(kFile, {.message = 3}))),
                  client(send2(wire2::write(kFile, kSecondHalf)))},
                 {kWhole}},
        PipeCase{"BehindALargeWrite",
                 {client(send2(wire2::compound({wire2::write(3, std::string(300000, 'x')),
                                                wire2::write(kFile, kBind), wire2::write(kFile, kCall)})))},
                 {kWhole}},
        PipeCase{"Refused",
                 {client(kBound2 + send2(wire2::read(kFile, {.message = 9}))),
                  server(send2(wire2::was_read(rpc::bind_ack({2}), {.message = 9}))),
                  client(send2(wire2::write(kFile, kCall)))},
                 {"31 ? stub data"}}),
    by_name);

constexpr std::size_t kHeaderAndCall = 16 + 8 + 1;  // and the first byte of stub data

TEST(SmbPipesEarly, StubDataIsSeenBeforeTheMessageIsWhole) {
  const Recorder got = run({client(kBound2 + send2(wire2::write(kFile, kCall)))}, 1);
  EXPECT_EQ(got.first_seen.at("3 dcerpc.opnum=31"), kBound2.size() + 4 + 112 + kHeaderAndCall);
}

TEST(SmbPipesLimits, AreKept) {
  const std::vector<Sent> dialogue{client(kBound2 + send2(wire2::write(1, kBind)) +
                                          send2(wire2::write(2, kBind)) + send2(wire2::write(kFile, kCall)))};
  const Recorder few = run(dialogue, SIZE_MAX, {0x20000, 2, 16, 64 << 20, 2});
  EXPECT_EQ(few.anomalies, (std::vector<std::string>{"smb.pipe_limit", "smb.pipe_limit"}));
  EXPECT_EQ(calls_of(few), std::vector<std::string>{"31 ? stub data"});

  const Recorder stub =
      run({client(send2(wire2::write(kFile, rpc::request({.stub = std::string(3000, 's')}))))}, SIZE_MAX,
          {0x20000, 2, 16, 64 << 20, 2, 1024});
  EXPECT_EQ(stub.anomalies, std::vector<std::string>{"dcerpc.stub_limit"});

  const Recorder message =
      run({client(send2(wire2::write(kFile, rpc::request({.stub = std::string(3000, 's')}))))}, SIZE_MAX,
          {1024, 2, 16});
  EXPECT_EQ(message.anomalies, std::vector<std::string>{"smb.message_limit"});
}

TEST(SmbPipesMemory, IsGivenBack) {
  const std::vector<std::uint64_t> limits{0x20000, 128, 16, 64 << 10};
  const auto shared = describe().make_shared(limits);
  const auto& budget = static_cast<const SmbMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(limits, shared.get());
    parser->reset({.wanted = ~0ULL});
    Recorder got;
    const std::string large =
        kBound2 +
        send2(wire2::write(kFile, rpc::request({.stub = std::string(20000, 's'), .flags = rpc::kFirst})));
    feed(*parser, {client(large)}, 1460, got);
    parser->reset({.wanted = ~0ULL});
    EXPECT_FALSE(budget.is_tight());
  }
  EXPECT_EQ(budget.used(), 0U);
}

TEST(SmbPipesReuse, AllocatesNothingAndForgets) {
  const LoneParser parser(describe());
  const std::string from_client = kBound2 + send2(wire2::ioctl(kFile, kCall));
  const std::string from_server = send2(wire2::ioctl_answer(kFile, kAnswer));
  struct Quiet final : TransactionSink {
    void on_progress(Transaction&, Side) noexcept override {}
    void on_end(Transaction&) noexcept override { ++ended; }
    void on_anomaly(Side, std::size_t) noexcept override {}
    int ended = 0;
  } recorder;
  const auto once = [&] {
    parser->reset({.wanted = ~0ULL});
    parser->feed({.from = Side::client, .window = as_bytes(from_client)}, recorder);
    parser->feed({.from = Side::server, .window = as_bytes(from_server)}, recorder);
    parser->end(recorder);
  };
  once();
  once();
  const AllocationCounter allocations;
  once();
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(recorder.ended, 3 * 6);  // three messages, a bind, a request and a response each time
  Recorder after;
  parser->reset({.wanted = ~0ULL});
  feed(*parser, {client(send2(wire2::write(kFile, kCall)))}, SIZE_MAX, after);
  EXPECT_EQ(calls_of(after), std::vector<std::string>{"31 ? stub data"});
}

}  // namespace
}  // namespace bansoko::proto::smb
