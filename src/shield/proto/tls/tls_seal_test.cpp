// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/test_recorder.h"
#include "shield/proto/tls/test_hellos.h"
#include "tests/cases.h"

namespace bansoko::proto::tls {
const Protocol& describe();

namespace {

using namespace std::string_literals;
using namespace wire;

/// Whether what is said last is taken for encrypted, if it comes behind the dialogue.
struct Seal {
  std::string name;
  std::vector<Sent> dialogue;
  std::string last;  // said by the client, in one chunk
  bool want = false;
};

class TlsSeals : public testing::TestWithParam<Seal> {};

bool is_sealed(const Seal& row, std::size_t piece, std::span<const std::uint64_t> limits = {}) {
  const LoneParser parser(describe(), limits);
  Recorder recorder(describe());
  parser->reset({});
  if (feed(*parser, row.dialogue, piece, recorder) != Parsed::more) return false;
  const StreamChunk chunk{.from = Side::client, .offset = 9999, .window = as_bytes(row.last)};
  return parser->feed(chunk, recorder) == Parsed::more && parser->is_sealed();
}

TEST_P(TlsSeals, HoweverTheDialogueIsCut) {
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{3}, std::size_t{7}})
    EXPECT_EQ(is_sealed(GetParam(), piece), GetParam().want) << "in pieces of " << piece;
}

TEST_P(TlsSeals, NothingIfTheSettingsSaySo) {
  const std::vector<std::uint64_t> limits{0x21000, 8, 1 << 20, 1};
  EXPECT_FALSE(is_sealed(GetParam(), SIZE_MAX, limits));
}

const std::string kData13 = record(kData, "what nobody can read");
const std::string kServer13 = record(kHandshake, ServerHello{.extensions = kChosen13}.wire());
const std::vector<Sent> kAgreed12{client(kHello), server(kFull), client(kKeys + change() + kSealed),
                                  server(change() + kSealed)};
std::vector<Sent> agreed_and(Sent more) {
  std::vector<Sent> all = kAgreed12;
  all.push_back(std::move(more));
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Last, TlsSeals,
    testing::Values(
        Seal{"Data", kAgreed12, kData13, true}, Seal{"DataTwice", kAgreed12, kData13 + kData13, true},
        Seal{"DataGoingOn", agreed_and(client(kData13.substr(0, 9))), kData13.substr(9), true},
        Seal{"DataNotWhole", kAgreed12, kData13.substr(0, 9), true},
        Seal{"HeaderNotWhole", kAgreed12, kData13 + kData13.substr(0, 4), false},
        Seal{"BehindAHeaderNotWhole", agreed_and(client(kData13.substr(0, 4))), kData13.substr(4), true},
        Seal{"Data13", {client(kOffers13), server(kServer13)}, change() + kData13, false},
        Seal{"Data13NothingElse", {client(kOffers13), server(kServer13)}, kData13, true},
        Seal{"Data13AsItComes", {client(kOffers13), server(kServer13 + change() + kData13)}, kData13, true},
        Seal{"Resumed",
             {client(kHello), server(kAnswer + change() + kSealed), client(change() + kSealed)},
             kData13,
             true},
        Seal{"Alert", kAgreed12, record(kAlert, "\1\0"s), false},
        Seal{"AlertAmongData", kAgreed12, kData13 + record(kAlert, "\1\0"s) + kData13, false},
        Seal{"BehindAnAlert", agreed_and(client(record(kAlert, "\1\0"s))), kData13, true},
        Seal{"Heartbeat", kAgreed12, beat(1, 16384, "x"), false},
        Seal{"Handshake", kAgreed12, kSealed, false},
        Seal{"PlainText", kAgreed12, "USER anonymous\r\n", false},
        Seal{"PlainTextBehindData", kAgreed12, kData13 + "USER anonymous\r\n", false},
        Seal{"BehindPlainText", agreed_and(client("USER anonymous\r\n")), kData13, false},
        Seal{"BehindAGap", agreed_and({Side::client, kData13, 100}), kData13, false},
        Seal{"BehindTheOthersGap", agreed_and({Side::server, kData13, 100}), kData13, false},
        Seal{"NoAnswer", {client(kHello)}, kData13, false},
        Seal{"NoAnswerButData", {client(kHello), server(kData13)}, kData13, false},
        Seal{"NoAnswerButChanges", {client(kHello + change()), server(change())}, kData13, false},
        Seal{"HelloSentBack", {client(kHello + change()), server(kHello + change())}, kData13, false},
        Seal{"OneHasNotChanged", {client(kHello), server(kFull), client(kKeys + change())}, kData13, false},
        Seal{"NoneHasChanged", {client(kHello), server(kFull)}, kData13, false},
        Seal{"Retry13",
             {client(kOffers13),
              server(record(kHandshake,
                            ServerHello{.extensions = kChosen13,
                                        .random = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02"
                                                  "\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e"
                                                  "\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"}
                                .wire()))},
             kData13,
             false}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::tls
