// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "shield/proto/http/recorder.h"
#include "shield/proto/http/test_bodies.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

using namespace std::string_literals;

const std::uint64_t kEverything = all_but_sums();
constexpr auto kClient = Side::client;
constexpr auto kServer = Side::server;
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

struct Want {
  std::string buffer;
  std::string value;  // "-": none
  Side side = kClient;
  std::uint64_t transaction = 0;
  unsigned instance = 0;
};

struct Case {
  std::string name;
  std::vector<Said> talk;
  std::vector<Want> want = {};
  std::set<std::string> anomalies = {};
  Parsed result = Parsed::more;
  std::size_t transactions = 1;
};

Case request(std::string name, std::string bytes, std::vector<Want> want,
             std::set<std::string> anomalies = {}) {
  return {
      std::move(name), {{kClient, std::move(bytes)}, {kServer, kOk}}, std::move(want), std::move(anomalies)};
}

Case response(std::string name, std::string bytes, std::vector<Want> want,
              std::set<std::string> anomalies = {}) {
  for (Want& row : want) row.side = kServer;
  return {std::move(name),
          {{kClient, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"}, {kServer, std::move(bytes)}},
          std::move(want),
          std::move(anomalies)};
}

std::string post(const std::string& rest) { return "POST /a HTTP/1.1\r\nHost: h\r\n" + rest; }

class HttpTalk : public testing::TestWithParam<Case> {
 protected:
  void run(std::size_t most) const {
    Recorder seen;
    const LoneParser parser(describe());
    parser->reset({.wanted = kEverything});
    EXPECT_EQ(replay(*parser, seen, GetParam().talk, most), GetParam().result);
    EXPECT_EQ(seen.faults, std::vector<std::string>());
    EXPECT_EQ(seen.anomalies, GetParam().anomalies);
    EXPECT_EQ(seen.ended(), GetParam().transactions);
    for (const Want& want : GetParam().want)
      EXPECT_EQ(seen.value(want.transaction, want.side, want.buffer, want.instance), want.value)
          << want.buffer;
  }
};

TEST_P(HttpTalk, Whole) { run(1U << 20U); }
TEST_P(HttpTalk, SplitAtEveryByte) { run(1); }

INSTANTIATE_TEST_SUITE_P(
    RequestLine, HttpTalk,
    testing::Values(
        request("Plain", "GET /a?b HTTP/1.1\r\n\r\n",
                {{"http.method", "GET"},
                 {"http.uri", "/a?b"},
                 {"http.uri.raw", "/a?b"},
                 {"http.protocol", "HTTP/1.1"},
                 {"http.request_line", "GET /a?b HTTP/1.1"},
                 {"http.start", "GET /a?b HTTP/1.1\r\n"},
                 {"http.header", "-"},
                 {"http.header.raw", "\r\n"},
                 {"http.header_names", "-"},
                 {"http.host", "-"},
                 {"http.request_body", "-"}}),
        request("BlanksInTarget", "GET /a b c HTTP/1.1\r\n\r\n",
                {{"http.uri", "/a b c"}, {"http.protocol", "HTTP/1.1"}}),
        request(
            "ManyBlanks", "  GET \t /a   HTTP/1.1 \r\n\r\n",
            {{"http.method", "GET"}, {"http.uri", "/a"}, {"http.request_line", "  GET \t /a   HTTP/1.1 "}}),
        request("OnlyTabs", "GET\t/a\tHTTP/1.1\r\n\r\n", {{"http.uri", "/a"}, {"http.protocol", "HTTP/1.1"}}),
        request("EmptyLinesBefore", "\r\n\nGET /a HTTP/1.1\r\n\r\n",
                {{"http.request_line", "GET /a HTTP/1.1"}}),
        request("LineFeedsOnly", "GET /a HTTP/1.1\nHost: h\n\n",
                {{"http.uri", "/a"}, {"http.header", "Host: h\r\n"}}, {"http.line_end_invalid"}),
        request("NoTarget", "GET\r\n\r\n", {{"http.method", "GET"}, {"http.uri", "-"}, {"http.uri.raw", "-"}},
                {"http.request_line_invalid"}),
        request("DotsOnly", "GET /.. HTTP/1.1\r\n\r\n", {{"http.uri", "-"}, {"http.uri.raw", "/.."}},
                {"http.uri_above_root"}),
        request("Authority", "CONNECT h.com:443 HTTP/1.1\r\n\r\n",
                {{"http.uri", "-"}, {"http.uri.raw", "h.com:443"}, {"http.host", "h.com"}}),
        request("OldStyle", "GET /old\r\n",
                {{"http.uri", "/old"}, {"http.protocol", "-"}, {"http.header.raw", "-"}},
                {"http.request_line_invalid"})),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    RequestHeaders, HttpTalk,
    testing::Values(
        request("RepeatedAreJoined", "GET / HTTP/1.1\r\nX-A: 1\r\nHost: h\r\nx-a:2 \r\nX-a:\t3\r\n\r\n",
                {{"http.header", "X-A: 1, 2, 3\r\nHost: h\r\n"},
                 {"http.header_names", "\r\nX-A\r\nHost\r\n\r\n"},
                 {"http.header.raw", "X-A: 1\r\nHost: h\r\nx-a:2 \r\nX-a:\t3\r\n\r\n"},
                 {"http.request_header", "X-A: 1, 2, 3"},
                 {"http.request_header", "Host: h", kClient, 0, 1},
                 {"http.request_header", "-", kClient, 0, 2}}),
        request("CookiesApart", "GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\nB: c\r\ncookie: b=2\r\n\r\n",
                {{"http.header", "Host: h\r\nB: c\r\n"},
                 {"http.cookie", "a=1, b=2"},
                 {"http.start", "GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1, b=2\r\nB: c\r\n\r\n"}}),
        request("Folded", "GET / HTTP/1.1\r\nA: b\r\n c \r\n\td\r\nHost: h\r\n\r\n",
                {{"http.header", "A: b c \td\r\nHost: h\r\n"}}, {"http.header_folded"}),
        request("FoldedFirst", "GET / HTTP/1.1\r\n A: b\r\n\r\n", {{"http.header", "A: b\r\n"}},
                {"http.header_name_invalid"}),
        request("BlanksAround", "GET / HTTP/1.1\r\nHost :  h \t\r\nA:\r\n\r\n",
                {{"http.header", "Host: h\r\nA: \r\n"}, {"http.host", "h"}}, {"http.header_name_invalid"}),
        request("NoColon", "GET / HTTP/1.1\r\nHost: h\r\nnocolon\r\n\r\n",
                {{"http.header", "Host: h\r\n: nocolon\r\n"}, {"http.header_names", "\r\nHost\r\n\r\n\r\n"}},
                {"http.header_without_name"}),
        request("NulInside", "GET / HTTP/1.1\r\nA\0B: c\0d\r\n\r\n"s, {{"http.header", "A\0B: c\0d\r\n"s}},
                {"http.header_control_character", "http.header_name_invalid"}),
        request("LoneReturnInside", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", {{"http.header", "A: b\rc\r\n"}},
                {"http.header_control_character"}),
        request("Named",
                "GET / HTTP/1.1\r\nUser-Agent: u\r\nAccept: a\r\nAccept-Encoding: e\r\nAccept-Language: "
                "l\r\nReferer: "
                "r\r\nConnection: close\r\nContent-Type: t\r\nContent-Length: 0\r\n\r\n",
                {{"http.user_agent", "u"},
                 {"http.accept", "a"},
                 {"http.accept_enc", "e"},
                 {"http.accept_lang", "l"},
                 {"http.referer", "r"},
                 {"http.connection", "close"},
                 {"http.content_type", "t"},
                 {"http.content_len", "0"},
                 {"http.cookie", "-"},
                 {"http.host.raw", "-"}}),
        request("EmptyIsNotAbsent", "GET / HTTP/1.1\r\nHost:\r\nUser-Agent:\r\nCookie: \r\n\r\n",
                {{"http.user_agent", ""}, {"http.cookie", ""}, {"http.host.raw", ""}, {"http.host", "-"}}),
        request("HostWithPort", "GET / HTTP/1.1\r\nHost: EXAMPLE.com:80\r\n\r\n",
                {{"http.host", "example.com"}, {"http.host.raw", "EXAMPLE.com:80"}}),
        request("HostAddress6", "GET / HTTP/1.1\r\nHost: [FE80::1]:80\r\n\r\n", {{"http.host", "[fe80::1]"}}),
        request("HostOfTargetWins", "GET http://u:p@First.com:81/a HTTP/1.1\r\nHost: other\r\n\r\n",
                {{"http.host", "first.com"},
                 {"http.host.raw", "first.com"},
                 {"http.uri", "/a"},
                 {"http.uri.raw", "http://u:p@First.com:81/a"}},
                {"http.host_ambiguous"}),
        request("CutShort", "GET /a HTTP/1.1\r\nHost: h\r\nX: y", {{"http.header", "Host: h\r\n"}})),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    RequestBodies, HttpTalk,
    testing::Values(
        request("Length", post("Content-Length: 3\r\n\r\nabc"), {{"http.request_body", "abc"}}),
        request("LengthZero", post("Content-Length: 0\r\n\r\n"), {{"http.request_body", "-"}}),
        request("LengthOdd", post("Content-Length: +3x\r\n\r\nabc"), {{"http.request_body", "abc"}},
                {"http.content_length_invalid"}),
        request("LengthTwice", post("Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde"),
                {{"http.request_body", "abcde"}, {"http.content_len", "3"}},
                {"http.content_length_ambiguous"}),
        request("LengthOverflow", post("Content-Length: 99999999999999999999999\r\n\r\n"),
                {{"http.request_body", "-"}}, {"http.content_length_invalid"}),
        request("Chunked",
                post("Transfer-Encoding: chunked\r\n\r\n5;x=1\r\nabcde\r\n 3 \r\nfgh\r\n000\r\n\r\n"),
                {{"http.request_body", "abcdefgh"}}, {"http.chunk_size_ambiguous"}),
        request("ChunkedBeatsLength",
                post("Content-Length: 3\r\nTransfer-Encoding: CHUNKED\r\n\r\n5\nabcde\n0\n\n"),
                {{"http.request_body", "abcde"}}, {"http.chunk_line_end", "http.content_length_ambiguous"}),
        request("CutShortBody", post("Content-Length: 9\r\n\r\nabc"), {{"http.request_body", "abc"}}),
        Case{"ChunkSizeInvalid",
             {{kClient, post("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")}},
             {{"http.request_body", "abc"}},
             {"http.chunk_size_invalid"},
             Parsed::malformed},
        Case{"ChunkSizeTooLarge",
             {{kClient, post("Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n")}},
             {{"http.request_body", "-"}},
             {"http.chunk_size_invalid", "http.chunk_size_overflow"},
             Parsed::malformed}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Responses, HttpTalk,
    testing::Values(
        response("StatusLine", "HTTP/1.1 404 Not  Found \r\nContent-Length: 0\r\n\r\n",
                 {{"http.stat_code", "404"},
                  {"http.stat_msg", "Not  Found "},
                  {"http.protocol", "HTTP/1.1"},
                  {"http.response_line", "HTTP/1.1 404 Not  Found \r\n"},
                  {"http.start", "HTTP/1.1 404 Not  Found \r\n\r\nContent-Length: 0\r\n\r\n"}}),
        response("NoReason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                 {{"http.stat_code", "200"}, {"http.stat_msg", ""}}),
        response("Headers",
                 "HTTP/1.1 302 F\r\nLocation: l\r\nServer: s\r\nServer: t\r\nSet-Cookie: a\r\nSet-Cookie: "
                 "b\r\nContent-Length: 0\r\n\r\n",
                 {{"http.header", "Location: l\r\nServer: s, t\r\nContent-Length: 0\r\n"},
                  {"http.cookie", "a, b"},
                  {"http.location", "l"},
                  {"http.server", "s, t"},
                  {"http.response_header", "Server: s, t", kServer, 0, 1}}),
        response("LoneReturnsEndLines", "HTTP/1.1 200 OK\r\nA: b\rContent-Length: 2\r\n\r\nhi",
                 {{"http.header", "A: b\r\nContent-Length: 2\r\n"}, {"http.response_body", "hi"}},
                 {"http.line_end_invalid"}),
        response("UntilClose", "HTTP/1.1 200 OK\r\n\r\nall of it", {{"http.response_body", "all of it"}}),
        response("Chunked",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n3;e\r\n123\r\n0\r\n\r\n",
                 {{"http.response_body", "body123"}}),
        response("ChunkSizeInvalid",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\nzz\r\n1",
                 {{"http.response_body", "bodyzz\r\n1"}}, {"http.chunk_size_invalid"}),
        response("NoStatusLine", "<html>\r\nx",
                 {{"http.response_body", "<html>\r\nx"}, {"http.stat_code", "-"}, {"http.header.raw", "-"}},
                 {"http.status_line_missing"}),
        response("Gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + kHelloGzip,
                 {{"http.response_body", kHello}}),
        response("Zlib", "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + kHelloZlib,
                 {{"http.response_body", kHello}}),
        response("Deflate", "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + kHelloDeflate,
                 {{"http.response_body", kHello}}),
        response("NameOfCodingDecidesNothing",
                 "HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\n\r\n" + kHelloZlib,
                 {{"http.response_body", kHello}}),
        response("TwoLayers", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\n" + kHelloGzipGzip,
                 {{"http.response_body", kHello}}),
        response("LayersTooMany",
                 "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip\r\n\r\n" + kHelloGzipGzip,
                 {{"http.response_body", kHello}}, {"http.too_many_codings"}),
        response("NotCompressed", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain text here",
                 {{"http.response_body", "plain text here"}}, {"http.compressed_body_invalid"}),
        response("CodingUnknown", "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nabc",
                 {{"http.response_body", "abc"}}, {"http.coding_unknown"})),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Sequences, HttpTalk,
    testing::Values(
        Case{"Pipelined",
             {{kClient, "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n"},
              {kServer,
               "HTTP/1.1 200 A\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 201 B\r\nContent-Length: 9\r\n\r\n"
               "HTTP/1.1 304 C\r\nContent-Length: 9\r\n\r\n"}},
             {{"http.uri", "/2", kClient, 1},
              {"http.response_body", "x", kServer, 0},
              {"http.stat_code", "201", kServer, 1},
              {"http.stat_code", "304", kServer, 2}},
             {},
             Parsed::more,
             3},
        Case{"AnsweredEarly",
             {{kClient, post("Content-Length: 6\r\n\r\nabc")},
              {kServer, kOk},
              {kClient, "defGET /2 HTTP/1.1\r\n\r\n"},
              {kServer, kOk}},
             {{"http.request_body", "abcdef"}, {"http.uri", "/2", kClient, 1}},
             {},
             Parsed::more,
             2},
        Case{"Interim",
             {{kClient, post("Content-Length: 2\r\n\r\n")},
              {kServer, "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n"},
              {kClient, "hi"},
              {kServer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nho"}},
             {{"http.stat_code", "200", kServer},
              {"http.header", "Content-Length: 2\r\n", kServer},
              {"http.request_body", "hi"},
              {"http.response_body", "ho", kServer},
              {"http.stat_code", "100", kServer, 1},
              {"http.header", "X: 1\r\n", kServer, 1},
              {"http.uri", "-", kClient, 1},
              {"http.stat_code", "103", kServer, 2},
              {"http.header", "Link: a\r\n", kServer, 2}},
             {},
             Parsed::more,
             3},
        Case{"InterimToOneOfTwo",
             {{kClient, "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"},
              {kServer, kOk + "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 201 B\r\nContent-Length: 0\r\n\r\n"}},
             {{"http.stat_code", "200", kServer},
              {"http.stat_code", "201", kServer, 1},
              {"http.stat_code", "103", kServer, 2}},
             {},
             Parsed::more,
             3},
        Case{"InterimOnly",
             {{kClient, "GET /1 HTTP/1.1\r\n\r\n"}, {kServer, "HTTP/1.1 100 Continue\r\nX: 1\r\n"}},
             {{"http.stat_code", "-", kServer}, {"http.header", "X: 1\r\n", kServer, 1}},
             {},
             Parsed::more,
             2},
        Case{"InterimUnasked",
             {{kServer, "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\n" + kOk}},
             {{"http.stat_code", "200", kServer}},
             {"http.response_without_request"}},
        Case{"RequestTrailers",
             {{kClient,
               post("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: r\r\nhost: i\r\n j\r\n\r\n") +
                   "GET /2 HTTP/1.1\r\n\r\n"},
              {kServer, kOk + "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"}},
             {{"http.header", "Host: h\r\nTransfer-Encoding: chunked\r\n"},
              {"http.request_body", "ab"},
              {"http.stat_code", "200", kServer},
              {"http.uri", "/a", kClient, 1},
              {"http.header", "Host: h, i j\r\nTransfer-Encoding: chunked\r\nT: r\r\n", kClient, 1},
              {"http.request_body", "-", kClient, 1},
              {"http.stat_code", "-", kServer, 1},
              {"http.uri", "/2", kClient, 2},
              {"http.stat_code", "404", kServer, 2}},
             {"http.header_folded", "http.host_ambiguous"},
             Parsed::more,
             3},
        Case{"ResponseTrailers",
             {{kClient, "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"},
              {kServer,
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: r\r\n\r\n" + kOk}},
             {{"http.header", "Transfer-Encoding: chunked\r\n", kServer},
              {"http.header_names", "\r\nTransfer-Encoding\r\nT\r\n\r\n", kServer, 2},
              {"http.header.raw", "Transfer-Encoding: chunked\r\nT: r\r\n\r\n", kServer, 2},
              {"http.stat_code", "200", kServer, 1}},
             {},
             Parsed::more,
             3},
        Case{"TrailersCutShort",
             {{kClient, post("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: r\r\nU: x")}},
             {{"http.header", "Host: h\r\nTransfer-Encoding: chunked\r\nT: r\r\n", kClient, 1}},
             {},
             Parsed::more,
             2},
        Case{"RequestOnly",
             {{kClient, "GET /1 HTTP/1.1\r\n\r\n"}},
             {{"http.uri", "/1"}, {"http.stat_code", "-", kServer}}},
        Case{"ResponseOnly",
             {{kServer, kOk}},
             {{"http.stat_code", "200", kServer}, {"http.uri", "-"}},
             {"http.response_without_request"}},
        Case{"StrayWordsEndWithTheNextRequest",
             {{kClient, "GET /1 HTTP/1.1\r\n\r\n"},
              {kServer, kOk + "stray"},
              {kClient, "GET /2 HTTP/1.1\r\n\r\n"},
              {kServer, kOk}},
             {{"http.response_body", "stray", kServer, 1}, {"http.stat_code", "200", kServer, 2}},
             {"http.response_without_request", "http.status_line_missing"},
             Parsed::more,
             3},
        Case{"Tunnel",
             {{kClient, "CONNECT h:443 HTTP/1.1\r\n\r\n"},
              {kServer, "HTTP/1.1 200 OK\r\n\r\n"},
              {kClient, "\x16\x03\x01"}},
             {},
             {},
             Parsed::finished},
        Case{"HttpInTunnel",
             {{kClient, "CONNECT h:80 HTTP/1.1\r\n\r\n"},
              {kServer, "HTTP/1.1 200 OK\r\n\r\n"},
              {kClient, "GET /in HTTP/1.1\r\n\r\n"},
              {kServer, kOk}},
             {{"http.uri", "/in", kClient, 1}},
             {},
             Parsed::more,
             2},
        Case{"TunnelRefused",
             {{kClient, "CONNECT h:80 HTTP/1.1\r\n\r\n"},
              {kServer, "HTTP/1.1 407 No\r\nContent-Length: 1\r\n\r\nx"},
              {kClient, "GET /2 HTTP/1.1\r\n\r\n"}},
             {{"http.uri", "/2", kClient, 1}, {"http.response_body", "x", kServer}},
             {},
             Parsed::more,
             2},
        Case{"Upgrade",
             {{kClient, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"},
              {kServer, "HTTP/1.1 101 S\r\n\r\n\x81\x05"}},
             {{"http.stat_code", "101", kServer}},
             {},
             Parsed::finished},
        Case{
            "NotHttp", {{kClient, "\x01\x02\x03"}}, {}, {"http.request_line_invalid"}, Parsed::malformed, 0}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::http
