// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/tls_parser.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/test_recorder.h"
#include "shield/proto/tls/record.h"
#include "shield/proto/tls/test_hellos.h"
#include "shield/proto/tls/test_wire.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::tls {
const Protocol& describe();

namespace {

using namespace wire;
using Values = std::vector<std::string>;

/// A dialogue, and what the parser says in the end.
struct Ending {
  std::string name;
  std::vector<Sent> dialogue;
  Parsed want;
  Values anomalies = {};
};

class TlsEnds : public testing::TestWithParam<Ending> {};

TEST_P(TlsEnds, HoweverItIsCut) {
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    const Recorder got = record_dialogue(describe(), GetParam().dialogue, piece);
    EXPECT_EQ(got.parsed, GetParam().want) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, GetParam().anomalies) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Ends, TlsEnds,
    testing::Values(
        Ending{
            "Handshake",
            {client(kHello), server(kFull), client(kKeys + change() + kSealed), server(change() + kSealed)},
            Parsed::more},
        Ending{"Resumption",
               {client(kHello), server(kAnswer + change() + kSealed), client(change() + kSealed)},
               Parsed::more},
        Ending{"OneSideChanged",
               {client(kHello), server(kFull), client(kKeys + change() + kSealed)},
               Parsed::more},
        Ending{"Tls13",
               {client(kOffers13), server(record(kHandshake, ServerHello{.extensions = kChosen13}.wire()))},
               Parsed::more},
        Ending{"Tls13Refused",
               {client(kOffers13 + change()), server(kFull + change() + kSealed)},
               Parsed::more,
               {"c tls.early_change_cipher_spec", "s tls.early_change_cipher_spec"}},
        Ending{"ApplicationData", {client(kHello), server(record(kData, "x"))}, Parsed::finished},
        Ending{
            "Sslv2",
            {client("\x80\x1c\x01\x00\x02"s + u16(3) + u16(0) + u16(16) + "\1\0\x80"s + "0123456789abcdef"),
             server("\x80\x0e\x04\0\1\0\2"s + u16(3) + u16(0) + u16(0) + "abc")},
            Parsed::finished,
            {"s tls.certificate_invalid_der"}},
        Ending{"NotTls", {client("GET / HTTP/1.1\r\n")}, Parsed::malformed, {"c tls.invalid_tls_header"}},
        Ending{"NoMoreTls",
               {client(kHello + "GET / HTTP/1.1\r\n")},
               Parsed::malformed,
               {"c tls.invalid_record_type"}},
        Ending{"Sslv2Later",
               {client(kHello + "\x80\x03\1xx")},
               Parsed::malformed,
               {"c tls.invalid_record_type"}},
        Ending{"Sslv2Empty", {client("\x80\0"s)}, Parsed::malformed, {"c tls.invalid_sslv2_header"}},
        Ending{"Sslv2OtherMessage", {client("\x80\1\7"s)}, Parsed::malformed, {"c tls.invalid_sslv2_header"}},
        Ending{"AnotherMajorVersion",
               {client(record(kHandshake, "x", 0x0401))},
               Parsed::malformed,
               {"c tls.invalid_record_version"}},
        Ending{"AnotherMinorVersion",
               {client(record(kHandshake, ClientHello{}.wire(), 0x0305))},
               Parsed::more,
               {"c tls.invalid_record_version"}},
        Ending{"RecordAtMost", {client(kHello + "\x16\3\1"s + u16(kMaxRecord))}, Parsed::more},
        Ending{"RecordTooLong",
               {client(kHello + "\x16\3\1"s + u16(kMaxRecord + 1))},
               Parsed::malformed,
               {"c tls.invalid_record_length"}},
        Ending{"NoRecordBehindAnEmptyOne",
               {client(kHello + record(kHandshake, "") + "GET / HTTP/1.1")},
               Parsed::malformed,
               {"c tls.invalid_record_length", "c tls.invalid_record_type"}},
        Ending{"EmptyRecord",
               {client(kHello + record(kHandshake, ""))},
               Parsed::more,
               {"c tls.invalid_record_length"}}),
    by_name);

/// A record beside the handshake, and what one field says of it.
struct Beside {
  std::string name;
  std::vector<Sent> dialogue;
  std::string key;
  Values want;
  Values anomalies = {};
};

class TlsNotice : public testing::TestWithParam<Beside> {};

TEST_P(TlsNotice, Tells) {
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    const Recorder got = record_dialogue(describe(), GetParam().dialogue, piece);
    EXPECT_EQ(got.of(GetParam().key), GetParam().want) << "in pieces of " << piece;
    EXPECT_EQ(got.anomalies, GetParam().anomalies) << "in pieces of " << piece;
  }
}

const std::string kPadding(16, 'p');

INSTANTIATE_TEST_SUITE_P(
    Heartbeat, TlsNotice,
    testing::Values(
        Beside{"Fits",
               {client(kHello + beat(1, 4, "data" + kPadding))},
               "c tls.heartbeat_overread",
               {"0"},
               {"c tls.heartbeat_message"}},
        Beside{"OneByteOfPaddingShort",
               {client(kHello + beat(1, 4, "data" + kPadding.substr(1)))},
               "c tls.heartbeat_overread",
               {"1"},
               {"c tls.heartbeat_message"}},
        Beside{"Bleeds",
               {client(kHello + beat(1, 0x4000, ""))},
               "c tls.heartbeat_overread",
               {"16400"},
               {"c tls.heartbeat_message", "c tls.overflow_heartbeat_message"}},
        Beside{"Size",
               {client(kHello + beat(1, 0x4000, ""))},
               "c tls.heartbeat_size",
               {"16384"},
               {"c tls.heartbeat_message", "c tls.overflow_heartbeat_message"}},
        Beside{"BeforeTheHello",
               {client(beat(1, 1, ""))},
               "c tls.record_size",
               {"3"},
               {"c tls.heartbeat_message", "c tls.overflow_heartbeat_message"}},
        Beside{"TooShort",
               {client(kHello + record(kHeartbeat, "\1\x40"))},
               "c tls.heartbeat_size",
               {},
               {"c tls.heartbeat_message", "c tls.invalid_heartbeat_message"}},
        Beside{"TypeUnknown",
               {client(kHello + beat(3, 0, kPadding))},
               "c tls.heartbeat_type",
               {"3"},
               {"c tls.heartbeat_message", "c tls.invalid_heartbeat_message"}},
        Beside{"ResponseLongerThanAsked",
               {client(kHello + beat(1, 0, kPadding)), server(kAnswer + beat(2, 4, "data" + kPadding))},
               "s tls.heartbeat_type",
               {"2"},
               {"c tls.heartbeat_message", "s tls.heartbeat_message", "s tls.dataleak_heartbeat_mismatch"}},
        Beside{"WithinAFragmentedHello",
               {client(kHello.substr(0, 5 + 0) + kHello.substr(5)), client(beat(1, 0, kPadding))},
               "c tls.record_type",
               {"24"},
               {"c tls.heartbeat_message"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Alert, TlsNotice,
                         testing::Values(Beside{"Level",
                                                {client(kHello), server(record(kAlert, "\2\x28"))},
                                                "s tls.alert_level",
                                                {"2"}},
                                         Beside{"Description",
                                                {client(kHello), server(record(kAlert, "\2\x28"))},
                                                "s tls.alert_description",
                                                {"40"}},
                                         Beside{"TooShort",
                                                {client(kHello), server(record(kAlert, "\2"))},
                                                "s tls.alert_description",
                                                {},
                                                {"s tls.invalid_alert_message"}},
                                         Beside{"LevelUnknown",
                                                {client(kHello), server(record(kAlert, "\3\x28"))},
                                                "s tls.alert_level",
                                                {"3"},
                                                {"s tls.invalid_alert_message"}}),
                         by_name);

constexpr auto* kEarly = "c tls.early_change_cipher_spec";
const Values kEarlyTold{"c tls.early_change_cipher_spec"};

INSTANTIATE_TEST_SUITE_P(
    ChangeCipherSpec, TlsNotice,
    testing::Values(
        Beside{"InItsTurn", {client(kHello), server(kFull), client(kKeys + change())}, kEarly, {"0"}},
        Beside{"BeforeTheKeys", {client(kHello), server(kFull), client(change())}, kEarly, {"1"}, kEarlyTold},
        Beside{"AnswerNotSeen", {client(kHello + change())}, kEarly, {"0"}},
        Beside{"BeforeTheAnswer", {client(kHello + change()), server(kFull)}, kEarly, {"0", "1"}, kEarlyTold},
        Beside{"BeforeTheAnswerThatResumes",
               {client(kHello + change()), server(kAnswer + change())},
               kEarly,
               {"0", "1"},
               kEarlyTold},
        Beside{"BeforeTheAnswerThatIsNotTls13",
               {client(kOffers13 + change()), server(kFull)},
               kEarly,
               {"0", "1"},
               kEarlyTold},
        Beside{"BeforeTheAnswerOfTls13",
               {client(kOffers13 + change()),
                server(record(kHandshake, ServerHello{.extensions = kChosen13}.wire()))},
               kEarly,
               {"0"}},
        Beside{"WithEarlyData",
               {client(record(kHandshake,
                              ClientHello{.extensions = extension(43, "\2\3\4") + extension(42, "")}.wire()) +
                       change()),
                server(kFull)},
               kEarly,
               {"0"}},
        Beside{"AnswerSeenLate", {client(kHello + kKeys + change()), server(kFull)}, kEarly, {"0"}},
        Beside{"HelloNotSeen", {server(kFull + change())}, "s tls.early_change_cipher_spec", {"0"}},
        Beside{"BeforeTheHello", {client(change())}, kEarly, {"1"}, kEarlyTold},
        Beside{"Resumes", {client(kHello), server(kAnswer + change()), client(change())}, kEarly, {"0"}},
        Beside{"MayBeTls13", {client(kOffers13 + change())}, kEarly, {"0"}},
        Beside{"ServerBeforeTheKeys",
               {client(kHello), server(kFull + change())},
               "s tls.early_change_cipher_spec",
               {"1"},
               {"s tls.early_change_cipher_spec"}},
        Beside{"ServerResumes",
               {client(kHello), server(kAnswer + change())},
               "s tls.early_change_cipher_spec",
               {"0"}}),
    by_name);

constexpr std::uint64_t kMemory = 1 << 20;

TEST(TlsLimits, MessageSize) {
  const auto with_padding = [](std::size_t size) {
    const ClientHello hello{.extensions = sni("example.org") + extension(21, std::string(size, '\0'))};
    return record(kHandshake, hello.wire());
  };
  const std::size_t rest = with_padding(0).size() - 5 - 4;
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}}) {
    const auto run = [&](std::size_t over) {
      return record_dialogue(describe(), {client(with_padding(1024 - rest + over))}, piece,
                             {1024, 8, kMemory});
    };
    EXPECT_EQ(run(0).anomalies, Values{});
    const Recorder over = run(1);
    EXPECT_EQ(over.of("c tls.sni"), Values{"example.org"});
    EXPECT_EQ(over.anomalies, (Values{"c tls.message_limit", "c tls.handshake_invalid_length"}));
  }
}

TEST(TlsLimits, Hellos) {
  const Recorder at = record_dialogue(describe(), {client(kHello + kHello)}, SIZE_MAX, {4096, 2, kMemory});
  EXPECT_EQ(at.parsed, Parsed::more);
  const Recorder over =
      record_dialogue(describe(), {client(kHello + kHello + kHello)}, SIZE_MAX, {4096, 2, kMemory});
  EXPECT_EQ(over.parsed, Parsed::malformed);
  EXPECT_EQ(over.anomalies, (Values{"c tls.hello_repeated", "c tls.hello_repeated", "c tls.hello_limit"}));
}

TEST(TlsLimits, MemoryIsGivenBack) {
  TlsMemory memory(4096);
  {
    TlsParser parser({.message_size = 0x21000, .hellos = 8, .memory = 4096}, memory);
    Recorder recorder(describe());
    parser.reset({});
    const ClientHello large{.extensions = sni("example.org") + extension(21, std::string(9000, '\0'))};
    feed(parser, {client(records(kHandshake, large.wire(), 1000))}, 500, recorder);
    EXPECT_EQ(recorder.anomalies, (Values{"c tls.memory_limit", "c tls.handshake_invalid_length"}));
    EXPECT_EQ(recorder.of("c tls.sni"), Values{"example.org"});
    EXPECT_LE(memory.budget.used(), 4096u);
    parser.reset({});
    EXPECT_FALSE(memory.budget.is_tight());
  }
  EXPECT_EQ(memory.budget.used(), 0u);
}

/// Asks for everything, keeps nothing.
class Reader final : public TransactionSink {
 public:
  void on_progress(Transaction& transaction, Side side) noexcept override {
    for (const Buffer& buffer : describe().buffers)
      if (buffer.side == side && buffer.ready_at <= transaction.progress[flow::index(side)])
        for (unsigned i = 0; const auto bytes = buffer.get(transaction, i); ++i) bytes_ += bytes->size();
  }
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

TEST(TlsParser, AllocatesNothingOnceWarm) {
  const LoneParser parser(describe());
  const std::vector<Sent> dialogue{client(kHello), server(kFull), client(kKeys + change()), server(change())};
  Reader reader;
  for (int i = 0; i < 2; ++i) {
    parser->reset({});
    feed(*parser, dialogue, SIZE_MAX, reader);
  }
  const std::size_t bytes = reader.bytes();
  const AllocationCounter allocations;
  parser->reset({});
  feed(*parser, dialogue, SIZE_MAX, reader);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(reader.bytes(), bytes / 2 * 3);
}

TEST(TlsParser, IsAsNewAfterReset) {
  const LoneParser parser(describe());
  for (int i = 0; i < 2; ++i) {
    parser->reset({});
    Recorder recorder(describe());
    feed(*parser, {client(kHello), server(kFull.substr(0, 60))}, SIZE_MAX, recorder);
    EXPECT_EQ(recorder.of("c tls.sni"), Values{"example.org"});
    EXPECT_EQ(recorder.of("s tls.certs"), Values{});
    EXPECT_EQ(recorder.anomalies, Values{});
    EXPECT_EQ(recorder.ended, std::vector<std::uint64_t>{0});
  }
}

}  // namespace
}  // namespace bansoko::proto::tls
