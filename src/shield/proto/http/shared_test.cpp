// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/shared.h"

#include <gtest/gtest.h>

#include "shield/proto/http/message.h"
#include "shield/proto/http/recorder.h"
#include "shield/proto/http/test_bodies.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

using Anomalies = std::set<std::string>;
const std::uint64_t kEverything = all_but_sums();
const std::string kGet = "GET /a HTTP/1.1\r\n\r\n";
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const std::string kPostGzip =
    "POST /a HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(kHelloGzip.size()) +
    "\r\n\r\n";

std::string post(std::size_t size) {
  return "POST /a HTTP/1.1\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
}

/// A worker with limits for all of its connections.
class Worker {
 public:
  explicit Worker(std::size_t memory, std::size_t inflaters = 64) : shared_(limits(memory, inflaters)) {}

  std::unique_ptr<Parser> connection() {
    auto parser = describe().make_parser({}, shared_.get());
    parser->reset({.wanted = kEverything});
    return parser;
  }
  const HttpMemory& memory() const { return static_cast<const HttpMemory&>(*shared_); }

 private:
  static std::unique_ptr<SharedMemory> limits(std::size_t memory, std::size_t inflaters) {
    std::vector<std::uint64_t> values;
    for (const Limit& limit : describe().limits)
      values.push_back(limit.name == "memory" ? memory : limit.name == "inflaters" ? inflaters : limit.value);
    return describe().make_shared(values);
  }

  std::unique_ptr<SharedMemory> shared_;
};

void say(Parser& parser, Side side, std::string_view bytes, TransactionSink& to) {
  StreamChunk chunk;
  chunk.from = side;
  chunk.window = as_bytes(bytes);
  EXPECT_EQ(parser.feed(chunk, to), Parsed::more);
}
void ask(Parser& parser, std::string_view bytes, TransactionSink& to) {
  say(parser, Side::client, bytes, to);
}

struct Ending {
  std::string name;
  void (*end)(Parser& parser, Recorder& seen);
};

class HttpInflaters : public testing::TestWithParam<Ending> {};

TEST_P(HttpInflaters, ComeBack) {
  Worker worker(1 << 20, 1);
  const auto first = worker.connection();
  const auto second = worker.connection();
  Recorder of_first;
  Recorder of_second;
  ask(*first, kPostGzip + kHelloGzip.substr(0, 10), of_first);
  EXPECT_EQ(worker.memory().decoders.in_use(), 1U);
  ask(*second, kPostGzip + kHelloGzip, of_second);
  EXPECT_EQ(of_first.anomalies, Anomalies{});
  EXPECT_EQ(of_second.anomalies, Anomalies{"http.inflater_limit"});
  EXPECT_EQ(of_second.value(0, Side::client, "http.request_body"), kHelloGzip);

  GetParam().end(*first, of_first);
  EXPECT_EQ(worker.memory().decoders.in_use(), 0U);
  ask(*second, kPostGzip + kHelloGzip, of_second);
  EXPECT_EQ(of_second.value(1, Side::client, "http.request_body"), kHello);
  EXPECT_EQ(worker.memory().decoders.in_use(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Http, HttpInflaters,
                         testing::Values(Ending{"WithTheBody",
                                                [](Parser& parser, Recorder& seen) {
                                                  ask(parser, kHelloGzip.substr(10), seen);
                                                  EXPECT_EQ(seen.value(0, Side::client, "http.request_body"),
                                                            kHello);
                                                }},
                                         Ending{"WithTheFlow",
                                                [](Parser& parser, Recorder& seen) { parser.end(seen); }},
                                         Ending{"WithAGap",
                                                [](Parser& parser, Recorder& seen) {
                                                  StreamChunk chunk;
                                                  chunk.gap = 5;
                                                  EXPECT_EQ(parser.feed(chunk, seen), Parsed::more);
                                                }}),
                         by_name);

TEST(HttpInflaters, AreFreeOnceWhatFollowsTheDataIsNoneOfIt) {
  Worker worker(1 << 20, 1);
  const auto parser = worker.connection();
  Recorder seen;
  ask(*parser, kGet, seen);
  say(*parser, Side::server, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + kHelloGzip, seen);
  EXPECT_EQ(worker.memory().decoders.in_use(), 1U);  // another member may follow
  say(*parser, Side::server, "and more", seen);
  EXPECT_EQ(worker.memory().decoders.in_use(), 0U);
  EXPECT_EQ(seen.value(0, Side::server, "http.response_body"), kHello);
}

TEST(HttpMemory, BodiesBeyondAreNotKeptAndTheFlowGoesOn) {
  Worker worker(80 << 10);
  const auto first = worker.connection();
  const auto second = worker.connection();
  Recorder of_first;
  Recorder of_second;
  const std::string large = post(40000);
  ask(*first, large.substr(0, 39000), of_first);
  ask(*second, large, of_second);
  EXPECT_EQ(of_first.anomalies, Anomalies{});
  EXPECT_EQ(of_second.anomalies, Anomalies{"http.memory_limit"});
  EXPECT_EQ(of_second.value(0, Side::client, "http.request_body"), "-");
  ask(*second, "GET /b HTTP/1.1\r\nHost: h\r\n\r\n", of_second);
  EXPECT_EQ(of_second.value(1, Side::client, "http.uri"), "/b");
  EXPECT_EQ(of_second.value(1, Side::client, "http.host"), "h");

  ask(*first, large.substr(39000), of_first);
  say(*first, Side::server, kOk, of_first);
  EXPECT_LT(worker.memory().budget.used(), std::size_t{10} << 10);
  ask(*second, large, of_second);
  EXPECT_EQ(of_second.value(2, Side::client, "http.request_body"), std::string(40000, 'x'));
}

/// Heads may use what bodies must leave; without any memory only framing is read of long ones.
TEST(HttpMemory, HeadersBeyondStillFrame) {
  Worker worker(64 << 10);
  const auto hog = worker.connection();
  const auto parser = worker.connection();
  Recorder of_hog;
  Recorder seen;
  for (int i = 0; !worker.memory().budget.is_full() && i < 100; ++i)
    ask(*hog, "GET / HTTP/1.1\r\nA: " + std::string(4000, 'x') + "\r\n\r\n", of_hog);
  EXPECT_TRUE(worker.memory().budget.is_full());
  EXPECT_LT(worker.memory().budget.used(), std::size_t{96} << 10);

  ask(*parser,
      "POST /a HTTP/1.1\r\nHost: h\r\nA: " + std::string(8000, 'x') +
          "\r\nContent-Length: 4\r\n\r\nbodyGET /b HTTP/1.1\r\nHost: h\r\n\r\n",
      seen);
  EXPECT_EQ(seen.anomalies, Anomalies{"http.memory_limit"});
  EXPECT_EQ(seen.value(0, Side::client, "http.uri"), "/a");
  EXPECT_EQ(seen.value(0, Side::client, "http.header_names"), "\r\nHost\r\nContent-Length\r\n\r\n");
  EXPECT_EQ(seen.value(0, Side::client, "http.request_body"), "-");
  EXPECT_EQ(seen.value(1, Side::client, "http.uri"), "/b");
  hog->end(of_hog);
  hog->reset({.wanted = kEverything});
  EXPECT_FALSE(worker.memory().budget.is_tight());
}

/// Many flows, each as greedy as it can be: together they hold little more than they may, and when they are
/// gone, nothing that others need.
TEST(HttpMemory, OfManyGreedyFlowsHasABound) {
  constexpr std::size_t kMost = std::size_t{256} << 10;
  Worker worker(kMost);
  std::vector<std::unique_ptr<Parser>> flows;
  Recorder seen;
  std::string pipelined;
  for (int i = 0; i < 50; ++i) pipelined += "GET /" + std::string(100, 'y') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  for (int i = 0; i < 50; ++i) {
    flows.push_back(worker.connection());
    Recorder each;
    ask(*flows.back(), pipelined + post(20000), each);
    EXPECT_LT(worker.memory().budget.used(), kMost + static_cast<std::size_t>(i + 1) * (16 << 10));
  }
  for (const auto& flow : flows) {
    flow->end(seen);
    flow->reset({.wanted = kEverything});
  }
  EXPECT_FALSE(worker.memory().budget.is_tight());
  flows.clear();
  EXPECT_EQ(worker.memory().budget.used(), 0U);
}

}  // namespace
}  // namespace bansoko::proto::http
