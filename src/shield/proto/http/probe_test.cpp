// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "shield/proto/http/recorder.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

struct ProbeCase {
  std::string name;
  std::string bytes;
  Guess client;
  Guess server;
};

class HttpProbe : public testing::TestWithParam<ProbeCase> {};

TEST_P(HttpProbe, Guesses) {
  StreamChunk chunk;
  chunk.window = as_bytes(GetParam().bytes);
  EXPECT_EQ(describe().probe(chunk, {}), GetParam().client);
  chunk.from = Side::server;
  EXPECT_EQ(describe().probe(chunk, {}), GetParam().server);
}

INSTANTIATE_TEST_SUITE_P(
    Http, HttpProbe,
    testing::Values(ProbeCase{"Nothing", "", Guess::maybe, Guess::maybe},
                    ProbeCase{"G", "G", Guess::maybe, Guess::no},
                    ProbeCase{"Get", "GET /", Guess::yes, Guess::no},
                    ProbeCase{"GetBlank", "GET ", Guess::maybe, Guess::no},
                    ProbeCase{"OddMethod", "FOO /a HTTP/1.1\r\n", Guess::yes, Guess::no},
                    ProbeCase{"TokenMethod", "A!b.c /a HTTP/1.1\r\n", Guess::yes, Guess::no},
                    ProbeCase{"NoTokenMethod", "A=b /a HTTP/1.1\r\n", Guess::no, Guess::no},
                    ProbeCase{"OddMethodSoFar", "FOO /a", Guess::maybe, Guess::no},
                    ProbeCase{"MailCommand", "EHLO host\r\n", Guess::no, Guess::no},
                    ProbeCase{"Sip", "OPTIONS sip:a SIP/2.0\r\n", Guess::no, Guess::no},
                    ProbeCase{"SipSoFar", "NOTIFY si", Guess::maybe, Guess::no},
                    ProbeCase{"SchemeOfHttp", "NOTIFY sip:a HTTP/1.1\r\n", Guess::yes, Guess::no},
                    ProbeCase{"Status", "HTTP/1.1 200", Guess::no, Guess::yes},
                    ProbeCase{"StatusSoFar", "HTT", Guess::maybe, Guess::maybe},
                    ProbeCase{"Tls", "\x16\x03\x01\x02", Guess::no, Guess::no},
                    ProbeCase{"Ssh", "SSH-2.0-OpenSSH\r\n", Guess::no, Guess::no},
                    ProbeCase{"Smb", std::string("\0\0\0\x2f\xffSMB", 8), Guess::no, Guess::no},
                    ProbeCase{"TooLong", std::string(40, 'A'), Guess::no, Guess::no}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::http
