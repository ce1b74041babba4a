// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/probe.h"

#include <string>

#include <gtest/gtest.h>

#include "shield/proto/tls/test_wire.h"
#include "tests/cases.h"

namespace bansoko::proto::tls {
namespace {

using namespace wire;

struct Case {
  std::string name;
  Side from;
  std::string bytes;
  Guess want;
};

class TlsProbe : public testing::TestWithParam<Case> {};

TEST_P(TlsProbe, Guesses) {
  const Case& row = GetParam();
  EXPECT_EQ(probe({.from = row.from, .window = as_bytes(row.bytes)}, {}), row.want);
}

TEST_P(TlsProbe, NeverTakesBackWhatItSaid) {
  const Case& row = GetParam();
  Guess before = Guess::maybe;
  for (std::size_t size = 0; size <= row.bytes.size(); ++size) {
    const Guess now = probe({.from = row.from, .window = as_bytes(row.bytes).first(size)}, {});
    if (before != Guess::maybe) {
      EXPECT_EQ(now, before) << "at " << size;
    }
    before = now;
  }
}

constexpr Side kC = Side::client, kS = Side::server;
const std::string kSslv2 =
    "\x80\x1c\x01\x03\x01"s + u16(3) + u16(0) + u16(16) + "\1\0\x80"s + "0123456789abcdef";

INSTANTIATE_TEST_SUITE_P(
    First, TlsProbe,
    testing::Values(Case{"ClientHello", kC, record(kHandshake, ClientHello{}.wire()), Guess::yes},
                    Case{"RecordOfOneByte", kC, "\x16\3\1\0\1\1"s, Guess::yes},
                    Case{"Ssl3", kC, "\x16\3\0\0\x30\1"s, Guess::yes},
                    Case{"Cut", kC, "\x16\3\1\0\x30"s, Guess::maybe}, Case{"Empty", kC, "", Guess::maybe},
                    Case{"ClientSaysServerHello", kC, "\x16\3\1\0\x30\2"s, Guess::no},
                    Case{"ServerHello", kS, "\x16\3\3\0\x30\2"s, Guess::yes},
                    Case{"HelloRequest", kS, "\x16\3\3\0\4\0\0\0\0"s, Guess::yes},
                    Case{"ServerAlert", kS, "\x15\3\3\0\2\2\x28"s, Guess::yes},
                    Case{"AlertTooLong", kS, "\x15\3\3\0\3\2\x28"s, Guess::no},
                    Case{"ClientAlert", kC, "\x15\3\3\0\2\2\x28"s, Guess::no},
                    Case{"ApplicationData", kC, "\x17\3\3\0\2xx"s, Guess::no},
                    Case{"VersionFour", kC, "\x16\4\1\0\x30\1"s, Guess::no},
                    Case{"VersionThreeFive", kC, "\x16\3\5\0\x30\1"s, Guess::no},
                    Case{"TooLong", kC, "\x16\3\1\x48\1\1"s, Guess::no},
                    Case{"Http", kC, "GET / HTTP/1.1", Guess::no}, Case{"Sslv2", kC, kSslv2, Guess::yes},
                    Case{"Sslv2Cut", kC, kSslv2.substr(0, 10), Guess::maybe},
                    Case{"Sslv2SizesDoNotAddUp", kC, "\x80\x1d" + kSslv2.substr(2), Guess::no},
                    Case{"Sslv2Server", kS, "\x80\x0e\x04\0\1\0\2"s + u16(3) + u16(0) + u16(0) + "abc",
                         Guess::yes},
                    Case{"Binary", kC, "\xff\xff\xff\xff\xff", Guess::no}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::tls
