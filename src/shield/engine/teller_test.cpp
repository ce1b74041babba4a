// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/teller.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "shield/engine/loader.h"
#include "shield/keyword/keywords.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

constexpr std::string_view kRule =
    "drop udp any any -> any any (msg:\"evil\"; content:\"EVIL\"; sid:7; rev:3;)\n";

Record alert() {
  Record record;
  record.has_flow = true;
  record.protocol = packet::udp;
  record.reason = Reason::rule;
  record.action = packet::Action::block;
  record.source_port = 40000;
  record.number = 5;
  record.time = std::chrono::seconds(90);
  record.flow_id = 0xab;
  record.generation = 1;
  record.match = detect::Match{
      {.buffer = "payload", .offset = 2, .size = 4, .sample = {'E', 'V', 'I', 'L'}, .sample_size = 4}};
  record.match.fields = {{{"toy.kind", 7}, {"toy.number", 8}}};
  record.match.field_count = 2;
  return record;
}

struct Case {
  std::string_view name;
  Mode mode;
  Payload payload;
  std::string_view action;  // EVE's
  std::string_view bytes;
};

class Telling : public testing::TestWithParam<Case> {
 protected:
  Telling() {
    settings_.evidence.payload = GetParam().payload;
    put_file(folder_ / "x.rules", kRule);
    settings_.rule_files = {folder_ / "x.rules"};
  }
  TemporaryFolder folder_;
  ShieldSettings settings_;
};

TEST_P(Telling, AnAlert) {
  Loader loader(keyword::all_keywords(), proto::all_protocols(), 64);
  auto loaded = loader.load(settings_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  Record record = alert();
  record.generation = loaded->set->generation();
  record.mode = GetParam().mode;
  Teller teller(settings_, proto::all_protocols());
  teller.know(loaded->set);
  const event::Event event = teller.event_of(record);
  EXPECT_EQ(event.type, "alert");
  EXPECT_EQ(event.id, "19700101-000130-ab-5");
  EXPECT_EQ(event.transport, "UDP");
  EXPECT_EQ(event.direction, "to_server");
  ASSERT_TRUE(event.alert && event.matched && event.verdict);
  EXPECT_EQ(event.alert->signature_id, 7U);
  EXPECT_EQ(event.alert->rev, 3U);
  EXPECT_EQ(event.alert->action, GetParam().action);
  EXPECT_EQ(event.matched->bytes, GetParam().bytes);
  EXPECT_EQ(event.matched->size, 4U);
  EXPECT_EQ(event.matched->fields,
            (std::vector<std::pair<std::string, std::uint64_t>>{{"toy.kind", 7}, {"toy.number", 8}}));
  EXPECT_EQ(event.verdict->action, "block");
  EXPECT_EQ(event.verdict->mode, name_of(GetParam().mode));

  record.generation = 99;  // rules that nobody keeps any more
  EXPECT_FALSE(teller.event_of(record).alert);
}

INSTANTIATE_TEST_SUITE_P(
    Teller, Telling,
    testing::Values(Case{"Enforce", Mode::enforce, Payload::matched_bytes, "blocked", "EVIL"},
                    Case{"Observe", Mode::observe, Payload::matched_bytes, "allowed", "EVIL"},
                    Case{"NoBytes", Mode::enforce, Payload::none, "blocked", ""},
                    Case{"Packets", Mode::enforce, Payload::packets, "blocked", "EVIL"}),
    by_name);

TEST(Teller, BothCopiesOfAConflict) {
  Record record = alert();
  record.kind = RecordKind::anomaly;
  const Teller loud({}, proto::all_protocols());
  EXPECT_FALSE(loud.event_of(record).conflict);
  record.conflict.note(7, as_bytes("same, then this"), as_bytes("same, then that"));
  ASSERT_TRUE(loud.event_of(record).conflict);
  EXPECT_EQ(loud.event_of(record).conflict->offset, 20U);
  EXPECT_EQ(loud.event_of(record).conflict->earlier, "is");
  EXPECT_EQ(loud.event_of(record).conflict->later, "at");
  ShieldSettings quiet;
  quiet.evidence.payload = Payload::none;
  EXPECT_EQ(Teller(quiet, proto::all_protocols()).event_of(record).conflict->later, "");
}

TEST(Teller, OtherKinds) {
  const Teller teller({}, proto::all_protocols());
  Record record = alert();
  record.kind = RecordKind::anomaly;
  record.reason = Reason::malformed;
  record.anomalies.add(packet::Anomaly::udp_length);
  EXPECT_EQ(teller.event_of(record).name, "udp.length");
  record.kind = RecordKind::flow_end;
  record.refused_packets = 12;
  EXPECT_EQ(teller.event_of(record).message,
            "the blocked flow is over; 12 packets were refused by the engine itself");
  EXPECT_EQ(transport_name(99), "099");
  EXPECT_EQ(transport_name(47), "GRE");
}

TEST(Teller, SaysWhatTunnelAPacketCameIn) {
  const Teller teller({}, proto::all_protocols());
  Record record = alert();
  EXPECT_FALSE(teller.event_of(record).tunnel);
  record.tunnel = {
      packet::Address::v4(192, 0, 2, 1), packet::Address::v4(192, 0, 2, 2), 5, 4789, packet::udp, 2};
  const auto tunnel = teller.event_of(record).tunnel;
  ASSERT_TRUE(tunnel);
  EXPECT_EQ(tunnel->source.address, "192.0.2.1");
  EXPECT_EQ(tunnel->dest.port, 4789);
  EXPECT_EQ(tunnel->transport, "UDP");
  EXPECT_EQ(tunnel->depth, 2U);
}

}  // namespace
}  // namespace bansoko::engine
