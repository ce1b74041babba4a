// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/krb5/test_message.h"
#include "shield/proto/message_test_case.h"

namespace bansoko::proto::krb5 {
const Protocol& describe();

namespace {
using namespace std::string_literals;
using namespace wire;

const std::string kAsRequest =
    request(10, padata(128, sequence(field(0, "\1\1\0"s))), body(number(18) + number(23)));
const std::string kTgsRequest =
    request(12,
            padata(1, message(14, field(0, number(5)) + field(1, number(14)) + field(3, ticket(18)) +
                                      field(4, encrypted(18)))),
            sequence(field(2, text("TEST")) + field(3, principal(2, {"cifs", "host"})) +
                     field(8, sequence(number(23))) + field(10, encrypted(23))));

const std::vector<std::string> kMarks{"!", "krb5.msg_type"};

class Krb5 : public testing::TestWithParam<MessageCase> {};
TEST_P(Krb5, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Messages, Krb5,
    testing::Values(MessageCase{"AsRequest",
                                {client(framed(kAsRequest))},
                                {"client krb5.cname user", "client krb5.sname krbtgt",
                                 "client krb5.sname TEST", "client krb5.realm TEST",
                                 "client krb5.msg_type 10", "client krb5.kdc_options 1082195984",
                                 "client krb5.cname_type 1", "client krb5.sname_type 2",
                                 "client krb5.encryption 18", "client krb5.encryption 23",
                                 "client krb5.padata_type 128", "client krb5.include_pac 0"}},
                    MessageCase{"TgsRequest",
                                {client(framed(kTgsRequest))},
                                {"client krb5.sname cifs", "client krb5.sname host", "client krb5.realm TEST",
                                 "client krb5.msg_type 12", "client krb5.sname_type 2",
                                 "client krb5.encryption 23", "client krb5.ticket_encryption 18",
                                 "client krb5.authorization_encryption 23", "client krb5.padata_type 1"}},
                    MessageCase{"Answer",
                                {client(framed(kAsRequest)), server(framed(answer(11, 18, 17)))},
                                {"server krb5.crealm TEST", "server krb5.ticket_encryption 18"},
                                {"!", "krb5.crealm", "krb5.ticket_encryption"}},
                    MessageCase{"WeakAnswer",
                                {client(framed(kAsRequest)), server(framed(answer(11, 23, 23)))},
                                {"server ! krb5.weak_encryption", "server krb5.ticket_encryption 23"},
                                {"!", "krb5.ticket_encryption"}},
                    MessageCase{"Error",
                                {client(framed(kAsRequest)), server(framed(error(25)))},
                                {"server krb5.error_text no", "server krb5.err_code 25"},
                                {"!", "krb5.error_text", "krb5.err_code"}},
                    MessageCase{"NegativeType",
                                {client(framed(request(10, "", body(number(-128)))))},
                                {"client krb5.encryption 4294967168"},
                                {"!", "krb5.encryption"}},
                    MessageCase{"OverUdp",
                                {client(kAsRequest), server(error(25))},
                                {"client krb5.msg_type 10", "server krb5.msg_type 30"},
                                kMarks,
                                kOverUdp},
                    MessageCase{"TwoInOneConnection",
                                {client(framed(kAsRequest) + framed(kTgsRequest)),
                                 server(framed(answer(11, 18, 18)) + framed(answer(13, 18, 18)))},
                                {"client krb5.msg_type 10", "client krb5.msg_type 12",
                                 "server krb5.msg_type 11", "server krb5.msg_type 13"},
                                kMarks}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Krb5,
    testing::Values(
        MessageCase{"NoMessageOverUdp",
                    {client("hello"), client(kAsRequest)},
                    {"client ! krb5.malformed_data", "client krb5.msg_type 10"},
                    kMarks,
                    kOverUdp},
        MessageCase{"NoMessage",
                    {client(framed("hello") + framed(kAsRequest))},
                    {"client ! krb5.malformed_data", "client krb5.msg_type 10"},
                    kMarks},
        MessageCase{"SizeOfNothing",
                    {client("\0\0\0\0"s + framed(kAsRequest))},
                    {"client ! krb5.malformed_data", "client krb5.msg_type 10"},
                    kMarks},
        MessageCase{"HighestBit", {client("\x80\0\0\1x"s)}, {"client ! krb5.malformed_data"}},
        MessageCase{"FieldWithoutTag",
                    {client(framed(message(10, field(1, number(5)) + number(10))))},
                    {"client ! krb5.malformed_data", "client krb5.msg_type 10"},
                    kMarks},
        MessageCase{"NameIsNumber",
                    {client(framed(request(10, "", sequence(field(1, number(1)) + field(2, text("TEST"))))))},
                    {"client ! krb5.malformed_data", "client krb5.realm TEST"},
                    {"!", "krb5.realm", "krb5.cname"}},
        MessageCase{"CutOverUdp",
                    {client(kAsRequest.substr(0, 40))},
                    {"client ! krb5.malformed_data"},
                    kMarks,
                    kOverUdp},
        MessageCase{"Unmatched",
                    {server(framed(error(25)))},
                    {"server ! krb5.unmatched_response", "server krb5.msg_type 30"},
                    kMarks},
        MessageCase{"MorePartsThanLookedAt",
                    {client(framed(request(10, "", sequence(field(1, principal(1, {"a", "b", "c"}))))))},
                    {"client ! krb5.value_limit", "client krb5.cname a", "client krb5.cname b"},
                    {"!", "krb5.cname"},
                    kOverTcp,
                    {4096, 2}},
        MessageCase{
            "LongerThanLookedAt",
            {client(framed(request(10, "", body(number(18), field(11, octets(std::string(2000, 'x')))))) +
                    framed(kAsRequest))},
            {"client ! krb5.message_limit", "client krb5.cname user", "client krb5.cname user"},
            {"!", "krb5.cname"},
            kOverTcp,
            {1024, 8}},
        MessageCase{"AfterALoss",
                    {client(framed(kAsRequest).substr(0, 20)),
                     {Side::client, framed(kAsRequest).substr(30) + framed(kTgsRequest), 10}},
                    {"client ! krb5.gap", "client krb5.msg_type 12"},
                    kMarks}),
    by_name);

TEST(Krb5Parser, AllocatesNothing) {
  expect_no_allocation(describe(), {client(framed(kTgsRequest)), server(framed(answer(13, 18, 18)))},
                       kOverTcp);
}

class Krb5Probe : public testing::TestWithParam<FirstBytes> {};
TEST_P(Krb5Probe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Krb5, Krb5Probe,
    testing::Values(FirstBytes{"Request", framed(kAsRequest), Guess::yes},
                    FirstBytes{"Answer", framed(answer(13, 18, 18)), Guess::yes},
                    FirstBytes{"Error", framed(error(25)), Guess::yes},
                    FirstBytes{"OtherVersion", framed(message(10, field(1, number(4)))), Guess::no},
                    FirstBytes{"ApRequest", framed(message(14, field(0, number(5)))), Guess::no},
                    FirstBytes{"TooLong", "\0\x20\0\0\x6a\x20\x30\x10"s, Guess::no},
                    FirstBytes{"Empty", "", Guess::maybe},
                    FirstBytes{"OverUdp", kAsRequest, Guess::yes, 40000, kOverUdp},
                    FirstBytes{"CutOverUdp", kAsRequest.substr(0, 4), Guess::no, 40000, kOverUdp},
                    FirstBytes{"StrayOnItsPort", "stray", Guess::maybe, 88, kOverUdp},
                    FirstBytes{"OnThePortOfDns", kAsRequest, Guess::no, 53, kOverUdp}),
    by_name);

TEST(Krb5Probe, ClaimsNoOther) { expect_claims_no_other(describe(), "Kerberos"); }

}  // namespace
}  // namespace bansoko::proto::krb5
