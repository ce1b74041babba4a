// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
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
using Values = std::vector<std::string>;

Sent client_says(const std::string& message) { return client(record(kHandshake, message)); }
Sent server_says(const std::string& message) { return server(record(kHandshake, message)); }

/// A dialogue, and what one buffer or field of a side held.
struct Case {
  std::string name;
  std::vector<Sent> dialogue;
  std::string key;
  Values want;
  Values anomalies = {};
};

class Tls : public testing::TestWithParam<Case> {};

TEST_P(Tls, ShowsHoweverItIsCut) {
  std::size_t longest = 0;
  for (const Sent& sent : GetParam().dialogue) longest = std::max(longest, sent.bytes.size());
  for (std::size_t piece = 1; piece <= longest; ++piece) {
    const Recorder got = record_dialogue(describe(), GetParam().dialogue, piece);
    EXPECT_EQ(got.of(GetParam().key), GetParam().want) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, GetParam().anomalies) << "in pieces of " << piece;
  }
}

const ClientHello kPlain{.extensions = sni("example.org")};
const ClientHello kRich{.ciphers = u16(0x1a1a) + u16(0x1301) + u16(0xc02f),
                        .extensions = extension(0x2a2a, "") + sni("example.org") +
                                      extension(10, sized(2, u16(0x3a3a) + u16(29) + u16(23))) +
                                      extension(11, sized(1, "\0\1"s)) + alpn({"h2", "http/1.1"}) +
                                      versions(u16(0x4a4a) + u16(0x0304) + u16(0x0303))};

INSTANTIATE_TEST_SUITE_P(
    ClientHello, Tls,
    testing::Values(
        Case{"Sni", {client_says(kPlain.wire())}, "c tls.sni", {"example.org"}},
        Case{"NoSni", {client_says(ClientHello{}.wire())}, "c tls.sni", {}},
        Case{"SniEmpty", {client_says(ClientHello{.extensions = sni("")}.wire())}, "c tls.sni", {""}},
        Case{"TwoSniExtensions",
             {client_says(ClientHello{.extensions = sni("a.test") + sni("b.test")}.wire())},
             "c tls.sni",
             {"a.test|b.test"},
             {"c tls.multiple_sni_extensions"}},
        Case{"SniOfAnotherType",
             {client_says(ClientHello{.extensions = extension(0, sized(2, u8(1) + sized(2, "x")))}.wire())},
             "c tls.sni",
             {},
             {"c tls.invalid_sni_type"}},
        Case{"SniTooLong",
             {client_says(ClientHello{.extensions = extension(0, sized(2, u8(0) + u16(9) + "x"))}.wire())},
             "c tls.sni",
             {},
             {"c tls.invalid_sni_length"}},
        Case{"Version", {client_says(kPlain.wire())}, "c tls.version", {"771"}},
        Case{"SupportedVersions", {client_says(kRich.wire())}, "c tls.version", {"772"}},
        Case{"Draft",
             {client_says(ClientHello{.extensions = versions(u16(0x7f1c) + u16(0x0303))}.wire())},
             "c tls.version",
             {"32540"}},
        Case{"Random", {client_says(kPlain.wire())}, "c tls.random", {kRandom}},
        Case{"RandomTime", {client_says(kPlain.wire())}, "c tls.random_time", {"TIME"}},
        Case{"RandomBytes", {client_says(kPlain.wire())}, "c tls.random_bytes", {kRandom.substr(4)}},
        Case{"Alpn", {client_says(kRich.wire())}, "c tls.alpn", {"h2|http/1.1"}},
        Case{"AlpnCut",
             {client_says(
                 ClientHello{.extensions = extension(16, sized(2, sized(1, "h2") + "\x09x"))}.wire())},
             "c tls.alpn",
             {"h2"}},
        Case{"Ja3", {client_says(kRich.wire())}, "c ja3.string", {"771,4865-49199,0-10-11-16-43,29-23,0-1"}},
        Case{"Ja3WithoutExtensions",
             {client_says(ClientHello{.version = 0x0301, .ciphers = u16(4) + u16(5)}.wire())},
             "c ja3.string",
             {"769,4-5,,,"}},
        // MD5 of "769,4-5,,,", by another program.
        Case{"Ja3Hash",
             {client_says(ClientHello{.version = 0x0301, .ciphers = u16(4) + u16(5)}.wire())},
             "c ja3.hash",
             {"1d70598d8ccdfcb836bfeb091ab8e469"}},
        // The parts between the underscores by another program's SHA-256.
        Case{"Ja4", {client_says(kRich.wire())}, "c ja4.hash", {"t13d0205h2_c1929292aa6b_675b29d69375"}},
        Case{"Ja4WithoutExtensions",
             {client_says(ClientHello{.version = 0x0301, .ciphers = u16(5) + u16(4)}.wire())},
             "c ja4.hash",
             {"t10i020000_6e254592683c_000000000000"}},
        Case{"Ja4Signatures",
             {client_says(
                 ClientHello{.extensions = extension(13, sized(2, u16(0x0804) + u16(0x0403)))}.wire())},
             "c ja4.hash",
             {"t12i020100_08dfa304a768_b5b2a7d538fe"}},
        Case{"Ja4OfTooManyCiphers",
             {client_says(ClientHello{.ciphers = std::string(2 * 513, '\1')}.wire())},
             "c ja4.hash",
             {}},
        Case{"CutInHead",
             {client_says(message(1, kPlain.body().substr(0, 40)))},
             "c tls.random",
             {},
             {"c tls.invalid_handshake_message", "c tls.handshake_invalid_length"}},
        Case{"CutInExtensions",
             {client_says(message(1, ClientHello{.extensions = sni("a.test") + extension(99, "abcdef")}
                                         .body()
                                         .substr(0, 2 + 32 + 1 + 2 + 4 + 2 + 2 + 15 + 6)))},
             "c tls.sni",
             {"a.test"},
             {"c tls.handshake_invalid_length"}},
        Case{"BytesBehindExtensions",
             {client_says(message(1, kPlain.body() + "xx"))},
             "c tls.sni",
             {"example.org"},
             {"c tls.handshake_invalid_length"}},
        Case{"ByTheServer",
             {server_says(kPlain.wire())},
             "s tls.random",
             {},
             {"s tls.invalid_handshake_message"}},
        Case{"OneByteRecords", {client(records(kHandshake, kPlain.wire(), 1))}, "c tls.sni", {"example.org"}},
        Case{"BehindAnotherMessage",
             {client_says(message(99, "unknown") + kPlain.wire())},
             "c tls.sni",
             {"example.org"}},
        Case{"Sslv2",
             {client("\x80\x1c\x01\x03\x01"s + u16(3) + u16(0) + u16(16) + "\1\0\x80"s + "0123456789abcdef")},
             "c tls.version",
             {"769"}},
        Case{"Sslv2HasNoFingerprint",
             {client("\x80\x1c\x01\x03\x01"s + u16(3) + u16(0) + u16(16) + "\1\0\x80"s + "0123456789abcdef")},
             "c ja3.string",
             {}},
        Case{"Sslv2Short",
             {client("\x80\x1b\x01\x03\x01"s + u16(3) + u16(0) + u16(16) + "\1\0\x80"s + "0123456789abcde")},
             "c tls.version",
             {},
             {"c tls.invalid_sslv2_header"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    ServerHello, Tls,
    testing::Values(
        Case{"Version", {server_says(ServerHello{}.wire())}, "s tls.version", {"771"}},
        Case{"Tls13",
             {server_says(ServerHello{.extensions = extension(43, u16(0x0304))}.wire())},
             "s tls.version",
             {"772"}},
        Case{"OldDraft",
             {server_says(message(2, u16(0x7f12) + kRandom + u16(0x1301) + sized(2, extension(51, "k"))))},
             "s ja3s.string",
             {"32530,4865,51"}},
        Case{
            "Ja3s",
            {server_says(ServerHello{.extensions = extension(65281, "\0"s) + extension(11, "\1\0"s)}.wire())},
            "s ja3s.string",
            {"771,49199,65281-11"}},
        Case{"Alpn", {server_says(ServerHello{.extensions = alpn({"h2"})}.wire())}, "s tls.alpn", {"h2"}},
        Case{"Random", {server_says(ServerHello{}.wire())}, "s tls.random", {kRandom}},
        Case{"ByTheClient",
             {client_says(ServerHello{}.wire())},
             "c tls.random",
             {},
             {"c tls.invalid_handshake_message"}}),
    by_name);

const std::string kLeaf = TestCertificate{}.wire();

INSTANTIATE_TEST_SUITE_P(
    Certificates, Tls,
    testing::Values(
        Case{"Chain",
             {server_says(chain({"one", "two", "three"}))},
             "s tls.certs",
             {"one|two|three"},
             {"s tls.certificate_invalid_der"}},
        Case{"ChainLength", {server_says(chain({kLeaf, kLeaf}))}, "s tls.cert_chain_len", {"2"}},
        Case{"EmptyChain", {server_says(chain({}))}, "s tls.cert_chain_len", {"0"}},
        Case{"EmptyChainHasNoFingerprint", {client_says(chain({}))}, "c tls.cert_fingerprint", {}},
        Case{"OfTheClient", {client_says(chain({kLeaf}))}, "c tls.cert_subject", {"C=JP, CN=example.org"}},
        Case{"Subject", {server_says(chain({kLeaf}))}, "s tls.cert_subject", {"C=JP, CN=example.org"}},
        Case{"Issuer", {server_says(chain({kLeaf}))}, "s tls.cert_issuer", {"C=US, O=Issuer"}},
        Case{"Serial", {server_says(chain({kLeaf}))}, "s tls.cert_serial", {"00:AB:CD"}},
        Case{"NotBefore", {server_says(chain({kLeaf}))}, "s tls.cert_not_before", {"1577934245"}},
        Case{"NotAfter", {server_says(chain({kLeaf}))}, "s tls.cert_not_after", {"2556241445"}},
        // SHA-1 of "abc" (FIPS 180-2).
        Case{"Fingerprint",
             {server_says(chain({"abc"}))},
             "s tls.cert_fingerprint",
             {"a9:99:3e:36:47:06:81:6a:ba:3e:25:71:78:50:c2:6c:9c:d0:d8:9d"},
             {"s tls.certificate_invalid_der"}},
        Case{"LengthTooLong",
             {server_says(message(11, number(10, 3) + sized(3, "one")))},
             "s tls.certs",
             {"one"},
             {"s tls.certificate_invalid_length", "s tls.certificate_invalid_der"}},
        Case{"Twice",
             {server_says(chain({kLeaf}) + chain({"two"}))},
             "s tls.certs",
             {kLeaf},
             {"s tls.invalid_handshake_message"}},
        Case{"OverManyRecords",
             {server(records(kHandshake, ServerHello{}.wire() + chain({kLeaf}), 7))},
             "s tls.cert_issuer",
             {"C=US, O=Issuer"}}),
    by_name);

const std::string kRetry =
    "\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E"
    "\x09\xE2"
    "\xC8\xA8\x33\x9C";
const std::string kChosen13 = extension(43, u16(0x0304));

INSTANTIATE_TEST_SUITE_P(
    Order, Tls,
    testing::Values(
        Case{"RetryIsAnotherTransaction",
             {client_says(kRich.wire()),
              server(record(kHandshake, ServerHello{.extensions = kChosen13, .random = kRetry}.wire()) +
                     change()),
              client(change() + record(kHandshake, ClientHello{.extensions = sni("b.test")}.wire())),
              server_says(ServerHello{.extensions = kChosen13}.wire())},
             "c tls.sni",
             {"example.org", "b.test"}},
        Case{"RetrysServer",
             {client_says(kRich.wire()),
              server(record(kHandshake, ServerHello{.extensions = kChosen13, .random = kRetry}.wire()) +
                     change()),
              client(change() + record(kHandshake, ClientHello{.extensions = sni("b.test")}.wire())),
              server_says(ServerHello{.extensions = kChosen13}.wire())},
             "s tls.random",
             {kRetry, kRandom}},
        Case{"NothingBehindAHelloOfTls13",
             {server_says(ServerHello{.extensions = kChosen13}.wire() + chain({kLeaf}))},
             "s tls.certs",
             {}},
        Case{"AnotherHello",
             {client_says(kPlain.wire() + ClientHello{.extensions = sni("b.test")}.wire())},
             "c tls.sni",
             {"example.org", "b.test"},
             {"c tls.hello_repeated"}},
        Case{"EarlyData",
             {client(record(kHandshake,
                            ClientHello{.extensions = versions(u16(0x0304)) + extension(42, "")}.wire()) +
                     change() + record(kData, "xxxx")),
              server_says(ServerHello{.version = 0x0302}.wire())},
             "s tls.version",
             {"770"}},
        Case{"NothingBehindApplicationData",
             {client(record(kHandshake, kPlain.wire()) + record(kData, "x") + record(kAlert, "\2\x28"))},
             "c tls.alert_level",
             {}},
        Case{"GapHidesTheRest",
             {client_says(kPlain.wire()), {Side::server, record(kHandshake, ServerHello{}.wire()), 10}},
             "s tls.version",
             {},
             {"s tls.gap"}}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::tls
