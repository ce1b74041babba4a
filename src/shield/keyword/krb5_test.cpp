// SPDX-License-Identifier: Apache-2.0
// Rules about Kerberos, on the parser itself.
#include <array>

#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "shield/proto/krb5/test_message.h"
#include "shield/proto/lone_parser.h"
#include "tests/cases.h"

namespace bansoko::proto::krb5 {
const Protocol& describe();
}

namespace bansoko::keyword {
namespace {

namespace wire = proto::krb5::wire;

/// Applies a rule to a datagram.
class Datagram final : public proto::TransactionSink {
 public:
  explicit Datagram(const std::string& options)
      : harness_("alert krb5 any any -> any any (msg:\"m\"; " + options + " sid:1;)", protocols_) {}

  bool loads() const { return harness_.set != nullptr && harness_.set->rules().size() == 1; }

  bool matches(const std::string& bytes) {
    const proto::LoneParser parser(*protocols_.front());
    parser->reset({.wanted = ~0ULL, .transport = proto::kOverUdp});
    packet::Packet packet{.payload = as_bytes(bytes), .ip_version = 4, .protocol = 17, .has_transport = true};
    harness_.flow.key.protocol = 17;
    harness_.inspector().begin(
        {.packet = &packet, .flow = &harness_.flow, .side = flow::Side::client, .protocol = 0});
    parser->feed({.window = as_bytes(bytes)}, *this);
    parser->end(*this);
    harness_.inspector().finish();
    return !harness_.sids().empty();
  }

  void on_progress(proto::Transaction& transaction, flow::Side side) noexcept override {
    harness_.inspector().transaction(transaction, side);
  }
  void on_end(proto::Transaction& transaction) noexcept override { harness_.inspector().forget(transaction); }
  void on_anomaly(flow::Side, std::size_t) noexcept override {}

 private:
  static inline const std::array<const proto::Protocol*, 1> protocols_{&proto::krb5::describe()};
  RuleHarness harness_;
};

struct Case {
  std::string_view name;
  std::string options;
  bool want = false;
};

class Krb5Options : public testing::TestWithParam<Case> {};

// A request that offers 18 and 23; an answer with a ticket of 18.
TEST_P(Krb5Options, Match) {
  Datagram rule(GetParam().options);
  ASSERT_TRUE(rule.loads());
  const std::string request = wire::request(10, "", wire::body(wire::number(18) + wire::number(23)));
  const std::string answer = wire::answer(11, 18, -128);
  const bool is_about_answer = GetParam().name.starts_with("Answer");
  EXPECT_EQ(rule.matches(is_about_answer ? answer : request), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Krb5, Krb5Options,
    testing::Values(Case{"Type", "krb5_msg_type:10;", true},
                    Case{"TypeByName", "krb5_msg_type:AS_REQ;", true},
                    Case{"NotType", "krb5_msg_type:!AS_REQ;", false},
                    Case{"Name", "krb5_cname; content:\"user\"; bsize:4;", true},
                    Case{"Service", "krb5.sname; content:\"TEST\"; bsize:4;", true},
                    Case{"Offered", "krb5.encryption:rc4-hmac;", true},
                    Case{"OneOfAList", "krb5.encryption:des-cbc-md5,RC4-HMAC,24;", true},
                    Case{"NoneOfAList", "krb5.encryption:des-cbc-md5 rc4-hmac-exp;", false},
                    Case{"WeakOffered", "krb5.encryption:weak;", true},
                    Case{"StrongOffered", "krb5.encryption:!weak;", true},
                    Case{"AnswerTicket", "krb5.ticket_encryption:aes256-cts-hmac-sha1-96;", true},
                    Case{"AnswerTicketNot", "krb5.ticket_encryption:!18;", false},
                    Case{"AnswerTicketNotOneOf", "krb5.ticket_encryption:!17,19;", true},
                    Case{"AnswerTicketWeak", "krb5.ticket_encryption:weak;", false},
                    Case{"AnswerNegative", "krb5.encryption:-128;", true},
                    Case{"AnswerUnknownIsWeak", "krb5.encryption:weak;", true},
                    Case{"NoTicket", "krb5.ticket_encryption:!weak;", false}),
    by_name);

class Krb5Faults : public testing::TestWithParam<Case> {};
TEST_P(Krb5Faults, AreRefused) { EXPECT_FALSE(Datagram(GetParam().options).loads()); }

INSTANTIATE_TEST_SUITE_P(Krb5, Krb5Faults,
                         testing::Values(Case{"Unknown", "krb5.ticket_encryption:rot13;"},
                                         Case{"Nothing", "krb5.ticket_encryption:!;"},
                                         Case{"TooLarge", "krb5.encryption:4294967296;"},
                                         Case{"NoValue", "krb5.encryption;"}),
                         by_name);

}  // namespace
}  // namespace bansoko::keyword
