// SPDX-License-Identifier: Apache-2.0
// Frames that belong to no message, floods, limits, gaps and memory.
#include <gtest/gtest.h>

#include "shield/proto/http/shared.h"
#include "shield/proto/http/test_bodies.h"
#include "shield/proto/http2/limits.h"
#include "shield/proto/http2/test_frames.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::http2 {
namespace {

using namespace std::string_literals;

struct Case {
  std::string name;
  std::vector<Said> talk;
  std::vector<std::pair<std::string, std::string>> want = {};
  std::set<std::string> anomalies = {};
  std::vector<std::pair<std::string_view, std::uint64_t>> limits = {};
};

std::vector<std::uint64_t> limits_with(
    const std::vector<std::pair<std::string_view, std::uint64_t>>& changes) {
  std::vector<std::uint64_t> values;
  for (const Limit& limit : describe().limits) {
    const auto change =
        std::ranges::find(changes, limit.name, &std::pair<std::string_view, std::uint64_t>::first);
    values.push_back(change == changes.end() ? limit.value : change->second);
  }
  return values;
}

class Http2Control : public testing::TestWithParam<Case> {
 protected:
  static void run(std::size_t piece) {
    const auto limits = limits_with(GetParam().limits);
    const LoneParser parser(describe(), limits);
    parser->reset({.wanted = ~0ULL});
    Witness seen(describe());
    follow(*parser, GetParam().talk, piece, seen);
    for (const auto& [key, value] : GetParam().want) EXPECT_EQ(seen.value(key), value) << key;
    EXPECT_EQ(seen.anomalies, GetParam().anomalies);
    EXPECT_EQ(seen.faults, std::set<std::string>());
  }
};

TEST_P(Http2Control, Whole) { run(SIZE_MAX); }
TEST_P(Http2Control, ByteByByte) { run(1); }

std::string repeat(const std::string& piece, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

std::string rst(std::uint32_t stream, std::uint32_t error = 8) {
  return frame(FrameType::rst_stream, 0, stream, number(error, 4));
}

/// The client's frame is 2, as both SETTINGS come first.
Case control(std::string name, const std::string& bytes,
             std::vector<std::pair<std::string, std::string>> want, std::set<std::string> anomalies = {}) {
  return {std::move(name),
          {client(std::string(http::kHttp2Preface) + settings()), server(settings()), client(bytes)},
          std::move(want),
          std::move(anomalies)};
}

INSTANTIATE_TEST_SUITE_P(
    Frames, Http2Control,
    testing::Values(
        control("Settings", settings({{1, 4096}, {5, 20000}}),
                {{"2 http2.frametype", "4"},
                 {"2 http2.frame_number", "2"},
                 {"2 http2.length", "12"},
                 {"2 http2.settings", std::to_string((1ULL << 32) + 4096)},
                 {"2 http.method", "-"},
                 {"2 http.request_line", "-"}}),
        control("GoAway", frame(FrameType::goaway, 0, 0, number(7, 4) + number(11, 4) + "because"),
                {{"2 http2.frametype", "7"}, {"2 http2.errorcode", "11"}, {"2 http2.stream", "0"}}),
        control("Reset", rst(1, 7), {{"2 http2.frametype", "3"}, {"2 http2.errorcode", "7"}}),
        control("Priority", frame(FrameType::priority, 0, 3, number(1, 4) + "\x10"),
                {{"2 http2.frametype", "2"}, {"2 http2.priority", "16"}}),
        control("WindowUpdate", frame(FrameType::window_update, 0, 0, number(65535, 4)),
                {{"2 http2.frametype", "8"}, {"2 http2.window", "65535"}}),
        control("Ping", frame(FrameType::ping, kFlagAck, 0, "12345678"),
                {{"2 http2.frametype", "6"}, {"2 http2.flags", "1"}}),
        control("Unknown", frame(static_cast<FrameType>(12), 0, 0, "payload"), {{"2 http2.frametype", "12"}}),
        control("PriorityOnItself", frame(FrameType::priority, 0, 3, number(3, 4) + "\x10"), {},
                {"http2.invalid_frame_data"}),
        control("WindowOfNothing", frame(FrameType::window_update, 0, 1, number(0, 4)), {},
                {"http2.invalid_frame_data"}),
        control("FrameSizeTooSmall", settings({{5, 100}}), {}, {"http2.invalid_frame_data"}),
        control("PushOfTwo", settings({{2, 2}}), {}, {"http2.invalid_frame_data"}),
        control("WindowTooLarge", settings({{4, 0x80000000}}), {}, {"http2.invalid_frame_data"}),
        control("PingTooShort", frame(FrameType::ping, 0, 0, "1234567"), {{"2 http2.frametype", "-"}},
                {"http2.invalid_frame_length"}),
        control("ResetTooLong", frame(FrameType::rst_stream, 0, 1, "12345"), {},
                {"http2.invalid_frame_length"}),
        control("SettingsOdd", frame(FrameType::settings, 0, 0, "1234567"), {},
                {"http2.invalid_frame_length"}),
        control("SettingsAckWithMore", frame(FrameType::settings, kFlagAck, 0, "123456"), {},
                {"http2.invalid_frame_length"}),
        control("GoAwayTooShort", frame(FrameType::goaway, 0, 0, "1234567"), {},
                {"http2.invalid_frame_length"}),
        control("HeadersWithoutPriority", frame(FrameType::headers, kWhole | kFlagPriority, 1, "1234"), {},
                {"http2.invalid_frame_length"}),
        control("SettingsOnStream", frame(FrameType::settings, 0, 1), {}, {"http2.invalid_frame_header"}),
        control("HeadersOnZero", headers(0, get("/")), {}, {"http2.invalid_frame_header"}),
        control("ContinuationOfNothing",
                frame(FrameType::continuation, kFlagEndHeaders, 1, block_of(get("/"))), {},
                {"http2.invalid_frame_header"}),
        control("PromiseOfClient", frame(FrameType::push_promise, kFlagEndHeaders, 1, number(2, 4)), {},
                {"http2.invalid_frame_header"}),
        control("TooMuchPadding",
                headers(1, post()) + frame(FrameType::data, kWhole | kFlagPadded, 1,
                                           "\x09"
                                           "body"),
                {{"2 http.request_body", "body"}}, {"http2.invalid_frame_data"})),
    by_name);

struct SizeCase {
  std::string name;
  std::string server_bytes;
  std::size_t size;
  std::set<std::string> anomalies;
};

class Http2FrameSize : public testing::TestWithParam<SizeCase> {};

TEST_P(Http2FrameSize, IsAsAllowed) {
  const LoneParser parser(describe());
  parser->reset({.wanted = ~0ULL});
  Witness seen(describe());
  follow(*parser,
         {client(std::string(http::kHttp2Preface) + settings()), server(GetParam().server_bytes),
          client(headers(1, post()) + data(1, std::string(GetParam().size, 'x')))},
         SIZE_MAX, seen);
  EXPECT_EQ(seen.anomalies, GetParam().anomalies);
  EXPECT_EQ(seen.value("2 http.request_body").size(), GetParam().size);
}

INSTANTIATE_TEST_SUITE_P(
    Http2, Http2FrameSize,
    testing::Values(SizeCase{"Longest", settings(), 16384, {}},
                    SizeCase{"TooLong", settings(), 16385, {"http2.long_frame_data"}},
                    SizeCase{"LongerAllowed", settings({{5, 20000}}), 20000, {}},
                    SizeCase{"LongerStill", settings({{5, 20000}}), 20001, {"http2.long_frame_data"}}),
    by_name);

Case limit(std::string name, const std::string& bytes, std::pair<std::string_view, std::uint64_t> change,
           std::set<std::string> anomalies, std::vector<std::pair<std::string, std::string>> want = {}) {
  Case row = control(std::move(name), bytes, std::move(want), std::move(anomalies));
  row.limits = {change};
  return row;
}

std::string many_streams(std::uint32_t count) {
  std::string bytes;
  for (std::uint32_t i = 0; i < count; ++i) bytes += headers(2 * i + 1, post());
  return bytes;
}

std::string reset_streams(std::uint32_t count) {
  std::string bytes;
  for (std::uint32_t i = 0; i < count; ++i) bytes += headers(2 * i + 1, get("/"), kWhole) + rst(2 * i + 1);
  return bytes;
}

std::string continued(std::size_t times) {
  return frame(FrameType::headers, kFlagEndStream, 1, block_of(get("/x"))) +
         repeat(frame(FrameType::continuation, 0, 1), times - 1) +
         frame(FrameType::continuation, kFlagEndHeaders, 1);
}

const std::string kPing = frame(FrameType::ping, 0, 0, "12345678");
const std::string kWindow = frame(FrameType::window_update, 0, 0, number(1, 4));

INSTANTIATE_TEST_SUITE_P(
    Limits, Http2Control,
    testing::Values(
        limit("Streams", many_streams(4), {"stream_limit", 4}, {}),
        limit("StreamsBeyond", many_streams(5) + data(1, "late"), {"stream_limit", 4},
              {"http2.too_many_streams", "http2.stream_unknown"}, {{"7 http.request_body", "late"}}),
        limit("Pings", repeat(kPing, 9), {"control_limit", 10}, {}),
        limit("PingsBeyond", repeat(kPing, 10), {"control_limit", 10}, {"http2.ping_flood"}),
        limit("PingsAmongRequests", repeat(kPing, 9) + headers(1, get("/")) + repeat(kPing, 9),
              {"control_limit", 10}, {}),
        limit("SettingsBeyond", repeat(settings(), 9), {"control_limit", 10}, {"http2.settings_flood"}),
        limit("WindowsBeyond", repeat(kWindow, 10), {"control_limit", 10}, {"http2.too_many_frames"}),
        limit("EmptyData", headers(1, post()) + repeat(data(1, "", 0), 10), {"control_limit", 10},
              {"http2.too_many_frames"}),
        limit("Resets", reset_streams(9), {"reset_limit", 10}, {}),
        limit("ResetsBeyond", reset_streams(10), {"reset_limit", 10}, {"http2.rapid_reset"}),
        limit("Continuations", continued(4), {"continuation_limit", 4}, {}),
        limit("ContinuationsBeyond", continued(5), {"continuation_limit", 4},
              {"http2.too_many_continuations"}, {{"7 http.uri", "/x"}}),
        limit("HeaderCount",
              headers(1, get("/", {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}}), kWhole),
              {"header_count_limit", 8}, {"http.too_many_headers"}),
        limit("HeaderSize", headers(1, get("/", {{"a", std::string(1000, 'x')}}), kWhole),
              {"headers_limit", 1024}, {"http.headers_too_large"}, {{"2 http.uri", "/"}}),
        limit("ValueSize", headers(1, get("/", {{"a", std::string(300, 'x')}}), kWhole), {"line_limit", 256},
              {"http.header_too_long"}, {{"2 http2.header#4", "a: " + std::string(256, 'x')}}),
        limit("Body", headers(1, post()) + data(1, "12345"), {"request_body_limit", 4},
              {"http.request_body_limit"}, {{"2 http.request_body", "1234"}}),
        limit("ManySettings", frame(FrameType::settings, 0, 0, repeat("\0\6\0\0\0\1"s, 33)),
              {"control_limit", 10}, {"http2.too_many_settings"}),
        limit("Bomb",
              frame(FrameType::headers, kWhole, 1,
                    added("a", std::string(1000, 'x')) + std::string(20, '\xbe')),
              {"headers_limit", 1024},
              {"http2.header_block_limit", "http.headers_too_large", "http2.pseudo_header_invalid"})),
    by_name);

Said lost(std::string bytes, std::uint32_t gap) { return {Side::client, std::move(bytes), gap}; }

const Said kBegun = client(std::string(http::kHttp2Preface) + settings());

INSTANTIATE_TEST_SUITE_P(
    Gaps, Http2Control,
    testing::Values(
        Case{"InBody",
             {kBegun, server(settings()), client(headers(1, post()) + data(1, "0123456789").substr(0, 13)),
              lost("89" + headers(3, get("/b"), kWhole), 4)},
             {{"2 http.request_body",
               "0123\0\0\0\0"
               "89"s},
              {"4 http.uri", "/b"}}},
        Case{"InHeaders",
             {kBegun, server(settings()),
              client(frame(FrameType::headers, kWhole, 1, block_of(get("/a")) + added("x", "12345678"))
                         .substr(0, 40)),
              lost(headers(3, get("/b"), kWhole) +
                       frame(FrameType::headers, kWhole, 5, block_of(get("/c")) + indexed(62)),
                   static_cast<std::uint32_t>(block_of(get("/a")).size() + added("x", "12345678").size() + 9 -
                                              40))},
             {{"3 http.uri", "/b"}, {"4 http.uri", "/c"}},
             {"http2.header_unknown", "http2.pseudo_header_invalid"}},
        Case{"BeyondTheFrame",
             {kBegun, server(settings()), client(headers(1, post()) + data(1, "0123456789").substr(0, 13)),
              lost("what follows", 40), server(headers(1, ok()) + data(1, "answer"))},
             {{"2 server http.response_body", "answer"}},
             {"http2.lost_in_gap"}},
        Case{"AtAFrame",
             {kBegun, server(settings()), client(headers(1, get("/a"), kWhole)),
              lost(headers(3, get("/b"), kWhole), 9)},
             {{"2 http.uri", "/a"}, {"3 http.uri", "-"}},
             {"http2.lost_in_gap"}}),
    by_name);

/// Reads every buffer, as rules would.
class Reading final : public TransactionSink {
 public:
  void on_progress(Transaction& transaction, Side side) noexcept override {
    for (const Buffer& buffer : describe().buffers)
      if (buffer.side == side && transaction.progress[flow::index(side)] >= buffer.ready_at)
        for (unsigned i = 0; buffer.get(transaction, i); ++i) ++reads;
  }
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
  std::size_t reads = 0;
};

TEST(Http2Memory, NothingIsAllocatedOnceWarm) {
  auto talk = opened(headers(1, post({{"cookie", "a"}, {"x-y", "b"}})) + data(1, "body"), "");
  talk.push_back(server(headers(1, ok({{"content-encoding", "gzip"}})) + data(1, http::kHelloGzip)));
  talk.push_back(
      client(frame(FrameType::headers, kWhole, 3, block_of(get("/a/../b")) + added("user-agent", "one"))));
  talk.push_back(client(frame(FrameType::headers, kWhole, 5, block_of(get("/%61")) + indexed(62)) + rst(5)));
  const LoneParser parser(describe());
  Reading sink;
  for (int i = 0; i < 2; ++i) {
    parser->reset({.wanted = ~0ULL});
    sink.reads = 0;
    follow(*parser, talk, 50, sink);
  }
  const auto reads = sink.reads;
  parser->reset({.wanted = ~0ULL});
  sink.reads = 0;
  // The dialogue is cut into pieces without memory of its own.
  const AllocationCounter allocations;
  follow(*parser, talk, 50, sink);
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(sink.reads, reads);
}

TEST(Http2Memory, WhatIsTakenIsGivenBack) {
  const auto limits = limits_with({{"memory", 20000}, {"inflaters", 1}});
  const auto shared = describe().make_shared(limits);
  const auto& memory = static_cast<const http::HttpMemory&>(*shared);
  {
    const auto parser = describe().make_parser(limits, shared.get());
    parser->reset({.wanted = ~0ULL});
    Witness seen(describe());
    follow(*parser,
           opened(many_streams(30) + headers(99, get("/last", {{"a", std::string(9000, 'x')}}), kWhole)), 100,
           seen);
    EXPECT_TRUE(seen.anomalies.contains("http2.too_many_streams"));
    EXPECT_TRUE(seen.anomalies.contains("http.memory_limit"));
    parser->reset({.wanted = ~0ULL});
    EXPECT_FALSE(memory.budget.is_tight());
  }
  EXPECT_EQ(memory.budget.used(), 0U);
  EXPECT_EQ(memory.decoders.in_use(), 0U);
}

TEST(Http2Limits, AreInTheOrderOfHttp1) {
  const Limits limits = Limits::from({});
  EXPECT_EQ(limits.http.head, 65536U);
  EXPECT_EQ(limits.http.transactions, 256U);
  EXPECT_EQ(limits.http.uploads, http::Uploads::kMost);
  EXPECT_EQ(limits.table, 65536U);
  EXPECT_EQ(limits.resets, 100U);
}

}  // namespace
}  // namespace bansoko::proto::http2
