// SPDX-License-Identifier: Apache-2.0
// Rules about DCE/RPC, on the parser itself.
#include <array>

#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "shield/proto/lone_parser.h"
#include "tests/cases.h"
#include "tests/traffic/dcerpc.h"

namespace bansoko::proto::dcerpc {
const Protocol& describe();
}

namespace bansoko::keyword {
namespace {

namespace rpc = traffic::dcerpc;
using Sids = std::vector<std::uint32_t>;

/// Applies rules to all that a client says.
class Conversation final : public proto::TransactionSink {
 public:
  explicit Conversation(const std::string& options)
      : harness_("alert dcerpc any any -> any any (msg:\"m\"; " + options + " sid:1;)", protocols_) {}

  bool loads() const { return harness_.set != nullptr && harness_.set->rules().size() == 1; }
  std::string fault() const {
    return harness_.diagnostics.empty() ? "" : harness_.diagnostics.front().message;
  }

  /// How often the rule matched.
  std::size_t matches(const std::string& bytes) {
    const proto::LoneParser parser(*protocols_.front());
    parser->reset({.wanted = ~0ULL});
    packet::Packet packet{.payload = as_bytes(bytes), .ip_version = 4, .protocol = 6, .has_transport = true};
    harness_.flow.key.protocol = 6;
    harness_.inspector().begin(
        {.packet = &packet, .flow = &harness_.flow, .side = flow::Side::client, .protocol = 0});
    parser->feed({.window = as_bytes(bytes)}, *this);
    parser->end(*this);
    harness_.inspector().finish();
    return harness_.sids().size();
  }

  void on_progress(proto::Transaction& transaction, flow::Side side) noexcept override {
    harness_.inspector().transaction(transaction, side);
  }
  void on_end(proto::Transaction& transaction) noexcept override { harness_.inspector().forget(transaction); }
  void on_anomaly(flow::Side, std::size_t) noexcept override {}

 private:
  static inline const std::array<const proto::Protocol*, 1> protocols_{&proto::dcerpc::describe()};
  RuleHarness harness_;
};

const std::string kTalk = rpc::bind({{.context = 0, .interface = 0x0a0b0c0d, .version = 3}}) +
                          rpc::request({.opnum = 16, .stub = std::string("\1\2\3\4 text", 9)});

/// Asks for the interface of kTalk, and what follows.
std::string iface(const std::string& rest) { return "dce_iface:0a0b0c0d-0102-0304-0506-0708090a0b0c" + rest; }

struct MatchCase {
  std::string name;
  std::string options;
  bool want;
};

class DceRules : public testing::TestWithParam<MatchCase> {};

TEST_P(DceRules, Match) {
  Conversation talk(GetParam().options);
  ASSERT_TRUE(talk.loads()) << talk.fault();
  EXPECT_EQ(talk.matches(kTalk), GetParam().want ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Dce, DceRules,
    testing::Values(
        MatchCase{"Interface", iface(";"), true},
        MatchCase{"InterfaceDotted", "dcerpc.iface:0a0b0c0d-0102-0304-0506-0708090a0b0c;", true},
        MatchCase{"InterfaceUpperCase", "dce_iface:0A0B0C0D-0102-0304-0506-0708090A0B0C;", true},
        MatchCase{"OtherInterface", "dce_iface:0a0b0c0e-0102-0304-0506-0708090a0b0c;", false},
        MatchCase{"AnyFragment", iface(",any_frag;"), true}, MatchCase{"VersionEqual", iface(",=3;"), true},
        MatchCase{"VersionPlain", iface(", 3;"), true}, MatchCase{"VersionNotEqual", iface(",!3;"), false},
        MatchCase{"VersionNot", iface(",!4,any_frag;"), true}, MatchCase{"VersionAbove", iface(",>2;"), true},
        MatchCase{"VersionNotAbove", iface(",>3;"), false}, MatchCase{"VersionBelow", iface(",<4;"), true},
        MatchCase{"VersionNotBelow", iface(",<3;"), false}, MatchCase{"Operation", "dce_opnum:16;", true},
        MatchCase{"OtherOperation", "dce_opnum:17;", false},
        MatchCase{"OperationInARange", "dcerpc.opnum:15-18;", true},
        MatchCase{"OperationOutsideARange", "dcerpc.opnum:17-18;", false},
        MatchCase{"OperationInAList", "dce_opnum:1, 3-5, 16;", true},
        MatchCase{"OperationNotInAList", "dce_opnum:1,3-5,18;", false},
        MatchCase{"Stub", "dce_stub_data; content:\"text\";", true},
        MatchCase{"StubDotted", "dcerpc.stub_data; content:\"|01 02|\"; startswith;", true},
        MatchCase{"StubOnly", "dce_stub_data; content:\"|05 00 00|\";", false},
        MatchCase{"AllOfThem", iface("; dce_opnum:16; dce_stub_data; content:\"text\"; endswith;"), true},
        MatchCase{"OrderLittle", "dce_stub_data; byte_test:2,=,0x0201,0,dce;", true},
        MatchCase{"OrderNotBig", "dce_stub_data; byte_test:2,=,0x0102,0,dce;", false}),
    by_name);

TEST(DceOrder, IsThatOfTheMessage) {
  Conversation talk("dce_stub_data; byte_test:2,=,0x0102,0,dce;");
  EXPECT_EQ(talk.matches(rpc::request({.stub = "\1\2", .order = {.little = false}})), 1U);
}

struct FaultCase {
  std::string name;
  std::string options;
  std::string says;
};

class DceFaults : public testing::TestWithParam<FaultCase> {};

TEST_P(DceFaults, AreNamed) {
  const Conversation talk(GetParam().options);
  EXPECT_FALSE(talk.loads());
  EXPECT_NE(talk.fault().find(GetParam().says), std::string::npos) << talk.fault();
}

INSTANTIATE_TEST_SUITE_P(
    Dce, DceFaults,
    testing::Values(FaultCase{"Short", "dce_iface:0a0b0c0d;", "not a UUID"},
                    FaultCase{"NoHyphens", "dce_iface:0a0b0c0d00102003040506007080900a0b0c;", "not a UUID"},
                    FaultCase{"NoHexadecimal", "dce_iface:0a0b0c0x-0102-0304-0506-0708090a0b0c;",
                              "not a UUID"},
                    FaultCase{"Version", iface(",>x;"), "number"},
                    FaultCase{"VersionTooLarge", iface(",>65536;"), "65535"},
                    FaultCase{"TwoVersions", iface(",1,2;"), "too many"},
                    FaultCase{"OperationTooLarge", "dce_opnum:65536;", "65535"},
                    FaultCase{"RangeBackwards", "dce_opnum:5-4;", "dce_opnum"},
                    FaultCase{"RangeOfThree", "dce_opnum:1-2-3;", "range"},
                    FaultCase{"EmptyList", "dce_opnum:1,,2;", "number"},
                    FaultCase{"NoValue", "dce_iface;", "value"},
                    FaultCase{"OrderOfThePayload", "content:\"a\"; byte_test:2,=,1,0,dce;", "DCE/RPC"}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword
