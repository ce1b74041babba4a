// SPDX-License-Identifier: Apache-2.0
// Rules whose content stands near the beginning of what they look at, however that is cut.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::TestTcp;

struct Case {
  std::string name;
  std::string options;
  std::string said;  // by the client
  std::string alerts;
};

class StreamHead : public testing::TestWithParam<Case> {};

// Streams alone are told by flow:only_stream, so that where segments end says nothing.
TEST_P(StreamHead, HoweverItIsCut) {
  const Case& row = GetParam();
  Line line("alert tcp any any -> any any (flow:to_server,established,only_stream; " + row.options +
            " sid:1;)");
  for (std::uint16_t piece = 1; piece <= row.said.size(); ++piece) {
    TestTcp talk(traffic::kClient, static_cast<std::uint16_t>(40000 + piece), traffic::kServer, 4444);
    talk.handshake().segment_size(piece).client(row.said);
    line.send_all(talk.frames());
    EXPECT_EQ(line.alerts(), row.alerts) << "in pieces of " << piece;
  }
}

std::string at(std::size_t place, const std::string& text) { return std::string(place, '.') + text + "...."; }

INSTANTIATE_TEST_SUITE_P(
    Streams, StreamHead,
    testing::Values(Case{"First", "content:\"qxz\"; depth:3;", at(0, "qxz"), "1:alert"},
                    Case{"StartsWith", "content:\"qxz\"; startswith;", at(0, "qxz"), "1:alert"},
                    Case{"Late", "content:\"qxz\"; depth:3;", at(1, "qxz"), ""},
                    Case{"LastOfTheHead", "content:\"qxz\"; depth:64;", at(61, "qxz"), "1:alert"},
                    Case{"BehindTheHead", "content:\"qxz\"; depth:64;", at(62, "qxz"), ""},
                    Case{"BeyondTheHead", "content:\"qxz\"; depth:65;", at(62, "qxz"), "1:alert"},
                    Case{"Offset", "content:\"qxz\"; offset:60; depth:4;", at(60, "qxz"), "1:alert"},
                    Case{"OffsetBeyond", "content:\"qxz\"; offset:62; depth:4;", at(63, "qxz"), "1:alert"},
                    Case{"OffsetAlone", "content:\"qxz\"; offset:70;", at(71, "qxz"), "1:alert"},
                    Case{"MoreLater", "content:\"qxz\"; depth:3; content:\"later\";",
                         at(0, "qxz") + at(90, "later"), "1:alert"}),
    by_name);

// A place may be meant in the packet as well as in the stream.
TEST(PacketHead, OfEachPacket) {
  Line line(
      "alert tcp any any -> any any (flow:to_server; content:\"qxz\"; depth:3; sid:1;)\n"
      "alert tcp-pkt any any -> any any (flow:to_server; content:\"wvk\"; offset:2; depth:4; sid:2;)\n");
  TestTcp talk(traffic::kClient, 40000, traffic::kServer, 4444);
  talk.handshake().client("first words, longer than the head that is looked at: sixty-four bytes");
  talk.client("qxz").client(".qxz").client("..wvk").client("...wvk").client("....wvk");
  line.send_all(talk.frames());
  EXPECT_EQ(line.alerts(), "1:alert 2:alert 2:alert");
}

TEST(BodyHead, HoweverItIsCut) {
  const std::string body = "qxz0123456789";
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n" + body;
  Line line(
      "alert http any any -> any any (file.data; content:\"qxz\"; startswith; sid:1;)\n"
      "alert http any any -> any any (file.data; content:\"xz0\"; depth:3; sid:2;)\n"
      "alert http any any -> any any (file.data; content:\"789\"; offset:9; depth:4; sid:3;)\n");
  for (std::uint16_t piece = 1; piece <= answer.size(); ++piece) {
    TestTcp talk(traffic::kClient, static_cast<std::uint16_t>(40000 + piece));
    talk.handshake().client("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").segment_size(piece).server(answer);
    line.send_all(talk.frames());
    EXPECT_EQ(line.alerts(), "1:alert 3:alert") << "in pieces of " << piece;
  }
}

}  // namespace
}  // namespace bansoko::engine
