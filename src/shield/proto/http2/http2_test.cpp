// SPDX-License-Identifier: Apache-2.0
// What rules see of requests and answers.
#include <gtest/gtest.h>

#include "shield/proto/http/test_bodies.h"
#include "shield/proto/http2/test_frames.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
const Protocol& describe();
}

namespace bansoko::proto::http2 {
namespace {

using namespace std::string_literals;

struct Case {
  std::string name;
  std::vector<Said> talk;
  std::vector<std::pair<std::string, std::string>> want;  // as Witness::value(); SETTINGS are 0 and 1
  std::set<std::string> anomalies = {};
  Parsed result = Parsed::more;
};

class Http2Talk : public testing::TestWithParam<Case> {
 protected:
  static void run(std::size_t piece) {
    const LoneParser parser(describe());
    parser->reset({.wanted = ~0ULL});
    Witness seen(describe());
    EXPECT_EQ(follow(*parser, GetParam().talk, piece, seen), GetParam().result);
    for (const auto& [key, value] : GetParam().want) EXPECT_EQ(seen.value(key), value) << key;
    EXPECT_EQ(seen.anomalies, GetParam().anomalies);
    EXPECT_EQ(seen.faults, std::set<std::string>());
  }
};

TEST_P(Http2Talk, Whole) { run(SIZE_MAX); }
TEST_P(Http2Talk, ByteByByte) { run(1); }
TEST_P(Http2Talk, InSevens) { run(7); }

/// Transactions: both SETTINGS, then the request is 2 if all of the client's come first.
std::vector<Said> after_settings(const std::string& client_bytes, const std::string& server_bytes = {}) {
  return {client(std::string(http::kHttp2Preface) + settings()), server(settings()), client(client_bytes),
          server(server_bytes)};
}

Case talk(std::string name, const std::string& client_bytes, const std::string& server_bytes,
          std::vector<std::pair<std::string, std::string>> want, std::set<std::string> anomalies = {}) {
  return {std::move(name), after_settings(client_bytes, server_bytes), std::move(want), std::move(anomalies)};
}

const std::string kAttack = "/a/%2e%2e/b?x=%27";

INSTANTIATE_TEST_SUITE_P(
    Requests, Http2Talk,
    testing::Values(
        talk("Get", headers(1, get(kAttack, {{"user-agent", "sqlmap"}, {"x-a", "1"}}), kWhole),
             headers(1, ok(), kWhole),
             {{"2 http.method", "GET"},
              {"2 http.uri", "/b?x='"},
              {"2 http.uri.raw", kAttack},
              {"2 http.protocol", "HTTP/2"},
              {"2 http.request_line", "GET " + kAttack + " HTTP/2"},
              {"2 http.host", "h.example"},
              {"2 http.user_agent", "sqlmap"},
              {"2 http.header", "Host: h.example\r\nUser-Agent: sqlmap\r\nX-A: 1\r\n"},
              {"2 http.header_names", "\r\nHost\r\nUser-Agent\r\nX-A\r\n\r\n"},
              {"2 http.header.raw", ":method: GET\r\n:scheme: http\r\n:path: " + kAttack +
                                        "\r\n:authority: h.example\r\nuser-agent: sqlmap\r\nx-a: 1\r\n"},
              {"2 http.request_header", ":method: GET"},
              {"2 http.request_header#4", "user-agent: sqlmap"},
              {"2 http.request_header#7", "User-Agent: sqlmap"},
              {"2 http2.header#3", ":authority: h.example"},
              {"2 http2.header_name#5", "x-a"},
              {"2 http2.frametype", "1"},
              {"2 http2.stream", "1"},
              {"2 http2.header_count", "6"},
              {"2 server http.stat_code", "200"},
              {"2 server http.protocol", "HTTP/2"}}),
        talk("CookieCrumbs",
             headers(1, get("/", {{"cookie", "a=1"}, {"accept", "*/*"}, {"cookie", "b=2"}}), kWhole), "",
             {{"2 http.cookie", "a=1; b=2"}, {"2 http.header", "Host: h.example\r\nAccept: */*\r\n"}}),
        talk("PostInPieces",
             headers(1, post({{"content-type", "text/plain"}, {"content-length", "11"}})) +
                 data(1, "hello ", 0) + data(1, "world"),
             headers(1, ok()) + data(1, "bye"),
             {{"2 http.request_body", "hello world"},
              {"2 file.data", "hello world"},
              {"2 file.name", "/p"},
              {"2 server http.response_body", "bye"},
              {"2 server file.data", "bye"},
              {"3 http2.frametype", "0"},
              {"3 http2.length", "6"},
              {"5 http2.frametype", "-"}}),
        talk("Form",
             headers(1, post({{"content-type", "multipart/form-data; boundary=B"}})) +
                 data(1,
                      "--B\r\nContent-Disposition: form-data; name=\"f\"; "
                      "filename=\"x.php\"\r\n\r\n<?php\r\n--B--\r\n"),
             "", {{"2 file.data", "<?php"}, {"2 file.name", "x.php"}}),
        talk("Gzip", headers(1, get("/"), kWhole),
             headers(1, ok({{"content-encoding", "gzip"}, {"server", "s"}})) + data(1, http::kHelloGzip),
             {{"2 server http.response_body", http::kHello}, {"2 server http.server", "s"}}),
        talk("StreamsMixed",
             headers(1, post()) + headers(3, post()) + data(3, "th", 0) + data(1, "on", 0) + data(3, "ree") +
                 data(1, "e"),
             headers(3, ok()) + headers(1, ok()) + data(1, "1") + data(3, "3"),
             {{"2 http.request_body", "one"},
              {"3 http.request_body", "three"},
              {"2 server http.response_body", "1"},
              {"3 server http.response_body", "3"}}),
        talk("Connect",
             headers(1, {{":method", "CONNECT"}, {":authority", "h.example:443"}}) + data(1, "bytes", 0), "",
             {{"2 http.method", "CONNECT"},
              {"2 http.uri", "-"},
              {"2 http.host", "h.example"},
              {"2 http.request_body", "bytes"}}),
        talk("WebSocket",
             headers(1, {{":method", "CONNECT"},
                         {":protocol", "websocket"},
                         {":scheme", "http"},
                         {":path", "/chat"},
                         {":authority", "h.example"}}),
             "", {{"2 http.uri", "/chat"}, {"2 http.host", "h.example"}}),
        talk("HostAlone",
             headers(1, {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", "H.example"}},
                     kWhole),
             "", {{"2 http.host", "h.example"}, {"2 http.header", "Host: H.example\r\n"}})),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    HeaderBlocks, Http2Talk,
    testing::Values(
        talk("Continued",
             frame(FrameType::headers, kFlagEndStream, 1, block_of(get("/x")).substr(0, 20)) +
                 frame(FrameType::continuation, 0, 1, block_of(get("/x")).substr(20, 3)) +
                 frame(FrameType::continuation, kFlagEndHeaders, 1, block_of(get("/x")).substr(23)),
             "",
             {{"2 http2.frametype", "9"},
              {"3 http2.frame_number", "2"},
              {"4 http.uri", "/x"},
              {"4 http2.continuations", "2"},
              {"4 http2.header_block_size", std::to_string(block_of(get("/x")).size())}}),
        talk("PaddedWithPriority",
             frame(FrameType::headers, kWhole | kFlagPadded | kFlagPriority, 3,
                   "\x04"s + number(0, 4) + "\x0f" + block_of(get("/x")) + "\0\0\0\0"s),
             "", {{"2 http.uri", "/x"}, {"2 http2.priority", "15"}}),
        talk("PaddedData",
             headers(1, post()) +
                 frame(FrameType::data, kWhole | kFlagPadded, 1, "\x03"s + "body" + "\0\0\0"s),
             "", {{"2 http.request_body", "body"}}),
        talk("DynamicTable",
             frame(FrameType::headers, kWhole, 1, block_of(get("/a")) + added("user-agent", "one")) +
                 frame(FrameType::headers, kWhole, 3, block_of(get("/b")) + indexed(62)),
             "", {{"3 http.uri", "/b"}, {"3 http.user_agent", "one"}}),
        talk("SizeUpdate",
             frame(FrameType::headers, kWhole, 1, size_update(0) + size_update(100) + block_of(get("/"))), "",
             {{"2 http2.size_update", "0"}}),
        talk("Trailers", headers(1, post()) + data(1, "body", 0) + headers(1, {{"x-end", "1"}}, kWhole), "",
             {{"2 http.request_body", "body"},
              {"2 http.header", "Host: h.example\r\n"},
              {"4 http.header", "Host: h.example\r\nX-End: 1\r\n"},
              {"4 http.uri", "/p"}}),
        talk("Interim", headers(1, get("/"), kWhole),
             headers(1, {{":status", "103"}, {"link", "l"}}) + headers(1, ok(), kWhole),
             {{"2 server http.stat_code", "200"}, {"3 server http.stat_code", "103"}}),
        talk("Promise", headers(1, get("/"), kWhole),
             frame(FrameType::push_promise, kFlagEndHeaders, 1, number(2, 4) + block_of(get("/pushed"))) +
                 headers(1, ok(), kWhole) + headers(2, ok()) + data(2, "pushed"),
             {{"3 server http2.frametype", "5"},
              {"3 server http2.header#2", ":path: /pushed"},
              {"2 server http.stat_code", "200"},
              {"4 server http.response_body", "pushed"}})),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Malformed, Http2Talk,
    testing::Values(
        talk("UpperCase", headers(1, get("/", {{"X-A", "1"}}), kWhole), "",
             {{"2 http.header_names", "\r\nHost\r\nX-A\r\n\r\n"}}, {"http2.header_upper_case"}),
        talk("LineEndInValue", headers(1, get("/", {{"x-a", "1\r\nTransfer-Encoding: chunked"}}), kWhole), "",
             {{"2 http.header", "Host: h.example\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n"}},
             {"http.header_control_character"}),
        talk("LineEndInPath", headers(1, get("/a HTTP/1.1\r\nx: y"), kWhole), "",
             {{"2 http.uri.raw", "/a HTTP/1.1\r\nx: y"}}, {"http.uri_control_character"}),
        talk("ColonInName", headers(1, get("/", {{"x:a", "1"}}), kWhole), "", {},
             {"http.header_name_invalid"}),
        talk("TransferEncoding",
             headers(1, post({{"transfer-encoding", "chunked"}})) + data(1, "0\r\n\r\nGET /x"), "",
             {{"2 http.request_body", "0\r\n\r\nGET /x"}}, {"http2.connection_header"}),
        talk("TeTrailers", headers(1, get("/", {{"te", "trailers"}}), kWhole), "", {}),
        talk("TeOther", headers(1, get("/", {{"te", "gzip"}}), kWhole), "", {}, {"http2.connection_header"}),
        talk("LengthTooSmall", headers(1, post({{"content-length", "1"}})) + data(1, "body"), "",
             {{"2 http.request_body", "body"}}, {"http2.content_length_mismatch"}),
        talk("LengthWithoutBody", headers(1, post({{"content-length", "1"}}), kWhole), "", {},
             {"http2.content_length_mismatch"}),
        talk("NotModified", headers(1, get("/"), kWhole),
             headers(1, {{":status", "304"}, {"content-length", "9"}}, kWhole), {}),
        talk("HostDiffers", headers(1, get("/", {{"host", "other"}}), kWhole), "",
             {{"2 http.host", "h.example, other"}}, {"http2.authority_host_mismatch", "http.host_ambiguous"}),
        talk("Userinfo",
             headers(1, {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {":authority", "u:p@h"}},
                     kWhole),
             "", {}, {"http2.userinfo_in_uri"}),
        talk("PathTwice", headers(1, get("/a", {{":path", "/b"}}), kWhole), "", {{"2 http.uri", "/a"}},
             {"http2.pseudo_header_invalid"}),
        talk("NoPath", headers(1, {{":method", "GET"}, {":scheme", "http"}}, kWhole), "",
             {{"2 http.uri.raw", "-"}}, {"http2.pseudo_header_invalid"}),
        talk("PseudoBehind",
             headers(1, {{":method", "GET"}, {":scheme", "http"}, {"a", "b"}, {":path", "/"}}, kWhole), "",
             {{"2 http.uri", "/"}}, {"http2.pseudo_header_invalid"}),
        talk("UnknownPseudo", headers(1, get("/", {{":x", "y"}}), kWhole), "",
             {{"2 http2.header#4", ":x: y"}}, {"http2.pseudo_header_invalid"}),
        talk("LowerCaseMethod", headers(1, {{":method", "get"}, {":scheme", "http"}, {":path", "/"}}, kWhole),
             "", {{"2 http.method", "get"}}, {"http.method_lower_case"}),
        talk("IndexUnknown", frame(FrameType::headers, kWhole, 1, indexed(99) + block_of(get("/x"))), "",
             {{"2 http.uri", "/x"}}, {"http2.invalid_header", "http2.header_unknown"}),
        talk("BlockCutShort", frame(FrameType::headers, kWhole, 1, block_of(get("/x")) + "\x00\x05xx"s), "",
             {{"2 http.uri", "/x"}}, {"http2.invalid_header", "http2.header_unknown"}),
        talk("FrameWithinBlock",
             frame(FrameType::headers, kFlagEndStream, 1, block_of(get("/x"))) +
                 frame(FrameType::ping, 0, 0, "12345678") +
                 frame(FrameType::continuation, kFlagEndHeaders, 1, literal("x-late", "1")),
             "", {{"2 http.uri", "/x"}, {"2 http.header", "Host: h.example\r\n"}},
             {"http2.invalid_frame_header"})),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Streams, Http2Talk,
    testing::Values(
        talk("DataBeforeHeaders", data(1, "x"), "", {{"2 http.request_body", "x"}}, {"http2.stream_unknown"}),
        talk("DataBehindTheEnd", headers(1, get("/"), kWhole) + data(1, "more"), "",
             {{"2 http.request_body", "-"}}, {"http2.stream_closed"}),
        talk("Reused", headers(3, get("/a"), kWhole) + headers(1, get("/b"), kWhole), "",
             {{"3 http.uri", "/b"}}, {"http2.stream_id_reuse"}),
        talk("EvenFromClient", headers(2, get("/a"), kWhole), "", {{"2 http.uri", "/a"}},
             {"http2.invalid_frame_header"}),
        talk("AnswerToNothing", "", headers(3, ok()) + data(3, "body"),
             {{"2 server http.response_body", "body"}}, {"http2.stream_unknown"}),
        talk("AnswerBehindReset",
             headers(1, get("/"), kWhole) + frame(FrameType::rst_stream, 0, 1, number(8, 4)) +
                 headers(3, get("/b"), kWhole),
             headers(1, ok()) + data(1, "late") + headers(3, ok(), kWhole),
             {{"3 http2.errorcode", "8"},
              {"2 server http.stat_code", "-"},
              {"4 server http.stat_code", "200"}}),
        talk("DataOnZero", headers(1, get("/"), kWhole) + data(0, "x"), "", {}, {"http2.data_stream_zero"}),
        talk("AnswerWithoutHead", headers(1, get("/"), kWhole), data(1, "body"),
             {{"2 server http.response_body", "body"}}, {"http2.stream_unknown"})),
    by_name);

Case preface(std::string name, std::string bytes, std::set<std::string> anomalies) {
  return {std::move(name), {client(std::move(bytes))}, {}, std::move(anomalies), Parsed::malformed};
}

INSTANTIATE_TEST_SUITE_P(
    Beginning, Http2Talk,
    testing::Values(preface("NoPreface", "GET / HTTP/1.1\r\n\r\n", {"http2.invalid_client_magic"}),
                    preface("HttpBehindPreface", std::string(http::kHttp2Preface) + "GET / HTTP/1.1\r\n\r\n",
                            {"http2.invalid_frame_header"}),
                    Case{"ServerOfHttp1",
                         {client(std::string(http::kHttp2Preface) + settings()),
                          server("HTTP/1.1 400 Bad Request\r\n\r\n")},
                         {},
                         {"http2.invalid_frame_header"},
                         Parsed::malformed}),
    by_name);

/// Notes to whom HTTP/1 hands over.
class Handed final : public TransactionSink {
 public:
  void on_progress(Transaction&, Side) noexcept override {}
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
  void on_handover(const Handover& handover) noexcept override { given = handover; }
  Handover given;
};

struct UpgradeCase {
  std::string name;
  std::string answer;
  std::string_view protocol;
};

class Http2Upgrade : public testing::TestWithParam<UpgradeCase> {};

TEST_P(Http2Upgrade, IsHandedOver) {
  const LoneParser parser(http::describe());
  parser->reset({.wanted = ~0ULL});
  Handed sink;
  follow(*parser,
         {client("GET / HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings:\r\n\r\n"),
          server("HTTP/1.1 " + GetParam().answer + "\r\n\r\n" + settings())},
         SIZE_MAX, sink);
  EXPECT_EQ(sink.given.protocol, GetParam().protocol);
  EXPECT_EQ(sink.given.left, GetParam().protocol.empty() ? 0U : settings().size());
}

INSTANTIATE_TEST_SUITE_P(Http2, Http2Upgrade,
                         testing::Values(UpgradeCase{"Granted", "101 Switching\r\nUpgrade: h2c", "http2"},
                                         UpgradeCase{"ToWebSocket", "101 Switching\r\nUpgrade: websocket",
                                                     ""},
                                         UpgradeCase{"Refused", "200 OK\r\nUpgrade: h2c", ""}),
                         by_name);

TEST(Http2Upgraded, StreamOneAnswers) {
  const LoneParser parser(describe());
  parser->reset({.wanted = ~0ULL});
  Witness seen(describe());
  follow(*parser,
         {server(settings() + headers(1, ok()) + data(1, "body")),
          client(std::string(http::kHttp2Preface) + settings())},
         5, seen);
  EXPECT_EQ(seen.value("1 server http.response_body"), "body");
  EXPECT_EQ(seen.anomalies, std::set<std::string>());
}

}  // namespace
}  // namespace bansoko::proto::http2
