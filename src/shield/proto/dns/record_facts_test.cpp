// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dns/test_message.h"
#include "shield/proto/message_recorder.h"
#include "tests/cases.h"

namespace bansoko::proto::dns {
const Protocol& describe();

namespace {
using namespace std::string_literals;
using wire::kFirstName;
using wire::name;
using wire::pointer;
using wire::request;
using wire::response;
using wire::TestMessage;
using wire::u16;

struct Case {
  std::string name;
  std::string message;
  std::string about;
  std::vector<std::string> want;
};

class RecordFacts : public testing::TestWithParam<Case> {};

TEST_P(RecordFacts, Tells) {
  const Case& row = GetParam();
  const LoneParser parser(describe(), {});
  MessageRecorder seen(describe());
  feed(*parser, {client(row.message)}, kOverUdp, seen, SIZE_MAX);
  EXPECT_EQ(seen.of(row.about), row.want);
}

std::string of_class(const std::string& owner, unsigned type, unsigned record_class, const std::string& data) {
  return owner + u16(type) + u16(record_class) + u16(0) + u16(60) + u16(static_cast<unsigned>(data.size())) +
         data;
}

std::string tsig(const std::string& algorithm, unsigned error, const std::string& mac = {}) {
  return algorithm + std::string(8, '\0') + u16(static_cast<unsigned>(mac.size())) + mac + u16(1) + u16(error) +
         u16(0);
}
std::string signature(const std::string& signer, std::size_t size, unsigned covers = 1) {
  return u16(covers) + std::string(16, 's') + signer + std::string(size, 'x');
}

std::string answered(unsigned type, unsigned record_class, const std::string& data = "1234") {
  TestMessage message = response("a.test");
  message.answers = 1;
  return message.raw(of_class(pointer(kFirstName), type, record_class, data)).bytes();
}
std::string signed_with(const std::string& key, const std::string& data) {
  return request("a.test").additional(key, 250, data).bytes();
}
std::string tkey_with(const std::string& owner, unsigned type) {
  return request("Key.test", 1, 249).additional(owner, type, "data").bytes();
}

const std::string kLong = name(std::string(63, 'k') + "." + std::string(63, 'l'));

INSTANTIATE_TEST_SUITE_P(
    Classes, RecordFacts,
    testing::Values(
        Case{"Request", request("a").bytes(), "dns.flags.response", {"0"}},
        Case{"Answer", response("a").bytes(), "dns.flags.response", {"1"}},
        Case{"NothingToCompare", request("a").bytes(), "dns.class_mismatch", {}},
        Case{"Same", answered(1, 1), "dns.class_mismatch", {"0"}},
        Case{"Other", answered(1, 3), "dns.class_mismatch", {"1"}},
        Case{"KeyOfOther", answered(25, 3), "dns.class_mismatch", {"1"}},
        Case{"Options", answered(41, 4096), "dns.class_mismatch", {}},
        Case{"TransactionSignature", answered(250, 255), "dns.class_mismatch", {}},
        Case{"SignatureOfNothing", answered(24, 255, signature("\0"s, 8, 0)), "dns.class_mismatch", {}},
        Case{"SignatureOfOther", answered(24, 255, signature("\0"s, 8)), "dns.class_mismatch", {"1"}},
        Case{"KeyForTkey",
             request("k", 1, 249)
                 .raw(of_class(name("k"), 249, 255, "x") + of_class(name("k"), 25, 255, "x"))
                 .bytes(),
             "dns.class_mismatch",
             {}},
        Case{"NoQuestion",
             TestMessage{.flags = 0x8180,
                         .answers = 2,
                         .body = of_class(name("a"), 1, 1, "1234") + of_class(name("a"), 1, 4, "1234")}
                 .bytes(),
             "dns.class_mismatch",
             {"1"}},
        Case{"Update",
             TestMessage{.flags = 0x2800,
                         .questions = 1,
                         .authorities = 1,
                         .body = wire::question(name("a"), 6) + of_class(name("b.a"), 1, 255, "")}
                 .bytes(),
             "dns.class_mismatch",
             {}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Signatures, RecordFacts,
    testing::Values(
        Case{"NoError", signed_with(name("key"), tsig(name("hmac-sha256"), 0, "mac")), "dns.tsig_error", {"0"}},
        Case{"BadSignature", signed_with(name("key"), tsig(name("hmac-sha256"), 16)), "dns.tsig_error", {"16"}},
        Case{"MacCut", signed_with(name("key"), name("h") + std::string(8, 0) + u16(9)), "dns.tsig_error", {}},
        Case{"Names", signed_with(name("key"), tsig(name("hmac-sha256"), 0)), "dns.tsig_names_size", {"18"}},
        Case{"NameCompressed",
             signed_with(kLong, tsig(pointer(kFirstName + 8 + 4), 0)),
             "dns.tsig_names_size",
             {"258"}},
        Case{"NameBroken", signed_with(name("key"), "\77short"), "dns.tsig_names_size", {}},
        Case{"SizeAsItStands",
             response("a.test").answer(pointer(kFirstName), 46, signature(name("a"), 64)).bytes(),
             "dns.signature_size",
             {"85"}},
        Case{"SizeUncompressed",
             response("a.test").answer(pointer(kFirstName), 24, signature(pointer(kFirstName), 64)).bytes(),
             "dns.signature_size",
             {"90"}},
        Case{"LongestOfTwo",
             response("a.test")
                 .answer(pointer(kFirstName), 46, signature(name(""), 100))
                 .answer(pointer(kFirstName), 46, signature(name(""), 10))
                 .bytes(),
             "dns.signature_size",
             {"119"}},
        Case{"TooShort", response("a.test").answer(pointer(kFirstName), 24, "short").bytes(), "dns.signature_size", {}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Keys, RecordFacts,
    testing::Values(Case{"AnotherRecord", tkey_with(name("key.TEST"), 16), "dns.tkey_missing", {"1"}},
                    Case{"AnotherByPointer", tkey_with(pointer(kFirstName), 1), "dns.tkey_missing", {"1"}},
                    Case{"Tkey", tkey_with(name("key.test"), 249), "dns.tkey_missing", {"0"}},
                    Case{"AnotherName", tkey_with(name("other.test"), 16), "dns.tkey_missing", {"0"}},
                    Case{"Signed", tkey_with(name("key.test"), 250), "dns.tkey_missing", {"0"}},
                    Case{"Alone", request("key.test", 1, 249).bytes(), "dns.tkey_missing", {"0"}},
                    Case{"AskedForAnother",
                         request("key.test").additional(name("key.test"), 16, "x").bytes(),
                         "dns.tkey_missing",
                         {}},
                    Case{"Answer",
                         TestMessage{.flags = 0x8180}
                             .ask(name("key.test"), 249)
                             .additional(name("key.test"), 16, "x")
                             .bytes(),
                         "dns.tkey_missing",
                         {}}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::dns
