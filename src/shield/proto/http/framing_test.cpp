// SPDX-License-Identifier: Apache-2.0
// How requests and answers are framed where receivers differ: docs/http.md has the same shapes.
#include <gtest/gtest.h>

#include "shield/proto/http/recorder.h"
#include "shield/proto/http/test_bodies.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

using namespace std::string_literals;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const std::string kChunk = "5\r\nabcde\r\n0\r\n\r\n";

struct Shape {
  std::string name;
  std::string head;  // headers of a POST, each with its end
  std::string body;  // what stands after the headers
  std::string read;  // of it, the body; "-": none
  std::set<std::string> anomalies = {};
  bool is_followed = true;  // the request after it is read as one
  Parsed result = Parsed::more;
  std::size_t next = 1;  // number of its transaction
};

/// Each shape is followed by another request: where its body ends shows in what that is taken for.
class HttpShape : public testing::TestWithParam<Shape> {
 protected:
  void run(std::size_t most) const {
    const Shape& shape = GetParam();
    const std::string request = "POST /1 HTTP/1.1\r\nHost: h\r\n" + shape.head + "\r\n" + shape.body;
    const std::vector<Said> talk{{Side::client, request + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"},
                                 {Side::server, kOk + kOk}};
    Recorder seen;
    const LoneParser parser(describe());
    parser->reset({.wanted = all_but_sums()});
    EXPECT_EQ(replay(*parser, seen, talk, most), shape.result);
    EXPECT_EQ(seen.faults, std::vector<std::string>());
    EXPECT_EQ(seen.anomalies, shape.anomalies);
    EXPECT_EQ(seen.value(0, Side::client, "http.request_body"), shape.read);
    EXPECT_EQ(seen.value(shape.next, Side::client, "http.uri"), shape.is_followed ? "/2" : "-");
  }
};

TEST_P(HttpShape, Whole) { run(1U << 20U); }
TEST_P(HttpShape, SplitAtEveryByte) { run(1); }

Shape chunks(std::string name, std::string body, std::string read, std::set<std::string> anomalies) {
  return {std::move(name), "Transfer-Encoding: chunked\r\n", std::move(body), std::move(read),
          std::move(anomalies)};
}

Shape coding(std::string name, std::string head, std::set<std::string> anomalies) {
  return {std::move(name), std::move(head), kChunk, "abcde", std::move(anomalies)};
}

INSTANTIATE_TEST_SUITE_P(
    Chunks, HttpShape,
    testing::Values(
        chunks("Plain", kChunk, "abcde", {}), chunks("Extension", "5;a=b\r\nabcde\r\n0\r\n\r\n", "abcde", {}),
        chunks("BlankAfterSize", "5 \r\nabcde\r\n0\t;x\r\n\r\n", "abcde", {}),
        chunks("ZerosBefore", "000000000000000000005\r\nabcde\r\n0000\r\n\r\n", "abcde", {}),
        Shape{.name = "Trailer",
              .head = "Transfer-Encoding: chunked\r\n",
              .body = "5\r\nabcde\r\n0\r\nX: y\r\n\r\n",
              .read = "abcde",
              .next = 2},
        chunks("LineFeedEndsSize", "5\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_line_end"}),
        chunks("LineFeedEndsExtension", "5;a\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_line_end"}),
        chunks("LineFeedEndsData", "5\r\nabcde\n0\r\n\r\n", "abcde", {"http.chunk_line_end"}),
        chunks("ReturnInExtension", "5;a\rb\r\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_line_end"}),
        chunks("ReturnTwice", "5\r\r\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_line_end"}),
        chunks("BlankBefore", " 5\r\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_size_ambiguous"}),
        chunks("EmptyLineBefore", "\r\n5\r\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_size_ambiguous"}),
        chunks("LettersAfter", "5zz\r\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_size_ambiguous"}),
        chunks("LettersAfterBlank", "5 5\r\nabcde\r\n0\r\n\r\n", "abcde", {"http.chunk_size_ambiguous"}),
        chunks("BytesAfterData", "5\r\nabcdeXX\r\n0\r\n\r\n", "abcde", {"http.chunk_end_invalid"}),
        chunks("ReturnsAfterData", "5\r\nabcde\r\r\n0\r\n\r\n", "abcde", {"http.chunk_end_invalid"}),
        Shape{"Hexadecimal0x",
              "Transfer-Encoding: chunked\r\n",
              "0x5\r\n\r\n",
              "-",
              {"http.chunk_size_ambiguous"}},
        Shape{"SizeOf32Bits",
              "Transfer-Encoding: chunked\r\n",
              "80000000\r\n",
              "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
              {"http.chunk_size_overflow", "http.response_without_request"},
              false},
        Shape{"SizeOf33Bits",
              "Transfer-Encoding: chunked\r\n",
              "100000005\r\n",
              "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
              {"http.chunk_size_overflow", "http.response_without_request"},
              false},
        Shape{"SizeOf65Bits",
              "Transfer-Encoding: chunked\r\n",
              "10000000000000005\r\n",
              "-",
              {"http.chunk_size_invalid", "http.chunk_size_overflow"},
              false,
              Parsed::malformed},
        Shape{"Minus",
              "Transfer-Encoding: chunked\r\n",
              "-5\r\nabcde",
              "-",
              {"http.chunk_size_invalid"},
              false,
              Parsed::malformed}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Codings, HttpShape,
    testing::Values(
        coding("UpperCase", "Transfer-Encoding: CHUNKED\r\n", {}),
        coding("Tab", "Transfer-Encoding:\tchunked\r\n", {}),
        coding("Gzip", "Transfer-Encoding: gzip, chunked\r\n", {}),
        coding("Prefixed", "Transfer-Encoding: xchunked\r\n",
               {"http.transfer_coding_order", "http.transfer_coding_unknown"}),
        coding("Quoted", "Transfer-Encoding: \"chunked\"\r\n",
               {"http.transfer_coding_order", "http.transfer_coding_unknown"}),
        coding("Parameter", "Transfer-Encoding: chunked;a=b\r\n",
               {"http.transfer_coding_order", "http.transfer_coding_unknown"}),
        coding("IdentityAfter", "Transfer-Encoding: chunked, identity\r\n", {"http.transfer_coding_order"}),
        coding("IdentityBefore", "Transfer-Encoding: identity, chunked\r\n", {"http.transfer_coding_order"}),
        coding("Twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
               {"http.transfer_coding_order"}),
        coding("TwoLines", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
               {"http.transfer_coding_order"}),
        coding("Two", "Transfer-Encoding: chunked\r\ntransfer-encoding: x\r\n",
               {"http.transfer_coding_order", "http.transfer_coding_unknown"}),
        coding("VerticalTabBefore",
               "Transfer-Encoding: \x0b"
               "chunked\r\n",
               {"http.header_control_character"}),
        coding("VerticalTabAfter", "Transfer-Encoding: chunked\x0b\r\n", {"http.header_control_character"}),
        coding("FormFeed",
               "Transfer-Encoding: \x0c"
               "chunked\r\n",
               {"http.header_control_character"}),
        coding("Nul", "Transfer-Encoding: chunked\0\r\n"s,
               {"http.header_control_character", "http.transfer_coding_order",
                "http.transfer_coding_unknown"}),
        coding("BlankBeforeColon", "Transfer-Encoding : chunked\r\n", {"http.header_name_invalid"}),
        coding("Folded", "Transfer-Encoding:\r\n chunked\r\n", {"http.header_folded"}),
        coding("FoldedWithLineFeed", "Transfer-Encoding:\n chunked\r\n",
               {"http.header_folded", "http.line_end_invalid"}),
        coding("LineFeedOnly", "Transfer-Encoding: chunked\n", {"http.line_end_invalid"}),
        coding("LengthToo", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
               {"http.content_length_ambiguous"}),
        coding("LengthAfter", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
               {"http.content_length_ambiguous"}),
        Shape{"Underscore", "Transfer_Encoding: chunked\r\nContent-Length: 5\r\n", "abcde", "abcde"},
        Shape{"IdentityAlone",
              "Transfer-Encoding: identity\r\nContent-Length: 5\r\n",
              "abcde",
              "abcde",
              {"http.content_length_ambiguous", "http.transfer_coding_order"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Lengths, HttpShape,
    testing::Values(
        Shape{"Equal",
              "Content-Length: 5\r\nContent-Length: 5\r\n",
              "abcde",
              "abcde",
              {"http.content_length_repeated"}},
        Shape{"Different",
              "Content-Length: 5\r\nContent-Length: 3\r\n",
              "abcde",
              "abcde",
              {"http.content_length_ambiguous"}},
        Shape{"List", "Content-Length: 5, 5\r\n", "abcde", "abcde", {"http.content_length_invalid"}},
        Shape{"Plus", "Content-Length: +5\r\n", "abcde", "abcde", {"http.content_length_invalid"}},
        Shape{"Minus", "Content-Length: -5\r\n", "abcde", "abcde", {"http.content_length_invalid"}},
        Shape{"Hexadecimal", "Content-Length: 0x5\r\n", "", "-", {"http.content_length_invalid"}},
        Shape{"Letters", "Content-Length: 5x\r\n", "abcde", "abcde", {"http.content_length_invalid"}},
        Shape{
            "Overflow", "Content-Length: 99999999999999999999\r\n", "", "-", {"http.content_length_invalid"}},
        Shape{"Empty", "Content-Length:\r\n", "", "-", {"http.content_length_invalid"}},
        Shape{"BlankBeforeColon", "Content-Length : 5\r\n", "abcde", "abcde", {"http.header_name_invalid"}},
        Shape{"None", "", "", "-"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Compressed, HttpShape,
    testing::Values(
        Shape{"TwoMembers",
              "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(2 * kHelloGzip.size()) + "\r\n",
              kHelloGzip + kHelloGzip,
              kHello + kHello,
              {"http.compressed_members"}},
        Shape{"WhatFollowsIsNoMember",
              "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(kHelloGzip.size() + 3) + "\r\n",
              kHelloGzip + "\x1f..", kHello},
        Shape{"DeflateInGzipName",
              "Content-Encoding: x-gzip\r\nContent-Length: " + std::to_string(kHelloDeflate.size()) + "\r\n",
              kHelloDeflate, kHello}),
    by_name);

struct Odd {
  std::string name;
  std::string request;
  std::set<std::string> anomalies;
  std::string method = "GET";
};

class HttpOddHead : public testing::TestWithParam<Odd> {};

TEST_P(HttpOddHead, IsReadAndTold) {
  for (const std::size_t most : {std::size_t{1}, std::size_t{65536}}) {
    Recorder seen;
    const LoneParser parser(describe());
    parser->reset({.wanted = ~std::uint64_t{0}});
    EXPECT_EQ(replay(*parser, seen, {{Side::client, GetParam().request}, {Side::server, kOk}}, most),
              Parsed::more);
    EXPECT_EQ(seen.anomalies, GetParam().anomalies);
    EXPECT_EQ(seen.value(0, Side::client, "http.uri"), "/a");
    EXPECT_EQ(seen.value(0, Side::client, "http.method"), GetParam().method);
    EXPECT_EQ(seen.faults, std::vector<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Http, HttpOddHead,
    testing::Values(
        Odd{"LowerCaseMethod", "get /a HTTP/1.1\r\nHost: h\r\n\r\n", {"http.method_lower_case"}, "get"},
        Odd{"NoVersion", "GET /a\r\nHost: h\r\n\r\n", {"http.protocol_missing", "http.request_line_invalid"}},
        Odd{"AuthorizationTurbo",
            "GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: Turbo x\r\n\r\n",
            {"http.authorization_unknown"}},
        Odd{"AuthorizationBearer", "GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: bearer x\r\n\r\n", {}},
        Odd{"Version1_2", "GET /a HTTP/1.2\r\nHost: h\r\n\r\n", {"http.version_unknown"}},
        Odd{"LowerCaseVersion", "GET /a http/1.1\r\nHost: h\r\n\r\n", {"http.version_unknown"}},
        Odd{"VersionWithZero", "GET /a HTTP/01.1\r\nHost: h\r\n\r\n", {"http.version_unknown"}},
        Odd{"EmptyLinesBefore", "\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n", {}},
        Odd{"TwoHosts", "GET /a HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", {"http.host_ambiguous"}},
        Odd{"AnotherHostInTarget", "GET http://i/a HTTP/1.1\r\nHost: h\r\n\r\n", {"http.host_ambiguous"}},
        Odd{"SameHostInTarget", "GET http://H:80/a HTTP/1.1\r\nHost: h\r\n\r\n", {}},
        Odd{"ChunkedInOldVersion",
            "GET /a HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            {"http.chunked_in_old_version"}},
        Odd{"NoColon", "GET /a HTTP/1.1\r\nnocolon\r\n\r\n", {"http.header_without_name"}},
        Odd{"NulInValue", "GET /a HTTP/1.1\r\nX: a\0b\r\n\r\n"s, {"http.header_control_character"}},
        Odd{"TabInValue", "GET /a HTTP/1.1\r\nX: a\tb and more\r\n\r\n", {}},
        Odd{"LateControl",
            "GET /a HTTP/1.1\r\nX: abcdefghijklm\x01n\r\n\r\n",
            {"http.header_control_character"}},
        Odd{"HighIsNoControl", "GET /a HTTP/1.1\r\nX: \xe3\x81\x82\x80\xff\r\n\r\n", {}}),
    by_name);

// The names of a message's anomalies are a buffer that rules can look into, in the order they were found.
TEST(HttpAnomalyBuffer, HoldsTheNames) {
  Recorder seen;
  const LoneParser parser(describe());
  parser->reset({.wanted = ~std::uint64_t{0}});
  replay(*parser, seen,
         {{Side::client, "post /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\nabcde\r\n-"},
          {Side::server, "HTTP/1.1 200 OK\r\n folded: x\r\nContent-Length: x\r\n\r\n"}},
         65536);
  EXPECT_EQ(seen.value(0, Side::client, "http.anomaly", 0), "method_lower_case");
  EXPECT_EQ(seen.value(0, Side::client, "http.anomaly", 1), "chunk_line_end");
  EXPECT_EQ(seen.value(0, Side::client, "http.anomaly", 2), "chunk_size_invalid");
  EXPECT_EQ(seen.value(0, Side::client, "http.anomaly", 3), "-");
  EXPECT_EQ(seen.value(0, Side::server, "http.anomaly", 0), "-");  // nobody feeds a parser that gave up
}

TEST(HttpAnomalyBuffer, IsEmptyWhereNothingIsOdd) {
  Recorder seen;
  const LoneParser parser(describe());
  parser->reset({.wanted = ~std::uint64_t{0}});
  replay(*parser, seen, {{Side::client, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"}, {Side::server, kOk}}, 65536);
  EXPECT_EQ(seen.value(0, Side::client, "http.anomaly"), "-");
  EXPECT_EQ(seen.value(0, Side::server, "http.anomaly"), "-");
}

}  // namespace
}  // namespace bansoko::proto::http
