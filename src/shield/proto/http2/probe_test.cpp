// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

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
  std::string bytes;
  Guess of_client;
  Guess of_server;
};

class Http2Probe : public testing::TestWithParam<Case> {};

TEST_P(Http2Probe, Guesses) {
  StreamChunk chunk;
  chunk.window = as_bytes(GetParam().bytes);
  EXPECT_EQ(describe().probe(chunk, {}), GetParam().of_client);
  chunk.from = Side::server;
  EXPECT_EQ(describe().probe(chunk, {}), GetParam().of_server);
}

const std::string kPreface(http::kHttp2Preface);

INSTANTIATE_TEST_SUITE_P(
    Http2, Http2Probe,
    testing::Values(Case{"Nothing", "", Guess::maybe, Guess::maybe}, Case{"P", "P", Guess::maybe, Guess::no},
                    Case{"PrefaceSoFar", kPreface.substr(0, 23), Guess::maybe, Guess::no},
                    Case{"Preface", kPreface, Guess::yes, Guess::no},
                    Case{"PrefaceAndMore", kPreface + settings(), Guess::yes, Guess::no},
                    Case{"Almost", "PRI * HTTP/2.0\r\n\r\nXM\r\n\r\n", Guess::no, Guess::no},
                    Case{"EmptySettings", settings(), Guess::no, Guess::maybe},
                    Case{"EmptySettingsAndMore", settings() + settings(), Guess::no, Guess::yes},
                    Case{"EmptySettingsAndZeros", settings() + "\0\0\0\0\0\0\0\0\0"s, Guess::no, Guess::no},
                    Case{"Settings", settings({{3, 100}}), Guess::no, Guess::yes},
                    Case{"SettingsSoFar", settings({{3, 100}}).substr(0, 7), Guess::no, Guess::maybe},
                    Case{"SettingsOfNoName", settings({{0, 100}}), Guess::no, Guess::no},
                    Case{"SettingsOnStream", frame(FrameType::settings, 0, 1, "123456"), Guess::no,
                         Guess::no},
                    Case{"SettingsOdd", frame(FrameType::settings, 0, 0, "12345"), Guess::no, Guess::no},
                    Case{"Smb", "\0\0\0\x2f\xffSMB"s, Guess::no, Guess::no},
                    Case{"DnsOverTcp", "\0\x1d\0\x04\x01\0\0\1\0\0\0\0\0\0"s, Guess::no, Guess::no},
                    Case{"Postgres", "\0\0\0\x08\x04\xd2\x16\x2f"s, Guess::no, Guess::no},
                    Case{"MySql",
                         "J\0\0\0\x0a"
                         "5.7.1"s,
                         Guess::no, Guess::no},
                    Case{"Tds", "\x04\x01\0\x25\0\0\1\0"s, Guess::no, Guess::no},
                    Case{"Tls", "\x16\x03\x03\0\x7a"s, Guess::no, Guess::no},
                    Case{"Ssh", "SSH-2.0-x\r\n", Guess::no, Guess::no},
                    Case{"Ftp", "220 hello\r\n", Guess::no, Guess::no},
                    Case{"Http1", "GET / HTTP/1.1\r\n\r\n", Guess::no, Guess::no},
                    Case{"Http1Answer", "HTTP/1.1 200 OK\r\n\r\n", Guess::no, Guess::no}),
    by_name);

/// HTTP/1 must not take the preface for a request, whatever has come of it.
TEST(Http2Preface, IsNoRequestOfHttp1) {
  StreamChunk chunk;
  for (std::size_t size = 0; size < kPreface.size(); ++size) {
    chunk.window = as_bytes(kPreface).first(size);
    EXPECT_EQ(http::describe().probe(chunk, {}), Guess::maybe) << size;
  }
  chunk.window = as_bytes(kPreface);
  EXPECT_EQ(http::describe().probe(chunk, {}), Guess::no);
  chunk.window = as_bytes("PRI * HTTP/2.0\r\n\r\nGET /attack HTTP/1.1\r\n\r\n");
  EXPECT_EQ(http::describe().probe(chunk, {}), Guess::yes);
}

}  // namespace
}  // namespace bansoko::proto::http2
