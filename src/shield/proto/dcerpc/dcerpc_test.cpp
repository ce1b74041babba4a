// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dcerpc/dcerpc_parser.h"
#include "shield/proto/lone_parser.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/dcerpc.h"

namespace bansoko::proto::dcerpc {
const Protocol& describe();

namespace {
using namespace std::string_literals;
namespace wire = traffic::dcerpc;

struct Sent {
  Side from = Side::client;
  std::string bytes;
  std::uint32_t gap = 0;
};
Sent client(std::string bytes) { return {Side::client, std::move(bytes)}; }
Sent server(std::string bytes) { return {Side::server, std::move(bytes)}; }
Sent after_gap(std::uint32_t lost, std::string bytes) { return {Side::client, std::move(bytes), lost}; }

/// Notes every request and response that ended, as "c5 12345678.1 stub": side, operation, interface, syntax
/// if it is not NDR, and stub data.
class Recorder final : public TransactionSink {
 public:
  void on_progress(Transaction& transaction, Side side) noexcept override {
    EXPECT_GT(transaction.progress[flow::index(side)], kNotStarted);
    const Call& call = static_cast<const Call&>(transaction);
    std::string& known = stubs_[call.id];
    EXPECT_TRUE(as_text(call.stub()).starts_with(known)) << "stub data lost its start";
    known = as_text(call.stub());
    if (!known.empty()) first_seen.emplace(known, at);
  }
  void on_end(Transaction& transaction) noexcept override {
    const Call& call = static_cast<const Call&>(transaction);
    if (call.type != request && call.type != response) return;
    std::string line = call.side == Side::client ? "c" : "s";
    line += call.opnum ? std::to_string(*call.opnum) : "?";
    if (call.interface) line += ' ' + number_of(*call.interface);
    if (call.syntax != Syntax::ndr) line += call.syntax == Syntax::ndr64 ? " ndr64" : " either";
    EXPECT_TRUE(call.stub().empty() || call.ndr_stream()[2] == static_cast<std::uint8_t>(call.syntax));
    calls.push_back(line + ' ' + std::string(as_text(call.stub())));
  }
  void on_anomaly(Side, std::size_t anomaly) noexcept override {
    anomalies.emplace_back(describe().anomalies[anomaly].substr(7));
  }

  std::vector<std::string> calls, anomalies;
  std::map<std::string, std::uint64_t> first_seen;  // bytes fed by then
  std::uint64_t at = 0;

 private:
  static std::string number_of(const Interface& interface) {
    EXPECT_EQ(as_text(Bytes(interface).subspan(4, 12)), "\1\2\3\4\5\6\7\10\11\12\13\14");
    return std::to_string(interface[0] << 24 | interface[1] << 16 | interface[2] << 8 | interface[3]) + '.' +
           std::to_string(interface[16] << 8 | interface[17]);
  }

  std::map<std::uint64_t, std::string> stubs_;
};

const std::vector<std::uint64_t> kLimits{1024, 4, 2, 2};

void feed(Parser& parser, const std::vector<Sent>& dialogue, std::size_t piece, Recorder& to,
          Transports transport = kOverTcp) {
  parser.reset({.wanted = ~0ULL, .transport = transport});
  std::array<std::uint64_t, 2> offset{};
  Parsed result = Parsed::more;
  for (const Sent& sent : dialogue) {
    Bytes rest = as_bytes(sent.bytes);
    std::uint32_t gap = sent.gap;
    while (!rest.empty() && result == Parsed::more) {
      const Bytes now = rest.first(std::min(piece, rest.size()));
      to.at += now.size();
      std::uint64_t& at = offset[flow::index(sent.from)];
      result = parser.feed({.from = sent.from, .gap = gap, .offset = at, .window = now}, to);
      at += now.size();
      gap = 0;
      rest = rest.subspan(now.size());
    }
  }
  parser.end(to);
}

struct Case {
  std::string name;
  std::vector<Sent> dialogue;
  std::vector<std::string> calls;
  std::vector<std::string> anomalies = {};
};

Sent offers(std::vector<std::string> syntaxes, std::uint8_t type = 11) {
  return client(wire::bind({{.context = 0, .interface = 5, .syntaxes = std::move(syntaxes)}}, {}, type));
}
Sent accepts(const std::string& syntax, std::uint16_t result = 0, std::uint8_t type = 12) {
  return server(wire::bind_ack({result}, {}, type, syntax));
}

class Dcerpc : public testing::TestWithParam<Case> {};

TEST_P(Dcerpc, Tells) {
  for (const std::size_t piece :
       {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{23}}) {
    const LoneParser parser(describe(), kLimits);
    Recorder got;
    feed(*parser, GetParam().dialogue, piece, got);
    EXPECT_EQ(got.calls, GetParam().calls) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, GetParam().anomalies) << "in pieces of " << piece;
  }
}

constexpr wire::Order kBig{.little = false};
const std::string kVerifier = "\12\6\0\0\0\0\0\0signature"s;
const std::string kPadded = "\12\6\2\0\0\0\0\0signature"s;  // with two bytes of padding in front
const Sent kBind = client(wire::bind({{.context = 0, .interface = 5}}));

std::string fragment(std::string stub, std::uint8_t flags, std::uint32_t call = 2, std::uint16_t opnum = 3) {
  return wire::request({.opnum = opnum, .stub = std::move(stub), .flags = flags, .call = call});
}

INSTANTIATE_TEST_SUITE_P(
    Contexts, Dcerpc,
    testing::Values(
        Case{"Bound", {kBind, server(wire::bind_ack({0})), client(fragment("ab", 3))}, {"c3 5.1 ab"}},
        Case{"BigEndian",
             {client(wire::bind({{.context = 1, .interface = 0x01020304, .version = 2}}, kBig)),
              client(wire::request({.context = 1, .opnum = 258, .stub = "x", .order = kBig}))},
             {"c258 16909060.2 x"}},
        Case{"NotAnsweredYet", {kBind, client(fragment("ab", 3))}, {"c3 5.1 ab"}},
        Case{"Refused", {kBind, server(wire::bind_ack({2})), client(fragment("ab", 3))}, {"c3 ab"}},
        Case{"NeverOffered", {client(fragment("ab", 3))}, {"c3 ab"}},
        Case{"SecondOfTwo",
             {client(wire::bind({{.context = 0, .interface = 5},
                                 {.context = 7, .interface = 6, .version = 3}})),
              server(wire::bind_ack({2, 0})), client(wire::request({.context = 7, .opnum = 1, .stub = "x"})),
              client(wire::request({.context = 0, .opnum = 1, .stub = "y"}))},
             {"c1 6.3 x", "c1 y"}},
        Case{
            "Altered",
            {kBind, server(wire::bind_ack({0})), client(wire::bind({{.context = 0, .interface = 9}}, {}, 14)),
             server(wire::bind_ack({0}, {}, 15)), client(fragment("x", 3))},
            {"c3 9.1 x"}},
        Case{
            "AlteredInVain",
            {kBind, server(wire::bind_ack({0})), client(wire::bind({{.context = 0, .interface = 9}}, {}, 14)),
             server(wire::bind_ack({2}, {}, 15)), client(fragment("x", 3))},
            {"c3 5.1 x"}},
        Case{"Answer",
             {kBind, client(fragment("ab", 3)), server(wire::response("cd"))},
             {"c3 5.1 ab", "s3 5.1 cd"}},
        Case{"AnswerInFragments",
             {kBind, client(fragment("ab", 3)), server(wire::response("cd", 2, wire::kFirst)),
              server(wire::response("ef", 2, wire::kLast))},
             {"c3 5.1 ab", "s3 5.1 cdef"}},
        Case{"TooMany",
             {client(wire::bind({{.context = 0, .interface = 5},
                                 {.context = 1, .interface = 6},
                                 {.context = 2, .interface = 7},
                                 {.context = 3, .interface = 8},
                                 {.context = 4, .interface = 9}})),
              client(wire::request({.context = 0, .opnum = 1})),
              client(wire::request({.context = 4, .opnum = 1}))},
             {"c1 ", "c1 9.1 "},
             {"context_limit"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Fragments, Dcerpc,
    testing::Values(
        Case{"Two", {client(fragment("ab", 1) + fragment("cd", 2))}, {"c3 abcd"}},
        Case{"Three", {client(fragment("ab", 1) + fragment("cd", 0) + fragment("ef", 2))}, {"c3 abcdef"}},
        Case{"TwoCallsMixed",
             {client(fragment("ab", 1, 2) + fragment("xy", 1, 4, 9) + fragment("cd", 2, 2) +
                     fragment("z", 2, 4, 9))},
             {"c3 abcd", "c9 xyz"}},
        Case{"TooManyAtATime",
             {client(fragment("a", 1, 2) + fragment("b", 1, 3) + fragment("c", 1, 4) + fragment("d", 2, 4))},
             {"c3 a", "c3 cd", "c3 b"},
             {"call_limit"}},
        Case{"NoBeginning", {client(fragment("cd", 2))}, {"c3 cd"}, {"fragment_order"}},
        Case{"TwoBeginnings",
             {client(fragment("ab", 1) + fragment("cd", 1) + fragment("ef", 2))},
             {"c3 ab", "c3 cdef"},
             {"fragment_order"}},
        Case{"OtherOperation",
             {client(fragment("ab", 1) + fragment("cd", 2, 2, 4))},
             {"c3 abcd"},
             {"fragment_mismatch"}},
        Case{"Unfinished", {client(fragment("ab", 1))}, {"c3 ab"}},
        Case{"NoStub", {client(fragment("", 3))}, {"c3 "}},
        Case{"Object", {client(fragment("ab", 0x83))}, {"c3 ab"}},
        Case{"StubLimit",
             {client(fragment(std::string(1000, 'a'), 1) + fragment(std::string(100, 'b'), 2))},
             {"c3 " + std::string(1000, 'a') + std::string(24, 'b')},
             {"stub_limit"}},
        Case{"VerifierAfterAuthentication",
             {client(wire::pdu({.type = 16, .body = "\0\0\0\0"s, .verifier = kVerifier}) +
                     wire::request({.opnum = 3, .stub = "ab", .verifier = kVerifier}))},
             {"c3 ab"}},
        Case{"Padding",
             {client(wire::pdu({.type = 16, .body = "\0\0\0\0"s, .verifier = kVerifier}) +
                     wire::request({.opnum = 3, .stub = "ab##", .flags = 1, .verifier = kPadded}) +
                     wire::request({.opnum = 3, .stub = "cd##", .flags = 2, .verifier = kPadded}))},
             {"c3 abcd"}},
        Case{"PaddingAlone",
             {client(wire::pdu({.type = 16, .body = "\0\0\0\0"s, .verifier = kVerifier}) +
                     wire::request({.opnum = 3, .stub = "##", .verifier = kPadded}))},
             {"c3 "}},
        Case{"MorePaddingThanThereIs",
             {client(wire::pdu({.type = 16, .body = "\0\0\0\0"s, .verifier = kVerifier}) +
                     wire::request({.opnum = 3, .stub = "a", .verifier = kPadded}))},
             {"c3 a"}},
        Case{"VerifierAlone",
             {client(wire::pdu({.type = 16, .body = "\0\0\0\0"s, .verifier = kVerifier}) +
                     wire::request({.opnum = 3, .stub = "", .verifier = kVerifier}))},
             {"c3 "}},
        // A server without a security context takes everything for stub data.
        Case{"VerifierWithout",
             {client(wire::request({.opnum = 3, .stub = "ab", .verifier = kVerifier}))},
             {"c3 ab" + kVerifier}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Syntaxes, Dcerpc,
    testing::Values(
        Case{"Ndr64",
             {offers({wire::ndr64()}), accepts(wire::ndr64()), client(fragment("ab", 3))},
             {"c3 5.1 ndr64 ab"}},
        Case{"OfTheAnswer",
             {offers({wire::ndr64()}), accepts(wire::ndr64()), client(fragment("ab", 3)),
              server(wire::response("cd"))},
             {"c3 5.1 ndr64 ab", "s3 5.1 ndr64 cd"}},
        Case{"BigEndian",
             {client(wire::bind({{.context = 0, .interface = 5, .syntaxes = {wire::ndr64(kBig)}}}, kBig)),
              client(fragment("ab", 3))},
             {"c3 5.1 ndr64 ab"}},
        Case{"OfferedAlone", {offers({wire::ndr64()}), client(fragment("ab", 3))}, {"c3 5.1 ndr64 ab"}},
        Case{"OfferedBoth",
             {offers({wire::ndr(), wire::ndr64()}), client(fragment("ab", 3))},
             {"c3 5.1 either ab"}},
        Case{"ChosenNdr64",
             {offers({wire::ndr(), wire::ndr64()}), accepts(wire::ndr64()), client(fragment("ab", 3))},
             {"c3 5.1 ndr64 ab"}},
        Case{"ChosenNdr",
             {offers({wire::ndr64(), wire::ndr()}), accepts(wire::ndr()), client(fragment("ab", 3))},
             {"c3 5.1 ab"}},
        Case{"OfTwoContexts",
             {client(wire::bind({{.context = 0, .interface = 5},
                                 {.context = 1, .interface = 5, .syntaxes = {wire::ndr64()}}})),
              server(wire::bind_ack({2, 0}, {}, 12, wire::ndr64())),
              client(wire::request({.context = 1, .opnum = 1, .stub = "x"}))},
             {"c1 5.1 ndr64 x"}},
        Case{"RefusedChangeLeavesIt",
             {offers({wire::ndr64()}), accepts(wire::ndr64()), offers({wire::ndr()}, 14),
              accepts(wire::ndr(), 2, 15), client(fragment("ab", 3))},
             {"c3 5.1 ndr64 ab"}},
        Case{"AcceptedChange",
             {offers({wire::ndr64()}), accepts(wire::ndr64()), offers({wire::ndr()}, 14),
              accepts(wire::ndr(), 0, 15), client(fragment("ab", 3))},
             {"c3 5.1 ab"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Trouble, Dcerpc,
    testing::Values(
        Case{"NotAPdu", {client(fragment("ab", 3) + std::string(16, 'x'))}, {"c3 ab"}, {"unknown_header"}},
        Case{"RequestShort",
             {client(wire::pdu({.type = 0, .body = "1234567"}) + fragment("ab", 3))},
             {"c3 ab"},
             {"pdu_short"}},
        Case{"BindShort",
             {client(wire::pdu({.type = 11, .body = std::string(12, '\1')}) + fragment("ab", 3))},
             {"c3 ab"},
             {"pdu_short"}},
        Case{"FromTheOtherSide",
             {client(wire::bind_ack({0}) + fragment("ab", 3))},
             {"c3 ab"},
             {"unexpected_type"}},
        Case{"UnknownType", {client(wire::pdu({.type = 19, .body = "abc"}) + fragment("ab", 3))}, {"c3 ab"}},
        Case{"GapWithin",
             {client(fragment("abcdef", 3).substr(0, 26)), after_gap(4, fragment("gh", 3))},
             {"c3 ab", "c3 gh"},
             {"gap"}},
        Case{"GapBetween",
             {client(fragment("ab", 3)), after_gap(100, "rest of something" + fragment("gh", 3))},
             {"c3 ab", "c3 gh"},
             {"gap"}}),
    by_name);

TEST(DcerpcEarly, StubDataIsSeenAsItComes) {
  const std::string first = fragment("attack", 1);
  const LoneParser parser(describe());
  Recorder got;
  feed(*parser, {client(first + fragment("rest", 2))}, 1, got);
  EXPECT_EQ(got.first_seen.at("attack"), first.size());
}

class DcerpcDatagrams : public testing::TestWithParam<Case> {};

TEST_P(DcerpcDatagrams, Tells) {
  const LoneParser parser(describe(), kLimits);
  Recorder got;
  feed(*parser, GetParam().dialogue, SIZE_MAX, got, kOverUdp);
  EXPECT_EQ(got.calls, GetParam().calls);
  EXPECT_EQ(got.anomalies, GetParam().anomalies);
}

Sent part(std::uint16_t number, std::string body, bool last = false) {
  return client(wire::datagram({.interface = 5,
                                .opnum = 3,
                                .body = std::move(body),
                                .fragment = number,
                                .flags = static_cast<std::uint8_t>(last ? 6 : 4)}));
}

INSTANTIATE_TEST_SUITE_P(
    Dcerpc, DcerpcDatagrams,
    testing::Values(
        Case{"Whole", {client(wire::datagram({.interface = 5, .opnum = 3, .body = "ab"}))}, {"c3 5.1 ab"}},
        Case{"BigEndian",
             {client(wire::datagram({.interface = 5, .opnum = 3, .body = "ab", .order = kBig}))},
             {"c3 5.1 ab"}},
        Case{"Fragments", {part(0, "ab"), part(1, "cd"), part(2, "ef", true)}, {"c3 5.1 abcdef"}},
        Case{"OutOfOrder", {part(2, "ef", true), part(0, "ab"), part(1, "cd")}, {"c3 5.1 abcdef"}},
        Case{"Twice", {part(0, "ab"), part(0, "xx"), part(1, "cd", true)}, {"c3 5.1 abcd"}},
        Case{"TwiceAhead", {part(1, "cd", true), part(1, "xx", true), part(0, "ab")}, {"c3 5.1 abcd"}},
        Case{"TooManyAhead",
             {part(4, "ee"), part(3, "dd"), part(2, "cc"), part(0, "aa")},
             {"c3 5.1 ccaa"},
             {"fragment_limit"}},
        Case{"NotADatagram", {client("hello")}, {}, {"unknown_header"}}),
    by_name);

TEST(DcerpcReuse, AllocatesNothingAndForgets) {
  const LoneParser parser(describe());
  struct Quiet final : TransactionSink {
    void on_progress(Transaction&, Side) noexcept override {}
    void on_end(Transaction&) noexcept override { ++ended; }
    void on_anomaly(Side, std::size_t) noexcept override {}
    int ended = 0;
  } quiet;
  const std::string from_client = kBind.bytes + fragment("ab", 1) + fragment(std::string(900, 'x'), 2);
  const std::string from_server = wire::bind_ack({0}) + wire::response("cd");
  const auto once = [&] {
    parser->reset({.wanted = ~0ULL});
    parser->feed({.from = Side::client, .window = as_bytes(from_client)}, quiet);
    parser->feed({.from = Side::server, .window = as_bytes(from_server)}, quiet);
    parser->end(quiet);
  };
  once();
  const AllocationCounter allocations;
  once();
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(quiet.ended, 8);
  Recorder after;
  feed(*parser, {client(fragment("ab", 3))}, SIZE_MAX, after);
  EXPECT_EQ(after.calls, std::vector<std::string>{"c3 ab"});
}

TEST(DcerpcMemory, IsSharedAndComesBack) {
  const std::vector<std::uint64_t> limits{0x20000, 4, 2, 2, 20000};
  const auto shared = describe().make_shared(limits);
  const auto& budget = static_cast<const CallMemory&>(*shared).budget;
  {
    const auto first = describe().make_parser(limits, shared.get());
    const auto second = describe().make_parser(limits, shared.get());
    const std::string large = fragment(std::string(15000, 'x'), 1);
    Recorder of_first, of_second;
    first->reset({.wanted = ~0ULL});
    second->reset({.wanted = ~0ULL});
    first->feed({.window = as_bytes(large)}, of_first);
    EXPECT_EQ(of_first.anomalies, std::vector<std::string>{});
    second->feed({.window = as_bytes(large)}, of_second);
    EXPECT_EQ(of_second.anomalies, std::vector<std::string>{"memory_limit"});
    first->end(of_first);
    second->end(of_second);
    EXPECT_FALSE(budget.is_tight());
  }
  EXPECT_EQ(budget.used(), 0U);
}

struct ProbeCase {
  std::string name;
  std::string bytes;
  Guess want;
  Transports transport = kOverTcp;
};

class DcerpcProbe : public testing::TestWithParam<ProbeCase> {};

TEST_P(DcerpcProbe, Guesses) {
  const ProbeCase& row = GetParam();
  EXPECT_EQ(describe().probe({.window = as_bytes(row.bytes)}, {.transport = row.transport}), row.want);
  if (row.want != Guess::yes || row.transport == kOverUdp) return;
  for (std::size_t size = 0; size < row.bytes.size(); ++size)
    EXPECT_NE(describe().probe({.window = as_bytes(row.bytes).first(size)}, {}), Guess::no) << size;
}

std::string with_reserved(std::string pdu) {
  pdu[6] = '\1';
  return pdu;
}

INSTANTIATE_TEST_SUITE_P(
    Dcerpc, DcerpcProbe,
    testing::Values(ProbeCase{"Bind", kBind.bytes, Guess::yes},
                    ProbeCase{"BindWithReservedBits", with_reserved(kBind.bytes), Guess::yes},
                    ProbeCase{"Request", fragment("ab", 3), Guess::yes},
                    ProbeCase{"RequestWithReservedBits", with_reserved(fragment("ab", 3)), Guess::no},
                    ProbeCase{"Nothing", "", Guess::maybe}, ProbeCase{"Version", "\5", Guess::maybe},
                    ProbeCase{"Socks5", "\5\1\0\5\1\0\3\13example.com\1\1"s, Guess::no},
                    ProbeCase{"Socks5Hello", "\5\1\0"s, Guess::maybe},
                    ProbeCase{"OtherVersion", "\5\2", Guess::no},
                    ProbeCase{"OtherType", "\5\0\x20"s, Guess::no},
                    ProbeCase{"SizeBelowItsHeader", "\5\0\13\3\20\0\0\0\17\0\0\0\1\0\0\0"s, Guess::no},
                    ProbeCase{"Datagram", wire::datagram({.body = "ab"}), Guess::yes, kOverUdp},
                    ProbeCase{"DatagramShort", wire::datagram({}).substr(0, 79), Guess::no, kOverUdp},
                    ProbeCase{"DatagramLies", wire::datagram({.body = "ab"}).substr(0, 81), Guess::no,
                              kOverUdp},
                    ProbeCase{"Dns", "\x12\x34\1\0\0\1"s + std::string(80, '\0'), Guess::no, kOverUdp}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::dcerpc
