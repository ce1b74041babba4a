// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/signature.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/test_recorder.h"
#include "shield/proto/tls/test_wire.h"
#include "tests/cases.h"

namespace bansoko::proto::tls {
const Protocol& describe();

namespace {

using namespace wire;

const std::string kEllipticId = der(0x06, "\x2a\x86\x48\xce\x3d\x02\x01");
const std::string kP256Id = der(0x06, "\x2a\x86\x48\xce\x3d\x03\x01\x07");
const std::string kP384Id = der(0x06, "\x2b\x81\x04\0\x22"s);
const std::string kP521Id = der(0x06, "\x2b\x81\x04\0\x23"s);
const std::string kOtherCurveId = der(0x06, "\x2b\x81\x04\0\x0a"s);
const std::string kRsaId = der(0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");

std::string point(std::size_t size) { return der(0x03, "\0\4"s + std::string(2 * size, 'x')); }
std::string key_info(const std::string& algorithm, const std::string& bits) {
  return sequence(algorithm) + bits;
}
std::string p256() { return key_info(kEllipticId + kP256Id, point(32)); }

/// The content of a SubjectPublicKeyInfo, and what is read of it.
struct Key {
  std::string name;
  std::string info;
  bool is_elliptic;
  std::uint32_t number_size;
};

class ReadPublicKey : public testing::TestWithParam<Key> {};

TEST_P(ReadPublicKey, Tells) {
  const PublicKey key = read_public_key(as_bytes(GetParam().info));
  EXPECT_EQ(key.is_elliptic, GetParam().is_elliptic);
  EXPECT_EQ(key.number_size, GetParam().number_size);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, ReadPublicKey,
    testing::Values(Key{"P256", p256(), true, 32},
                    Key{"P384", key_info(kEllipticId + kP384Id, point(48)), true, 48},
                    Key{"P521", key_info(kEllipticId + kP521Id, point(66)), true, 66},
                    Key{"NamedCurveBeforeItsPoint", key_info(kEllipticId + kP256Id, point(100)), true, 32},
                    Key{"OtherCurve", key_info(kEllipticId + kOtherCurveId, point(28)), true, 28},
                    Key{"Compressed",
                        key_info(kEllipticId + kOtherCurveId, der(3, "\0\2"s + std::string(28, 'x'))), true,
                        28},
                    Key{"NoPoint", key_info(kEllipticId + kOtherCurveId, der(3, "")), true, 0},
                    Key{"UnusedBits", key_info(kEllipticId + kOtherCurveId, der(3, "\1\4xxxx")), true, 0},
                    Key{"OwnCurve", key_info(kEllipticId + sequence("x"), point(32)), true, 32},
                    Key{"Rsa", key_info(kRsaId + der(5, ""), der(3, "\0x"s)), false, 0},
                    Key{"Nothing", "", false, 0}, Key{"NoAlgorithm", der(4, "x"), false, 0}),
    by_name);

std::string number_of(std::size_t size) { return der(0x02, std::string(size, 'n')); }
std::string signature_of(std::size_t first, std::size_t second) {
  return sequence(number_of(first) + number_of(second));
}
constexpr unsigned kEcdsaSha256 = 0x0403, kRsaSha256 = 0x0401;

/// A client's CertificateVerify, and by how much it exceeds the key of its certificate.
struct Verify {
  std::string name;
  std::string body;  // of the message
  std::vector<std::string> want;
  std::vector<std::string> anomalies = {};
  std::string key = p256();
  unsigned version = 0x0303;
};

class SignatureOverrun : public testing::TestWithParam<Verify> {};

TEST_P(SignatureOverrun, IsToldHoweverItIsCut) {
  const Verify& given = GetParam();
  const std::string answer =
      given.version == 0 ? "" : record(kHandshake, ServerHello{.version = given.version}.wire());
  const std::string proof =
      (given.key.empty() ? "" : chain({TestCertificate{.key = sequence(given.key)}.wire()})) +
      message(16, "key") + message(15, given.body);
  const std::vector<Sent> dialogue{client(record(kHandshake, ClientHello{}.wire())), server(answer),
                                   client(record(kHandshake, proof))};
  for (const std::size_t piece : {1U, 2U, 7U, 100000U}) {
    const Recorder got = record_dialogue(describe(), dialogue, piece);
    EXPECT_EQ(got.of("c tls.signature_overrun"), given.want) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, given.anomalies) << "in pieces of " << piece;
  }
}

std::string signed_by(unsigned algorithms, const std::string& signature) {
  return u16(algorithms) + sized(2, signature);
}
std::string ecdsa(const std::string& signature) { return signed_by(kEcdsaSha256, signature); }
const std::string kUnread = "c tls.invalid_certificate_verify";

INSTANTIATE_TEST_SUITE_P(
    Verifies, SignatureOverrun,
    testing::Values(
        Verify{"AsLongAsTheKey", ecdsa(signature_of(32, 32)), {"0"}},
        Verify{"Shorter", ecdsa(signature_of(1, 30)), {"0"}},
        Verify{"AZeroInFront", ecdsa(sequence(der(2, "\0"s + std::string(32, 'n')) + number_of(32))), {"0"}},
        Verify{"TwoZerosInFront",
               ecdsa(sequence(number_of(32) + der(2, "\0\0"s + std::string(32, 'n')))),
               {"1"}},
        Verify{"FirstOneByteLonger", ecdsa(signature_of(33, 32)), {"1"}},
        Verify{"SecondMuchLonger", ecdsa(signature_of(1, 5000)), {"4968"}},
        Verify{"P384", ecdsa(signature_of(48, 49)), {"1"}, {}, key_info(kEllipticId + kP384Id, point(48))},
        Verify{"P521", ecdsa(signature_of(66, 66)), {"0"}, {}, key_info(kEllipticId + kP521Id, point(66))},
        Verify{"SizeOfKeyNotKnown", ecdsa(signature_of(66, 68)), {"2"}, {}, key_info(kEllipticId, "")},
        Verify{"WithoutCertificate", ecdsa(signature_of(66, 68)), {"2"}, {}, ""},
        Verify{
            "RsaKeyAndAlgorithm", signed_by(kRsaSha256, std::string(512, 's')), {}, {}, key_info(kRsaId, "")},
        Verify{"RsaKeyEcdsaAlgorithm", ecdsa(signature_of(67, 66)), {"1"}, {}, key_info(kRsaId, "")},
        Verify{"EcdsaKeyRsaAlgorithm", signed_by(kRsaSha256, signature_of(33, 1)), {"1"}},
        Verify{"Tls11", sized(2, signature_of(32, 34)), {"2"}, {}, p256(), 0x0302},
        Verify{"Tls11Rsa", sized(2, std::string(256, 's')), {}, {}, key_info(kRsaId, ""), 0x0302},
        Verify{"ServerNotSeen", ecdsa(signature_of(32, 34)), {"2"}, {}, p256(), 0},
        Verify{"ServerNotSeenTls11", sized(2, signature_of(32, 34)), {"2"}, {}, p256(), 0},
        Verify{"NoNumbers", ecdsa(std::string(40, 's')), {"8"}, {kUnread}},
        Verify{"NoNumbersAndShort", ecdsa(std::string(32, 's')), {"0"}, {kUnread}},
        Verify{"NumberBeyondTheSignature", ecdsa(sequence(number_of(32)) + "\2\x20"), {"6"}, {kUnread}},
        Verify{"Indefinite", ecdsa("\x30\x80" + number_of(60) + number_of(1) + "\0\0"s), {"37"}, {kUnread}},
        Verify{"StatesMore", u16(kEcdsaSha256) + u16(300) + signature_of(32, 32), {"268"}, {kUnread}},
        Verify{"Empty", ecdsa(""), {"0"}, {kUnread}}, Verify{"CutShort", "\4\3\0"s, {}, {kUnread}}),
    by_name);

struct Order {
  std::string name;
  std::vector<Sent> dialogue;
  std::vector<std::string> want;
  std::vector<std::string> anomalies;
};

class VerifyOrder : public testing::TestWithParam<Order> {};

TEST_P(VerifyOrder, IsJudged) {
  const Recorder got = record_dialogue(describe(), GetParam().dialogue, 1);
  EXPECT_EQ(got.of("c tls.signature_overrun"), GetParam().want);
  EXPECT_EQ(got.anomalies, GetParam().anomalies);
}

Sent says(const std::string& messages) { return client(record(kHandshake, messages)); }

INSTANTIATE_TEST_SUITE_P(
    Orders, VerifyOrder,
    testing::Values(Order{"Twice",
                          {says(ClientHello{}.wire() + message(15, ecdsa(signature_of(70, 1))) +
                                message(15, ecdsa(signature_of(90, 1))))},
                          {"4"},
                          {"c tls.invalid_handshake_message"}},
                    Order{"ByTheServer",
                          {says(ClientHello{}.wire()),
                           server(record(kHandshake,
                                         ServerHello{}.wire() + message(15, ecdsa(signature_of(90, 1)))))},
                          {},
                          {"s tls.invalid_handshake_message"}},
                    Order{"ForgottenWithTheNextHello",
                          {says(ClientHello{}.wire() + message(15, ecdsa(signature_of(70, 1)))),
                           says(ClientHello{}.wire())},
                          {"4"},
                          {"c tls.hello_repeated"}}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::tls
