// SPDX-License-Identifier: Apache-2.0
// Rules about several protocols that share the name of a buffer or of a field.
#include "shield/keyword/toy_protocol.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using flow::Side;
using Sids = std::vector<std::uint32_t>;

std::optional<std::uint64_t> kind(const proto::Transaction& t) noexcept { return toy(t).kind; }

// "mail" and "web" run over TCP, "name" over UDP, "call" over both.
constexpr std::array kMailBuffers{proto::Buffer{"file.data", "", Side::client, 1, false, toy_body},
                                  proto::Buffer{"mail.from", "", Side::client, 1, false, toy_head}};
constexpr std::array kWebBuffers{proto::Buffer{"file.data", "", Side::server, 1, false, toy_body},
                                 proto::Buffer{"web.server", "", Side::server, 1, false, toy_head},
                                 proto::Buffer{"web.client", "", Side::client, 1, false, toy_head}};
constexpr std::array kNameBuffers{proto::Buffer{"query", "", Side::client, 1, false, toy_head}};
constexpr std::array kCallBuffers{proto::Buffer{"query", "", Side::client, 1, false, toy_head},
                                  proto::Buffer{"file.data", "", Side::client, 1, false, toy_body}};
constexpr std::array kNameFields{proto::Field{"opcode", "", Side::client, 1, {}, kind}};
constexpr std::array kCallFields{proto::Field{"opcode", "", Side::client, 1, {}, kind}};
constexpr std::array<std::string_view, 1> kOther{"messages"};

constexpr proto::Protocol protocol(std::string_view name, std::span<const std::string_view> also,
                                   proto::Transports transports, std::span<const proto::Buffer> buffers,
                                   std::span<const proto::Field> fields = {}) {
  return {.name = name,
          .also = also,
          .help = "",
          .transports = transports,
          .probe = nullptr,
          .make_parser = nullptr,
          .buffers = buffers,
          .fields = fields};
}
constexpr proto::Protocol kMail = protocol("mail", kOther, proto::kOverTcp, kMailBuffers);
constexpr proto::Protocol kWeb = protocol("web", {}, proto::kOverTcp, kWebBuffers);
constexpr proto::Protocol kName = protocol("name", {}, proto::kOverUdp, kNameBuffers, kNameFields);
constexpr proto::Protocol kCall =
    protocol("call", kOther, proto::kOverTcp | proto::kOverUdp, kCallBuffers, kCallFields);
constexpr std::array<const proto::Protocol*, 4> kProtocols{&kMail, &kWeb, &kName, &kCall};
enum : std::size_t { kMailAt, kWebAt, kNameAt, kCallAt };

/// What a message of one protocol is made of, and how it came.
struct Seen {
  std::size_t protocol;
  Side side;
  std::uint8_t carrier;
  bool wanted;
};

struct Case {
  std::string name;
  std::string rule;
  std::vector<Seen> seen;
};

constexpr auto kTcp = packet::Protocol::tcp;
constexpr auto kUdp = packet::Protocol::udp;

class ManyProtocols : public testing::TestWithParam<Case> {};

TEST_P(ManyProtocols, MatchInThoseThatAreMeant) {
  RuleHarness harness("alert " + GetParam().rule, kProtocols);
  for (const auto& diagnostic : harness.diagnostics) ADD_FAILURE() << rule::to_text(diagnostic);
  for (const Seen& seen : GetParam().seen) {
    Toy transaction;
    transaction.head = "head";
    transaction.body = "body";
    transaction.kind = 5;
    transaction.progress[flow::index(seen.side)] = proto::kComplete;
    harness.flow.key.protocol = seen.carrier;
    packet::Packet packet{.ip_version = 4, .protocol = seen.carrier, .has_transport = true};
    auto& inspector = harness.inspector();
    inspector.begin({.packet = &packet, .flow = &harness.flow, .side = seen.side, .protocol = seen.protocol});
    inspector.transaction(transaction, seen.side);
    inspector.finish();
    EXPECT_EQ(harness.sids(), seen.wanted ? Sids{1} : Sids{})
        << kProtocols[seen.protocol]->name << " over " << int{seen.carrier};
    inspector.forget(transaction);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Header, ManyProtocols,
    testing::Values(
        Case{"TcpMeansAllThatRunOverIt",
             "tcp any any -> any any (file.data; content:\"body\"; sid:1;)",
             {{kMailAt, Side::client, kTcp, true},
              {kMailAt, Side::server, kTcp, false},
              {kWebAt, Side::server, kTcp, true},
              {kWebAt, Side::client, kTcp, false},
              {kCallAt, Side::client, kTcp, true},
              {kCallAt, Side::client, kUdp, false}}},
        Case{"UdpMeansAllThatRunOverIt",
             "udp any any -> any any (query; content:\"head\"; sid:1;)",
             {{kNameAt, Side::client, kUdp, true},
              {kCallAt, Side::client, kUdp, true},
              {kCallAt, Side::client, kTcp, false}}},
        Case{"IpMeansAll",
             "ip any any -> any any (query; content:\"head\"; sid:1;)",
             {{kNameAt, Side::client, kUdp, true},
              {kCallAt, Side::client, kUdp, true},
              {kCallAt, Side::client, kTcp, true}}},
        Case{"NameMeansOne",
             "mail any any -> any any (file.data; content:\"body\"; sid:1;)",
             {{kMailAt, Side::client, kTcp, true},
              {kCallAt, Side::client, kTcp, false},
              {kWebAt, Side::server, kTcp, false}}},
        Case{"OtherNameMeansSeveral",
             "messages any any -> any any (file.data; content:\"body\"; sid:1;)",
             {{kMailAt, Side::client, kTcp, true},
              {kCallAt, Side::client, kTcp, true},
              {kCallAt, Side::client, kUdp, true},
              {kWebAt, Side::server, kTcp, false}}},
        Case{"ASecondBufferNarrowsDown",
             "tcp any any -> any any (file.data; content:\"body\"; mail.from; content:\"head\"; sid:1;)",
             {{kMailAt, Side::client, kTcp, true}, {kCallAt, Side::client, kTcp, false}}},
        Case{"AFieldNarrowsDown",
             "messages any any -> any any (opcode:5; file.data; content:\"body\"; sid:1;)",
             {{kCallAt, Side::client, kUdp, true}, {kMailAt, Side::client, kTcp, false}}},
        Case{"AFieldAlone",
             "ip any any -> any any (opcode:5; sid:1;)",
             {{kNameAt, Side::client, kUdp, true}, {kCallAt, Side::client, kTcp, true}}},
        Case{"DirectionNarrowsDown",
             "tcp any any -> any any (flow:to_client; file.data; content:\"body\"; sid:1;)",
             {{kWebAt, Side::server, kTcp, true}, {kMailAt, Side::client, kTcp, false}}},
        Case{"WithTransforms",
             "tcp any any -> any any (file.data; to_uppercase; content:\"BODY\"; sid:1;)",
             {{kMailAt, Side::client, kTcp, true}, {kWebAt, Side::server, kTcp, true}}}),
    by_name);

struct Fault {
  std::string name;
  std::string rule;
  std::string want;
};

class ProtocolConflict : public testing::TestWithParam<Fault> {};

TEST_P(ProtocolConflict, SaysWhy) {
  const RuleHarness harness("alert " + GetParam().rule, kProtocols);
  ASSERT_EQ(rule::count_errors(harness.diagnostics), 1U);
  EXPECT_NE(rule::to_text(harness.diagnostics.front()).find(GetParam().want), std::string::npos)
      << rule::to_text(harness.diagnostics.front());
  EXPECT_EQ(harness.set->rules().size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rule, ProtocolConflict,
    testing::Values(
        Fault{"BufferOfAnother", "web any any -> any any (mail.from; content:\"a\"; sid:1;)",
              "'mail.from' belongs to mail, but the rule is about web"},
        Fault{"BuffersOfTwo",
              "tcp any any -> any any (mail.from; content:\"a\"; web.client; content:\"b\"; sid:1;)",
              "'web.client' belongs to web, but the rule is about mail"},
        Fault{"BufferOfSeveralAndOfAnother",
              "tcp any any -> any any (file.data; content:\"a\"; query; content:\"b\"; mail.from; "
              "content:\"c\"; sid:1;)",
              "'mail.from' belongs to mail, but the rule is about call"},
        Fault{"FieldOfAnother", "mail any any -> any any (opcode:1; sid:1;)",
              "'opcode' belongs to name or call, but the rule is about mail"},
        Fault{"NotCarried", "udp any any -> any any (mail.from; content:\"a\"; sid:1;)",
              "'mail.from' belongs to mail, which the rule's transport protocol does not carry"},
        Fault{"NoMessageHasBoth",
              "web any any -> any any (web.client; content:\"a\"; web.server; content:\"b\"; sid:1;)",
              "no message has all the buffers"},
        Fault{"NoMessageOfThatDirection",
              "mail any any -> any any (flow:to_client; file.data; content:\"a\"; sid:1;)",
              "no message has all the buffers"}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword
