// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "shield/proto/http/recorder.h"
#include "shield/proto/http/test_bodies.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

constexpr std::uint64_t kEverything = ~std::uint64_t{0};
constexpr auto kClient = Side::client;
constexpr auto kServer = Side::server;
const std::string kGet = "GET /a HTTP/1.1\r\n\r\n";
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

std::vector<std::uint64_t> limits_with(std::string_view name, std::uint64_t value) {
  std::vector<std::uint64_t> values;
  bool found = false;
  for (const Limit& limit : describe().limits) {
    values.push_back(limit.name == name ? value : limit.value);
    found |= limit.name == name;
  }
  EXPECT_TRUE(found) << name;
  return values;
}

struct LimitCase {
  std::string name;
  std::string limit;
  std::uint64_t value = 0;
  std::vector<Said> talk;
  std::string buffer;
  Side side = kClient;
  std::string content;
  std::set<std::string> anomalies;  // none: the limit is not reached
};

class HttpLimit : public testing::TestWithParam<LimitCase> {};

TEST_P(HttpLimit, Holds) {
  const auto& row = GetParam();
  for (const std::size_t most : {std::size_t{1} << 20U, std::size_t{1}}) {
    Recorder seen;
    const LoneParser parser(describe(), limits_with(row.limit, row.value));
    parser->reset({.wanted = kEverything});
    EXPECT_EQ(replay(*parser, seen, row.talk, most), Parsed::more);
    EXPECT_EQ(seen.faults, std::vector<std::string>());
    EXPECT_EQ(seen.value(0, row.side, row.buffer), row.content);
    EXPECT_EQ(seen.anomalies, row.anomalies);
  }
}

std::vector<Said> post(const std::string& rest) {
  return {{kClient, "POST /a HTTP/1.1\r\n" + rest}, {kServer, kOk}};
}
std::vector<Said> answer(const std::string& bytes) { return {{kClient, kGet}, {kServer, bytes}}; }

const std::string kFour = "Content-Length: 4\r\n\r\nbody";
const std::string kLong(400, 'x');

INSTANTIATE_TEST_SUITE_P(
    Http, HttpLimit,
    testing::Values(
        LimitCase{
            "RequestBodyAt", "request_body_limit", 4, post(kFour), "http.request_body", kClient, "body", {}},
        LimitCase{"RequestBodyBeyond",
                  "request_body_limit",
                  3,
                  post(kFour),
                  "http.request_body",
                  kClient,
                  "bod",
                  {"http.request_body_limit"}},
        LimitCase{
            "RequestBodyAll", "request_body_limit", 0, post(kFour), "http.request_body", kClient, "body", {}},
        LimitCase{"ResponseBodyAt",
                  "response_body_limit",
                  4,
                  answer("HTTP/1.1 200 OK\r\n" + kFour),
                  "http.response_body",
                  kServer,
                  "body",
                  {}},
        LimitCase{"ResponseBodyBeyond",
                  "response_body_limit",
                  3,
                  answer("HTTP/1.1 200 OK\r\n" + kFour),
                  "http.response_body",
                  kServer,
                  "bod",
                  {"http.response_body_limit"}},
        LimitCase{"InflatedBodyBeyond",
                  "response_body_limit",
                  7,
                  answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + kHelloGzip),
                  "http.response_body",
                  kServer,
                  "hello h",
                  {"http.response_body_limit"}},
        LimitCase{"HeadersBeyondStillFrame",
                  "headers_limit",
                  1024,
                  post("A: " + kLong + "\r\nB: " + kLong + "\r\nC: " + kLong + "\r\n" + kFour),
                  "http.request_body",
                  kClient,
                  "body",
                  {"http.headers_too_large"}},
        LimitCase{
            "HeadersBeyondLeftOut",
            "headers_limit",
            1024,
            post("A: " + kLong + "\r\nB: " + kLong + "\r\nC: " + kLong + "\r\nContent-Length: 0\r\n\r\n"),
            "http.header_names",
            kClient,
            "\r\nA\r\nB\r\nContent-Length\r\n\r\n",
            {"http.headers_too_large"}},
        LimitCase{"HeaderLineCut",
                  "line_limit",
                  256,
                  post("A: " + kLong + "\r\n" + kFour),
                  "http.header",
                  kClient,
                  "A: " + std::string(253, 'x') + "\r\nContent-Length: 4\r\n",
                  {"http.header_too_long"}},
        LimitCase{"StartLineCut",
                  "line_limit",
                  256,
                  {{kClient, "GET /" + kLong + " HTTP/1.1\r\n\r\n"}},
                  "http.method",
                  kClient,
                  "GET",
                  {"http.request_line_invalid", "http.start_line_too_long"}},
        LimitCase{"HeaderCountAt",
                  "header_count_limit",
                  8,
                  post("A:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\n" + kFour),
                  "http.content_len",
                  kClient,
                  "4",
                  {}},
        LimitCase{"HeaderCountBeyondStillFrames",
                  "header_count_limit",
                  8,
                  post("A:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\nH:\r\n" + kFour),
                  "http.request_body",
                  kClient,
                  "body",
                  {"http.too_many_headers"}},
        LimitCase{"LayersNone",
                  "coding_layers",
                  0,
                  answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nabc"),
                  "http.response_body",
                  kServer,
                  "abc",
                  {"http.too_many_codings"}},
        LimitCase{"TransactionsAt",
                  "transaction_limit",
                  2,
                  {{kClient, kGet + kGet}},
                  "http.uri",
                  kClient,
                  "/a",
                  {}},
        LimitCase{"TransactionsBeyond",
                  "transaction_limit",
                  2,
                  {{kClient, kGet + kGet + kGet}},
                  "http.uri",
                  kClient,
                  "/a",
                  {"http.too_many_transactions"}}),
    by_name);

TEST(HttpLimit, AnswersOfGivenUpRequestsAreNotMistaken) {
  Recorder seen;
  const LoneParser parser(describe(), limits_with("transaction_limit", 2));
  parser->reset({.wanted = kEverything});
  replay(
      *parser, seen,
      {{kClient, kGet + "GET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n"},
       {kServer, "HTTP/1.1 201 A\r\nContent-Length: 0\r\n\r\nHTTP/1.1 202 B\r\nContent-Length: 0\r\n\r\n"}},
      4096);
  EXPECT_EQ(seen.value(0, kServer, "http.stat_code"), "-");
  EXPECT_EQ(seen.value(1, kServer, "http.stat_code"), "202");
}

TEST(HttpLimit, NoAnswerIsAwaitedFromASilentServer) {
  Recorder seen;
  const LoneParser parser(describe(), limits_with("transaction_limit", 2));
  parser->reset({.wanted = kEverything});
  parser->feed({.from = kClient, .window = as_bytes(kGet)}, seen);
  parser->feed({.from = kServer, .last = true}, seen);
  EXPECT_EQ(seen.ended(), 1U);
  const std::string more = kGet + kGet + kGet;
  parser->feed({.from = kClient, .offset = kGet.size(), .window = as_bytes(more)}, seen);
  EXPECT_EQ(seen.ended(), 4U);
  EXPECT_EQ(seen.anomalies, std::set<std::string>());
}

TEST(HttpLimit, DecompressionRatio) {
  Recorder seen;
  const LoneParser parser(describe(), limits_with("decompression_ratio", 1));
  parser->reset({.wanted = kEverything});
  replay(*parser, seen, answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + zeros_gzip()), 4096);
  EXPECT_EQ(seen.anomalies, (std::set<std::string>{"http.decompression_limit", "http.file_without_digest"}));
  EXPECT_LT(seen.value(0, kServer, "http.response_body").size(), 80000U);
}

struct GapCase {
  std::string name;
  std::vector<Said> before;
  Side side = kClient;
  std::uint32_t gap = 0;
  std::string after;
  Parsed result = Parsed::more;
  std::string buffer;
  std::string content;
  std::uint64_t transaction = 0;
};

class HttpGap : public testing::TestWithParam<GapCase> {};

TEST_P(HttpGap, IsBridgedOrEndsParsing) {
  const auto& row = GetParam();
  Recorder seen;
  const LoneParser parser(describe());
  parser->reset({.wanted = kEverything});
  for (const Said& said : row.before) {
    StreamChunk chunk;
    chunk.from = said.side;
    chunk.window = as_bytes(said.bytes);
    parser->feed(chunk, seen);
  }
  StreamChunk chunk;
  chunk.from = row.side;
  chunk.gap = row.gap;
  chunk.window = as_bytes(row.after);
  EXPECT_EQ(parser->feed(chunk, seen), row.result);
  parser->end(seen);
  EXPECT_EQ(seen.faults, std::vector<std::string>());
  EXPECT_EQ(seen.value(row.transaction, row.side, row.buffer), row.content);
}

const std::string kPost = "POST /a HTTP/1.1\r\nContent-Length: 6\r\n\r\nab";

INSTANTIATE_TEST_SUITE_P(
    Http, HttpGap,
    testing::Values(GapCase{"InsideBody",
                            {{kClient, kPost}},
                            kClient,
                            2,
                            "ef",
                            Parsed::more,
                            "http.request_body",
                            std::string("ab\0\0ef", 6)},
                    GapCase{"ToTheEndOfBody",
                            {{kClient, kPost}},
                            kClient,
                            4,
                            "GET /b HTTP/1.1\r\n\r\n",
                            Parsed::more,
                            "http.uri",
                            "/b",
                            1},
                    GapCase{"BeyondBody",
                            {{kClient, kPost}},
                            kClient,
                            40,
                            "GET /b HTTP/1.1\r\n\r\n",
                            Parsed::more,
                            "http.uri",
                            "/b",
                            1},
                    GapCase{"BeyondBodyIntoTheUnknown",
                            {{kClient, kPost}},
                            kClient,
                            40,
                            "\x01\x02",
                            Parsed::malformed,
                            "http.uri",
                            "/a"},
                    GapCase{"InsideChunk",
                            {{kClient, "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab"}},
                            kClient,
                            1,
                            "d\r\n0\r\n\r\n",
                            Parsed::more,
                            "http.request_body",
                            std::string("ab\0d", 4)},
                    GapCase{"InHeaders",
                            {{kClient, "GET /a HTTP/1.1\r\nHo"}},
                            kClient,
                            5,
                            "xx: y\r\n\r\n",
                            Parsed::malformed,
                            "http.uri",
                            "/a"},
                    GapCase{"InHeadersThenRequest",
                            {{kClient, "GET /a HTTP/1.1\r\nHo"}},
                            kClient,
                            5,
                            "GET /b HTTP/1.1\r\n\r\n",
                            Parsed::more,
                            "http.uri",
                            "/b",
                            1},
                    GapCase{"BetweenRequests",
                            {{kClient, kGet}},
                            kClient,
                            5,
                            "GET /b HTTP/1.1\r\n\r\n",
                            Parsed::more,
                            "http.uri",
                            "/b",
                            1},
                    GapCase{"InsideResponseUntilClose",
                            {{kClient, kGet}, {kServer, "HTTP/1.1 200 OK\r\n\r\nab"}},
                            kServer,
                            1,
                            "d",
                            Parsed::more,
                            "http.response_body",
                            std::string("ab\0d", 4)},
                    GapCase{"InStatusLine",
                            {{kClient, kGet}, {kServer, "HTTP/1.1 2"}},
                            kServer,
                            1,
                            "zz",
                            Parsed::malformed,
                            "http.stat_code",
                            "-"}),
    by_name);

/// Reads every buffer, keeps nothing.
class Reading final : public TransactionSink {
 public:
  void on_progress(Transaction& transaction, Side side) noexcept override {
    for (const Buffer& buffer : describe().buffers)
      if (buffer.side == side && transaction.progress[flow::index(side)] >= buffer.ready_at)
        for (unsigned i = 0; buffer.get(transaction, i).has_value(); ++i) ++reads;
  }
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}

  std::size_t reads = 0;
};

TEST(HttpMemory, NothingIsAllocatedOnceWarm) {
  const std::vector<Said> talk{
      {kClient,
       "POST /a//b;c/%2e%252e/%c0%af?%ad HTTP/1.1\r\nHost: H:80\r\nA: 1\r\nA: 2\r\n c\r\nTransfer-Encoding: "
       "chunked\r\n\r\n 3;x\nabc\r\n0\r\n\r\n"},
      {kClient, kGet + kGet},
      {kServer, "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nContent-Encoding: gzip\r\nContent-Length: " +
                    std::to_string(kHelloGzip.size()) + "\r\n\r\n" + kHelloGzip},
      {kServer, kOk},
      {kServer, "HTTP/1.1 200 OK\r\n\r\n" + std::string(3000, 'x')}};
  const LoneParser parser(describe());
  Reading sink;
  parser->reset({.wanted = kEverything});
  replay(*parser, sink, talk, 100);
  const auto reads = sink.reads;
  parser->reset({.wanted = kEverything});
  const AllocationCounter allocations;
  replay(*parser, sink, talk, 100);
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(sink.reads, 2 * reads);
}

TEST(HttpMemory, BodiesNobodyWantsAreNotKept) {
  const LoneParser parser(describe());
  Recorder seen;
  parser->reset({.wanted = 0});
  replay(*parser, seen, answer("HTTP/1.1 200 OK\r\n" + kFour), 7);
  EXPECT_EQ(seen.value(0, kServer, "http.response_body"), "-");
  EXPECT_EQ(seen.value(0, kServer, "http.stat_code"), "200");
}

}  // namespace
}  // namespace bansoko::proto::http
