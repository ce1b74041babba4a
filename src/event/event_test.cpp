// SPDX-License-Identifier: Apache-2.0
#include "event/event.h"

#include <gtest/gtest.h>

#include "event/timestamp.h"
#include "tests/cases.h"

namespace bansoko::event {
namespace {

using std::chrono::microseconds;
using std::chrono::system_clock;

constexpr system_clock::time_point at(std::int64_t micros) {
  return system_clock::time_point(microseconds(micros));
}

Event bare() {
  Event event;
  event.type = "engine";
  event.time = at(1'795'315'620'123'456);
  return event;
}

Event full() {
  Event event = bare();
  event.type = "alert";
  event.id = "a1-7";
  event.packet_number = 7;
  event.capture = "a.pcap";
  event.flow_id = 9'007'199'254'740'993;
  event.interface = "eth0";
  event.source = {"192.0.2.1", 40000};
  event.dest = {"198.51.100.2", 80};
  event.transport = "TCP";
  event.app_protocol = "http";
  event.direction = "to_server";
  event.transaction = 0;
  event.alert = Alert{.action = "blocked",
                      .gid = 1,
                      .signature_id = 2001,
                      .rev = 3,
                      .signature = "Code \"Red\"",
                      .category = "Attempted Administrator Privilege Gain",
                      .severity = 1,
                      .references = {"cve:2001-0500"},
                      .metadata = {{"os", "windows"}, {"cve", "1"}, {"os", "nt"}}};
  event.matched =
      Matched{.buffer = "http.uri",
              .offset = 1,
              .size = 4,
              .bytes = std::string("a\0\xff~", 4),
              .fields = {{"http.range_count", 5}, {"http.range_end", 18'446'744'073'709'551'615U}}};
  event.conflict = Conflict{.offset = 9, .earlier = "ab", .later = "a\n"};
  event.verdict = Verdict{.action = "block", .reason = "rule", .mode = "enforce", .refused_packets = 2};
  event.rule_generation = 5;
  event.evidence = "a1-7.pcapng";
  event.name = "n";
  event.message = "m";
  return event;
}

Event with(void (*change)(Event&), Event event = bare()) {
  change(event);
  return event;
}

/// A line of JSON up to its event_type, then `rest`.
std::string started(std::string_view rest) {
  return R"({"timestamp":"2026-11-22T02:47:00.123456+0000","event_type":)" + std::string(rest);
}

std::string wrong(std::string_view key) {
  return "not an event: '" + std::string(key) + "' is absent or of the wrong kind";
}

struct WriteCase {
  std::string_view name;
  Event event;
  std::string want;
};

class EventWrites : public testing::TestWithParam<WriteCase> {};

TEST_P(EventWrites, Json) {
  const std::string line = to_json(GetParam().event);
  EXPECT_EQ(line, GetParam().want);
  const auto again = from_json(line);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_json(*again), line);
}

INSTANTIATE_TEST_SUITE_P(
    Event, EventWrites,
    testing::Values(
        WriteCase{"Bare", bare(), started(R"("engine","bansoko":{}})")},
        WriteCase{
            "Full", full(),
            started(
                R"("alert","pcap_cnt":7,"pcap_filename":"a.pcap","flow_id":9007199254740993,"in_iface":"eth0","src_ip":"192.0.2.1",)"
                R"("src_port":40000,"dest_ip":"198.51.100.2","dest_port":80,"proto":"TCP","app_proto":"http",)"
                R"("direction":"to_server","tx_id":0,"alert":{"action":"blocked","gid":1,"signature_id":2001,"rev":3,)"
                R"("signature":"Code \"Red\"","category":"Attempted Administrator Privilege Gain","severity":1,)"
                R"("metadata":{"cve":["1"],"os":["windows","nt"]},"references":["cve:2001-0500"]},)"
                R"("bansoko":{"id":"a1-7","verdict":{"action":"block","reason":"rule","mode":"enforce",)"
                R"("refused_packets":2},"matched":{"buffer":"http.uri","offset":1,"size":4,"printable":"a..~",)"
                R"("hex":"6100ff7e","fields":{"http.range_count":5,"http.range_end":18446744073709551615}},"conflict":{"offset":9,"earlier":"ab","earlier_hex":"6162","later":"a.",)"
                R"("later_hex":"610a"},"rule_generation":5,"evidence":"a1-7.pcapng","name":"n","message":"m"}})")},
        WriteCase{"PortZeroIsAPort", with([](Event& e) { e.transport = "UDP"; }),
                  started(R"("engine","src_port":0,"dest_port":0,"proto":"UDP","bansoko":{}})")},
        WriteCase{"NoPortsInIcmp", with([](Event& e) {
                    e.transport = "ICMP";
                    e.source = {"192.0.2.1", 8};
                  }),
                  started(R"("engine","src_ip":"192.0.2.1","proto":"ICMP","bansoko":{}})")},
        WriteCase{"InTunnel", with([](Event& e) {
                    e.tunnel = Tunnel{{"192.0.2.1", 5}, {"192.0.2.2", 4789}, "UDP", 2};
                  }),
                  started(R"("engine","tunnel":{"src_ip":"192.0.2.1","src_port":5,"dest_ip":"192.0.2.2",)"
                          R"("dest_port":4789,"proto":"UDP","depth":2},"bansoko":{}})")},
        WriteCase{"InTunnelWithoutPorts", with([](Event& e) {
                    e.tunnel = Tunnel{{"192.0.2.1", 0}, {"192.0.2.2", 0}, "GRE", 1};
                  }),
                  started(R"("engine","tunnel":{"src_ip":"192.0.2.1","dest_ip":"192.0.2.2","proto":"GRE",)"
                          R"("depth":1},"bansoko":{}})")},
        WriteCase{"MatchedWithoutBytes", with([](Event& e) {
                    e.matched =
                        Matched{.buffer = "payload", .offset = 3, .size = 9, .bytes = {}, .fields = {}};
                  }),
                  started(R"("engine","bansoko":{"matched":{"buffer":"payload","offset":3,"size":9}}})")},
        WriteCase{"InvalidUtf8IsReplaced", with([](Event& e) { e.message = "a\xff\xc3z"; }),
                  started(R"("engine","bansoko":{"message":"a��z"}})")},
        WriteCase{"NewlinesAreEscaped", with([](Event& e) { e.message = "a\nb\x18"; }),
                  started(R"("engine","bansoko":{"message":"a\nb\u0018"}})")}),
    by_name);

TEST(Event, FieldsComeBack) {
  const auto again = from_json(to_json(full()));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->time, full().time);
  EXPECT_EQ(again->flow_id, full().flow_id);
  EXPECT_EQ(again->dest.port, 80);
  EXPECT_EQ(again->transaction, 0u);
  EXPECT_EQ(again->matched->bytes, full().matched->bytes);
  EXPECT_EQ(again->matched->fields, full().matched->fields);
  EXPECT_EQ(again->conflict->offset, 9u);
  EXPECT_EQ(again->conflict->earlier, "ab");
  EXPECT_EQ(again->conflict->later, "a\n");
  EXPECT_EQ(again->verdict->refused_packets, 2u);
  EXPECT_EQ(again->alert->signature, "Code \"Red\"");
}

TEST(Event, WhatAHostSaysComesBack) {
  Event event;
  event.type = "inventory";
  event.software = Software{
      .host = "192.0.2.1", .port = 445, .topic = "smb.native_os", .said = "Windows Server 2003 3790"};
  const std::string line = to_json(event);
  EXPECT_NE(
      line.find(
          R"("software":{"host":"192.0.2.1","port":445,"topic":"smb.native_os","said":"Windows Server 2003 3790"})"),
      std::string::npos)
      << line;
  const auto again = from_json(line);
  ASSERT_TRUE(again && again->software);
  EXPECT_EQ(again->software->host, "192.0.2.1");
  EXPECT_EQ(again->software->port, 445);
  EXPECT_EQ(again->software->topic, "smb.native_os");
  EXPECT_EQ(again->software->said, "Windows Server 2003 3790");
}

TEST(Event, AnInfectedHostComesBack) {
  Event event = bare();
  event.infected = Infected{.host = "192.0.2.1", .kind = "exploit", .sid = 9100001, .quarantine = "done"};
  const std::string line = to_json(event);
  EXPECT_NE(
      line.find(R"("infected":{"host":"192.0.2.1","kind":"exploit","sid":9100001,"quarantine":"done"})"),
      std::string::npos)
      << line;
  const auto again = from_json(line);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->infected->host, "192.0.2.1");
  EXPECT_EQ(again->infected->kind, "exploit");
  EXPECT_EQ(again->infected->sid, 9100001U);
  EXPECT_EQ(again->infected->quarantine, "done");
}

TEST(Event, AProgramStartComesBack) {
  Event event = bare();
  event.program_start = ProgramStart{.decision = "denied",
                                     .reason = "unknown_file",
                                     .use = "execute",
                                     .kind = "program",
                                     .path = "/tmp/x\n",
                                     .digest = "ab",
                                     .package = "x 1-1",
                                     .rule = "rules.yaml:3",
                                     .program = "/bin/sh",
                                     .process = 7,
                                     .user = 33,
                                     .times = 2};
  const auto again = from_json(to_json(event));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->program_start->decision, "denied");
  EXPECT_EQ(again->program_start->reason, "unknown_file");
  EXPECT_EQ(again->program_start->use, "execute");
  EXPECT_EQ(again->program_start->kind, "program");
  EXPECT_EQ(again->program_start->path, "/tmp/x\n");
  EXPECT_EQ(again->program_start->digest, "ab");
  EXPECT_EQ(again->program_start->package, "x 1-1");
  EXPECT_EQ(again->program_start->rule, "rules.yaml:3");
  EXPECT_EQ(again->program_start->program, "/bin/sh");
  EXPECT_EQ(again->program_start->process, 7U);
  EXPECT_EQ(again->program_start->user, 33U);
  EXPECT_EQ(again->program_start->times, 2U);
}

struct RefusedCase {
  std::string_view name;
  std::string text;
  std::string want;
};

class EventRefuses : public testing::TestWithParam<RefusedCase> {};

TEST_P(EventRefuses, WithTheReason) {
  const auto got = from_json(GetParam().text);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Event, EventRefuses,
    testing::Values(
        RefusedCase{"Empty", "", "not JSON"}, RefusedCase{"CutShort", R"({"timestamp":"20)", "not JSON"},
        RefusedCase{"Deep", std::string(100000, '['), "not JSON"},
        RefusedCase{"TooLong", std::string((1U << 20U) + 1, ' '), "an event of more than 1048576 bytes"},
        RefusedCase{"NotAnObject", "[]", wrong("event")},
        RefusedCase{"NoTime", R"({"event_type":"alert"})", wrong("timestamp")},
        RefusedCase{"NoType", R"({"timestamp":"2026-11-22T02:47:00.123456+0000"})", wrong("event_type")},
        RefusedCase{"PortTooLarge", started(R"("alert","src_port":65536})"), wrong("src_port")},
        RefusedCase{"NegativeNumber", started(R"("alert","flow_id":-1})"), wrong("flow_id")},
        RefusedCase{"TextForNumber", started(R"("alert","flow_id":"1"})"), wrong("flow_id")},
        RefusedCase{"NumberForText", started(R"("alert","src_ip":1})"), wrong("src_ip")},
        RefusedCase{"AlertIsAList", started(R"("alert","alert":[]})"), wrong("alert")},
        RefusedCase{"MetadataNotLists", started(R"("alert","alert":{"metadata":{"a":"b"}}})"), wrong("a")},
        RefusedCase{"OddHex", started(R"("alert","bansoko":{"matched":{"hex":"abc"}}})"), wrong("hex")},
        RefusedCase{"UpperHex", started(R"("alert","bansoko":{"matched":{"hex":"AB"}}})"), wrong("hex")}),
    by_name);

TEST(Event, UnknownFieldsAreIgnored) {
  EXPECT_TRUE(from_json(started(R"("alert","new":{"x":[1]},"bansoko":{"new":1}})")));
}

struct TimeCase {
  std::string_view name;
  std::string_view text;
  std::optional<std::int64_t> want;  // µs since 1970
};

class Time : public testing::TestWithParam<TimeCase> {};

TEST_P(Time, ReadsAndWrites) {
  const auto got = parse_time(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().want.has_value());
  if (got) {
    EXPECT_EQ(*got, at(*GetParam().want));
    EXPECT_EQ(format_time(*got), GetParam().text);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Event, Time,
    testing::Values(TimeCase{"Epoch", "1970-01-01T00:00:00.000000+0000", 0},
                    TimeCase{"LeapDay", "2024-02-29T23:59:59.999999+0000", 1'709'251'199'999'999},
                    TimeCase{"LastYear", "2261-12-31T00:00:00.000001+0000", 9'214'560'000'000'001},
                    TimeCase{"BeforeTheEpoch", "1969-12-31T23:59:59.000000+0000", std::nullopt},
                    TimeCase{"BeyondTheClock", "2262-01-01T00:00:00.000000+0000", std::nullopt},
                    TimeCase{"NoSuchDay", "2023-02-29T00:00:00.000000+0000", std::nullopt},
                    TimeCase{"NoSuchHour", "2023-02-28T24:00:00.000000+0000", std::nullopt},
                    TimeCase{"OtherZone", "2023-02-28T00:00:00.000000+0900", std::nullopt},
                    TimeCase{"NoMicroseconds", "2023-02-28T00:00:00+0000", std::nullopt},
                    TimeCase{"Letters", "2023-02-28T00:00:0x.000000+0000", std::nullopt},
                    TimeCase{"Empty", "", std::nullopt}),
    by_name);

}  // namespace
}  // namespace bansoko::event
