// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_test_case.h"

namespace bansoko::proto::ldap {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string element(int tag, const std::string& content) {
  const std::size_t size = content.size();
  std::string length(1, static_cast<char>(size));
  if (size >= 128) length = "\x82"s + static_cast<char>(size >> 8) + static_cast<char>(size & 0xff);
  return static_cast<char>(tag) + length + content;
}
std::string number(int value) { return element(2, std::string(1, static_cast<char>(value))); }
std::string enumerated(int value) { return element(10, std::string(1, static_cast<char>(value))); }
std::string octets(const std::string& text) { return element(4, text); }
std::string sequence(const std::string& content) { return element(0x30, content); }
std::string set(const std::string& content) { return element(0x31, content); }
const std::string kFalse = "\1\1\0"s;

std::string message(int id, int tag, const std::string& content, const std::string& controls = "") {
  return sequence(number(id) + element(tag, content) + controls);
}
std::string bind(int id, const std::string& proof) {
  return message(id, 0x60, number(3) + octets("cn=admin") + proof);
}
std::string search(int id, const std::string& filter, const std::string& attributes = "") {
  return message(id, 0x63,
                 octets("dc=test") + enumerated(2) + enumerated(0) + number(10) + number(30) + kFalse +
                     filter + sequence(attributes));
}
std::string result(int code, const std::string& text = "", const std::string& more = "") {
  return enumerated(code) + octets("") + octets(text) + more;
}
std::string attribute(const std::string& type, const std::string& value) {
  return sequence(octets(type) + set(octets(value)));
}

const std::string kPresent = element(0x87, "objectClass");
std::string equal(const std::string& type, const std::string& value) {
  return element(0xa3, octets(type) + octets(value));
}
std::string nested(int depth) {
  std::string filter = kPresent;
  for (int i = 1; i < depth; ++i) filter = element(0xa2, filter);
  return filter;
}

const std::string kSaslBind = bind(1, element(0xa3, octets("GSSAPI") + octets("token")));
const std::string kStartTls = message(1, 0x77, element(0x80, "1.3.6.1.4.1.1466.20037"));
const std::vector<std::string> kMarks{"!", "ldap.request.operation", "ldap.responses.operation"};

class Ldap : public testing::TestWithParam<MessageCase> {};
TEST_P(Ldap, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Requests, Ldap,
    testing::Values(
        MessageCase{"SimpleBind",
                    {client(bind(1, element(0x80, "secret")))},
                    {"client ldap.request.dn cn=admin", "client ldap.request.credentials secret",
                     "client ldap.request.operation 0", "client ldap.request.message_id 1",
                     "client ldap.request.version 3", "client ldap.request.authentication 0"}},
        MessageCase{
            "SaslBind",
            {client(kSaslBind)},
            {"client ldap.request.sasl_mechanism GSSAPI", "client ldap.request.credentials token",
             "client ldap.request.authentication 3"},
            {"!", "ldap.request.sasl_mechanism", "ldap.request.credentials", "ldap.request.authentication"}},
        MessageCase{"Search",
                    {client(search(2, kPresent, octets("cn") + octets("mail")))},
                    {"client ldap.request.dn dc=test", "client ldap.request.attribute_type cn",
                     "client ldap.request.attribute_type mail", "client ldap.request.filter (objectClass=*)",
                     "client ldap.request.operation 3", "client ldap.request.message_id 2",
                     "client ldap.request.scope 2", "client ldap.request.deref_aliases 0",
                     "client ldap.request.size_limit 10", "client ldap.request.time_limit 30",
                     "client ldap.request.filter_depth 1"}},
        MessageCase{
            "Modify",
            {client(message(3, 0x66,
                            octets("cn=a") + sequence(sequence(enumerated(2) + attribute("mail", "x")) +
                                                      sequence(enumerated(0) + attribute("sn", "y")))))},
            {"client ldap.request.dn cn=a", "client ldap.request.attribute_type mail",
             "client ldap.request.attribute_type sn", "client ldap.request.attribute_value x",
             "client ldap.request.attribute_value y", "client ldap.request.operation 6",
             "client ldap.request.message_id 3"}},
        MessageCase{"Add",
                    {client(message(3, 0x68, octets("cn=a") + sequence(attribute("cn", "a"))))},
                    {"client ldap.request.dn cn=a", "client ldap.request.attribute_type cn",
                     "client ldap.request.attribute_value a", "client ldap.request.operation 8",
                     "client ldap.request.message_id 3"}},
        MessageCase{"Delete",
                    {client(message(3, 0x4a, "cn=a"))},
                    {"client ldap.request.dn cn=a", "client ldap.request.operation 10",
                     "client ldap.request.message_id 3"}},
        MessageCase{
            "Rename",
            {client(message(3, 0x6c, octets("cn=a") + octets("cn=b") + kFalse + element(0x80, "ou=c")))},
            {"client ldap.request.dn cn=a", "client ldap.request.new_rdn cn=b",
             "client ldap.request.value ou=c", "client ldap.request.operation 12",
             "client ldap.request.message_id 3"}},
        MessageCase{"Compare",
                    {client(message(3, 0x6e, octets("cn=a") + sequence(octets("sn") + octets("x"))))},
                    {"client ldap.request.dn cn=a", "client ldap.request.attribute_type sn",
                     "client ldap.request.attribute_value x", "client ldap.request.operation 14",
                     "client ldap.request.message_id 3"}},
        MessageCase{"AbandonAndUnbind",
                    {client(message(4, 0x50, "\3") + message(5, 0x42, ""))},
                    {"client ldap.request.operation 16", "client ldap.request.operation 2"},
                    kMarks},
        MessageCase{"Extended",
                    {client(message(3, 0x77, element(0x80, "1.2.3") + element(0x81, "data")))},
                    {"client ldap.request.name 1.2.3", "client ldap.request.value data",
                     "client ldap.request.operation 23", "client ldap.request.message_id 3"}},
        MessageCase{"Control",
                    {client(message(3, 0x4a, "cn=a",
                                    element(0xa0, sequence(octets("1.2.840.113556.1.4.805") + kFalse))))},
                    {"client ldap.request.control 1.2.840.113556.1.4.805"},
                    {"!", "ldap.request.control"}},
        MessageCase{"LongFormOfLengths",
                    {client("\x30\x84\0\0\0\x0d\2\1\1\x60\x84\0\0\0\4\2\1\3\x05"s)},
                    {"client ! ldap.malformed_data", "client ldap.request.version 3"},
                    {"!", "ldap.request.version"}},
        MessageCase{"FromTheServersSide",
                    {server(search(2, kPresent))},
                    {"server ldap.request.operation 3"},
                    kMarks}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Filters, Ldap,
    testing::Values(
        MessageCase{"And",
                    {client(search(1, element(0xa0, equal("cn", "a") + element(0xa1, kPresent) +
                                                        element(0xa2, kPresent))))},
                    {"client ldap.request.filter (&(cn=a)(|(objectClass=*))(!(objectClass=*)))",
                     "client ldap.request.filter_depth 3"},
                    {"!", "ldap.request.filter", "ldap.request.filter_depth"}},
        MessageCase{"Escaped",
                    {client(search(1, equal("cn", "a*(b)\\\0"s)))},
                    {"client ldap.request.filter (cn=a\\2a\\28b\\29\\5c\\00)"},
                    {"!", "ldap.request.filter"}},
        MessageCase{
            "Substrings",
            {client(search(1, element(0xa4, octets("cn") + sequence(element(0x80, "a") + element(0x81, "b") +
                                                                    element(0x82, "c")))))},
            {"client ldap.request.filter (cn=a*b*c)"},
            {"!", "ldap.request.filter"}},
        MessageCase{"SubstringWithin",
                    {client(search(1, element(0xa4, octets("cn") + sequence(element(0x81, "b")))))},
                    {"client ldap.request.filter (cn=*b*)"},
                    {"!", "ldap.request.filter"}},
        MessageCase{"Comparisons",
                    {client(search(1, element(0xa0, element(0xa5, octets("a") + octets("1")) +
                                                        element(0xa6, octets("b") + octets("2")) +
                                                        element(0xa8, octets("c") + octets("3")))))},
                    {"client ldap.request.filter (&(a>=1)(b<=2)(c~=3))"},
                    {"!", "ldap.request.filter"}},
        MessageCase{"Extensible",
                    {client(search(1, element(0xa9, element(0x81, "1.2.3") + element(0x82, "cn") +
                                                        element(0x83, "x") + element(0x84, "\xff"))))},
                    {"client ldap.request.filter (cn:dn:1.2.3:=x)"},
                    {"!", "ldap.request.filter"}},
        MessageCase{"Unknown",
                    {client(search(1, element(0xaf, "")))},
                    {"client ! ldap.malformed_data", "client ldap.request.filter ()"},
                    {"!", "ldap.request.filter"}},
        MessageCase{
            "AsDeepAsLookedAt",
            {client(search(1, nested(4)))},
            {"client ldap.request.filter (!(!(!(objectClass=*))))", "client ldap.request.filter_depth 4"},
            {"!", "ldap.request.filter", "ldap.request.filter_depth"},
            kOverTcp,
            {4096, 16, 256, 4}},
        MessageCase{"Deeper",
                    {client(search(1, nested(9)))},
                    {"client ! ldap.filter_depth", "client ldap.request.filter (!(!(!(!))))",
                     "client ldap.request.filter_depth 5"},
                    {"!", "ldap.request.filter", "ldap.request.filter_depth"},
                    kOverTcp,
                    {4096, 16, 256, 4}},
        MessageCase{"Longer",
                    {client(search(1, equal("cn", std::string(300, 'a'))))},
                    {"client ! ldap.filter_limit", "client ldap.request.filter (cn=" + std::string(252, 'a')},
                    {"!", "ldap.request.filter"},
                    kOverTcp,
                    {4096, 16, 256, 4}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Responses, Ldap,
    testing::Values(
        MessageCase{
            "JavaReference",
            {client(search(2, kPresent)),
             server(message(2, 0x64,
                            octets("a") + sequence(attribute("javaCodeBase", "http://x/") +
                                                   attribute("objectClass", "javaNamingReference"))) +
                    message(2, 0x65, result(0)))},
            {"server ldap.responses.dn a", "server ldap.responses.attribute_type javaCodeBase",
             "server ldap.responses.attribute_type objectClass",
             "server ldap.responses.attribute_value http://x/",
             "server ldap.responses.attribute_value javaNamingReference", "server ldap.responses.operation 4",
             "server ldap.responses.message_id 2", "server ldap.responses.count 1",
             "server ldap.responses.dn ", "server ldap.responses.message ",
             "server ldap.responses.operation 5", "server ldap.responses.message_id 2",
             "server ldap.responses.result_code 0", "server ldap.responses.count 2"},
            {"!", "ldap.responses.dn", "ldap.responses.attribute_type", "ldap.responses.attribute_value",
             "ldap.responses.message", "ldap.responses.operation", "ldap.responses.message_id",
             "ldap.responses.result_code", "ldap.responses.count"}},
        MessageCase{"Referral",
                    {client(search(2, kPresent)),
                     server(message(2, 0x65,
                                    result(10, "elsewhere",
                                           element(0xa3, octets("ldap://a") + octets("ldap://b")))))},
                    {"server ldap.responses.message elsewhere", "server ldap.responses.referral ldap://a",
                     "server ldap.responses.referral ldap://b", "server ldap.responses.result_code 10"},
                    {"!", "ldap.responses.message", "ldap.responses.referral", "ldap.responses.result_code"}},
        MessageCase{"Reference",
                    {client(search(2, kPresent)), server(message(2, 0x73, octets("ldap://a")))},
                    {"server ldap.responses.referral ldap://a"},
                    {"!", "ldap.responses.referral"}},
        MessageCase{
            "Notice",
            {server(message(0, 0x78, result(52, "going", element(0x8a, "1.3.6.1.4.1.1466.20036"))))},
            {"server ldap.responses.message going", "server ldap.responses.name 1.3.6.1.4.1.1466.20036",
             "server ldap.responses.operation 24", "server ldap.responses.result_code 52"},
            {"!", "ldap.responses.message", "ldap.responses.name", "ldap.responses.operation",
             "ldap.responses.result_code"}},
        MessageCase{"Intermediate",
                    {client(search(2, kPresent)), server(message(2, 0x79, element(0x81, "cookie")))},
                    {"server ldap.responses.value cookie"},
                    {"!", "ldap.responses.value"}},
        MessageCase{"Unmatched",
                    {server(message(9, 0x65, result(0)))},
                    {"server ! ldap.unmatched_response", "server ldap.responses.operation 5"},
                    kMarks},
        MessageCase{
            "Abandoned",
            {client(search(2, kPresent) + message(3, 0x50, "\2")), server(message(2, 0x65, result(0)))},
            {"client ldap.request.operation 3", "client ldap.request.operation 16",
             "server ! ldap.unmatched_response", "server ldap.responses.operation 5"},
            kMarks},
        MessageCase{"MoreOpenThanRemembered",
                    {client(search(1, kPresent) + search(2, kPresent)), server(message(1, 0x65, result(0)))},
                    {"client ! ldap.request_limit", "server ! ldap.unmatched_response"},
                    {"!"},
                    kOverTcp,
                    {4096, 16, 256, 4, 1}},
        MessageCase{"OverUdp",
                    {{Side::client, search(1, kPresent)},
                     {Side::server, message(1, 0x64, octets("") + sequence(attribute("netlogon", "x"))) +
                                        message(1, 0x65, result(0))}},
                    {"client ldap.request.operation 3", "server ldap.responses.operation 4",
                     "server ldap.responses.operation 5"},
                    kMarks,
                    kOverUdp},
        MessageCase{"NoMessageOverUdp",
                    {client("hello"), client(search(1, kPresent))},
                    {"client ! ldap.unknown_header", "client ldap.request.operation 3"},
                    kMarks,
                    kOverUdp},
        MessageCase{"CutOverUdp",
                    {client(search(1, kPresent).substr(0, 20))},
                    {"client ! ldap.malformed_data"},
                    kMarks,
                    kOverUdp}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Streams, Ldap,
    testing::Values(
        MessageCase{"StartTls",
                    {client(kStartTls), server(message(1, 0x78, result(0))), client("\x16\3\1")},
                    {"client ldap.request.operation 23", "server ldap.responses.operation 24",
                     "server ! ldap.starttls", "then tls"},
                    kMarks},
        MessageCase{"StartTlsRefused",
                    {client(kStartTls), server(message(1, 0x78, result(2))), client(search(2, kPresent))},
                    {"client ldap.request.operation 23", "server ldap.responses.operation 24",
                     "client ldap.request.operation 3"},
                    kMarks},
        MessageCase{"TlsBeforeItIsGranted",
                    {client(kStartTls), client("\x16\3\1")},
                    {"client ldap.request.operation 23", "client ! ldap.starttls", "then tls"},
                    kMarks},
        MessageCase{"SaslLayer",
                    {client(kSaslBind), server(message(1, 0x61, result(0))), client("\0\0\0\x10\5\4"s)},
                    {"client ldap.request.operation 0", "server ldap.responses.operation 1",
                     "client ! ldap.sasl_layer"},
                    kMarks},
        MessageCase{"SaslWithoutLayer",
                    {client(kSaslBind), server(message(1, 0x61, result(0))), client(search(2, kPresent))},
                    {"client ldap.request.operation 0", "server ldap.responses.operation 1",
                     "client ldap.request.operation 3"},
                    kMarks},
        MessageCase{"SaslRefused",
                    {client(kSaslBind), server(message(1, 0x61, result(49))), client("\0\0\0\x10\5\4"s)},
                    {"client ldap.request.operation 0", "server ldap.responses.operation 1",
                     "client ! ldap.unknown_header"},
                    kMarks},
        MessageCase{"NoMessage", {client("GET / HTTP/1.1")}, {"client ! ldap.unknown_header"}},
        MessageCase{"EndIsMarked", {client("\x30\x80\2\1\1\x42\0\0\0"s)}, {"client ! ldap.unknown_header"}},
        MessageCase{"NoNumber",
                    {client(sequence(octets("x")) + message(2, 0x42, ""))},
                    {"client ! ldap.malformed_data", "client ldap.request.operation 2"},
                    kMarks},
        MessageCase{
            "UnknownOperation", {client(message(1, 0x5f, ""))}, {"client ! ldap.malformed_data"}, kMarks},
        MessageCase{"ValueBeyondItsAttribute",
                    {client(message(3, 0x68, octets("cn=a") + sequence("\x30\5\4\1x\x31\x7f"s)))},
                    {"client ! ldap.malformed_data", "client ldap.request.dn cn=a",
                     "client ldap.request.attribute_type x"},
                    {"!", "ldap.request.dn", "ldap.request.attribute_type"}},
        MessageCase{"MoreValuesThanLookedAt",
                    {client(search(1, kPresent, octets("a") + octets("b") + octets("c")))},
                    {"client ! ldap.value_limit", "client ldap.request.attribute_type a",
                     "client ldap.request.attribute_type b"},
                    {"!", "ldap.request.attribute_type"},
                    kOverTcp,
                    {4096, 2}},
        MessageCase{
            "LongerThanLookedAt",
            {client(message(3, 0x68, octets("cn=a") + sequence(attribute("cn", std::string(2000, 'a')))) +
                    message(4, 0x42, ""))},
            {"client ! ldap.message_limit", "client ldap.request.dn cn=a",
             "client ldap.request.attribute_type cn",
             "client ldap.request.attribute_value " + std::string(987, 'a'),
             "client ldap.request.operation 8", "client ldap.request.operation 2"},
            {"!", "ldap.request.dn", "ldap.request.attribute_type", "ldap.request.attribute_value",
             "ldap.request.operation"},
            kOverTcp,
            {1024, 16}},
        MessageCase{"AfterALoss",
                    {client(search(1, kPresent).substr(0, 10)),
                     {Side::client, search(1, kPresent).substr(15) + message(2, 0x42, ""), 5}},
                    {"client ! ldap.gap", "client ldap.request.operation 2"},
                    kMarks}),
    by_name);

TEST(LdapParser, AllocatesNothing) {
  expect_no_allocation(
      describe(), {client(kSaslBind + search(2, nested(20))), server(message(2, 0x65, result(0)))}, kOverTcp);
}

class LdapProbe : public testing::TestWithParam<FirstBytes> {};
TEST_P(LdapProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Ldap, LdapProbe,
    testing::Values(FirstBytes{"Bind", bind(1, element(0x80, "")), Guess::yes},
                    FirstBytes{"Search", search(1, kPresent), Guess::yes},
                    FirstBytes{"Answer", message(1, 0x61, result(0)), Guess::yes},
                    FirstBytes{"LargeAnswer",
                               message(1, 0x61, result(0, std::string(500, 'x'))).substr(0, 60), Guess::yes},
                    FirstBytes{"Unbind", message(1, 0x42, ""), Guess::yes},
                    FirstBytes{"OtherTag", message(1, 0x5f, ""), Guess::no},
                    FirstBytes{"OperationBeyondTheEnd", "\x30\x08\2\1\1\x60\x20\2\1\3"s, Guess::no},
                    FirstBytes{"Begun", "\x30\x20\2\1\1"s, Guess::maybe},
                    FirstBytes{"Empty", "", Guess::maybe},
                    FirstBytes{"OverUdp", search(1, kPresent), Guess::yes, 40000, kOverUdp},
                    FirstBytes{"CutOverUdp", search(1, kPresent).substr(0, 4), Guess::no, 40000, kOverUdp},
                    FirstBytes{"StrayOnItsPort", "stray", Guess::maybe, 389, kOverUdp},
                    FirstBytes{"OnThePortOfDns", search(1, kPresent), Guess::no, 53, kOverUdp}),
    by_name);

TEST(LdapProbe, ClaimsNoOther) { expect_claims_no_other(describe(), "Ldap"); }

}  // namespace
}  // namespace bansoko::proto::ldap
