// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/message_recorder.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto {

/// For tests of protocols that send messages over TCP or UDP: a dialogue, and what is noted of it.
struct MessageCase {
  std::string name;
  std::vector<Sent> dialogue;
  std::vector<std::string> want;        // "client ldap.request.dn cn=x", "server ! ldap.gap"
  std::vector<std::string> about = {};  // names of buffers and fields, "!" for anomalies; none: all
  Transports transport = kOverTcp;
  std::vector<std::uint64_t> limits = {};
  bool is_any_split = true;  // pieces of any size give the same
};

inline std::vector<std::string> noted(const Protocol& protocol, const MessageCase& row, std::size_t piece) {
  const LoneParser parser(protocol, row.limits);
  MessageRecorder seen(protocol);
  feed(*parser, row.dialogue, row.transport, seen, piece);
  EXPECT_EQ(seen.ended, seen.ids) << "each transaction ends, once";
  std::vector<std::string> lines;
  for (const auto& line : seen.lines)
    if (row.about.empty() || std::ranges::find(row.about, line.name) != row.about.end())
      lines.push_back((line.side == Side::client ? "client " : "server ") + line.name + ' ' + line.value);
  if (!seen.handed_to.empty()) lines.push_back("then " + seen.handed_to);
  return lines;
}

inline void expect_noted(const Protocol& protocol, const MessageCase& row) {
  EXPECT_EQ(noted(protocol, row, SIZE_MAX), row.want);
  if (row.transport == kOverUdp || !row.is_any_split) return;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}})
    EXPECT_EQ(noted(protocol, row, piece), row.want) << "in pieces of " << piece;
}

/// The first bytes of a stream or a datagram, and what they are taken for.
struct FirstBytes {
  std::string name;
  std::string bytes;
  Guess want = Guess::no;
  std::uint16_t port = 40000;
  Transports transport = kOverTcp;
};

inline void expect_guess(const Protocol& protocol, const FirstBytes& row) {
  const Approach approach{.transport = row.transport, .client_port = 50000, .server_port = row.port};
  EXPECT_EQ(protocol.probe({.window = as_bytes(row.bytes)}, approach), row.want);
  if (row.transport == kOverUdp || row.want != Guess::yes) return;
  for (std::size_t size = 1; size < row.bytes.size(); ++size)
    EXPECT_NE(protocol.probe({.window = as_bytes(row.bytes).first(size)}, approach), Guess::no) << size;
}

/// What other protocols begin with.
inline const std::vector<FirstBytes>& first_bytes_of_others() {
  using namespace std::string_literals;
  static const std::vector<FirstBytes> all{
      {"Http", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HttpAnswer", "HTTP/1.1 200 OK\r\n\r\n"},
      {"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"Tls", "\x16\x03\x01\0\x70\1\0\0\x6c\3\3"s + std::string(108, 'r')},
      {"Ssh", "SSH-2.0-OpenSSH_9.2p1\r\n"},
      {"Smtp", "220 mail.test ESMTP\r\n"},
      {"SmtpClient", "EHLO a.test\r\n"},
      {"Ftp", "220 FTP server\r\n"},
      {"Smb1", "\0\0\0\x2f\xffSMBr\0\0\0\0\x18\1\x20"s + std::string(35, '\0')},
      {"Smb2", "\0\0\0\x40\xfeSMB\x40\0"s + std::string(58, '\0')},
      {"DceRpc", "\5\0\x0b\3\x10\0\0\0\x48\0\0\0\1\0\0\0"s + std::string(56, '\0')},
      {"DnsOverTcp", "\0\x1d\1\2\1\0\0\1\0\0\0\0\0\0\4test\3org\0\0\1\0\1"s},
      {"Dns", "\1\2\1\0\0\1\0\0\0\0\0\0\4test\3org\0\0\1\0\1"s},
      {"Snmp", "\x30\x1a\2\1\0\4\6public\xa0\x0d\2\1\1\2\1\0\2\1\0\x30\2\x06\0"s},
      {"Snmp3", "\x30\x20\2\1\3\x30\x0d\2\1\1\2\2\5\0\4\1\0\2\1\3\4\4\x30\2\4\0\x30\x06\4\0\4\0\xa0\0"s},
      {"Ntp", "\x23\0\6\xec"s + std::string(44, '\0')},
      {"Tftp", "\0\1file\0octet\0"s},
      {"S7", "\3\0\0\x16\x11\xe0\0\0\0\1\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2"s + "\3\0\0\x19\2\xf0\x80\x32\1"s},
      {"H225", "\3\0\0\x40\x08\2\0\1\5\4\3\x80\x90\xa5"s + std::string(50, 'h')},
      {"Rdp", "\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0\3\0\0\0"s},
      {"Ldap", "\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0"s},
      {"Kerberos",
       "\0\0\0\x1a\x6a\x18\x30\x16\xa1\3\2\1\5\xa2\3\2\1\x0a\xa4\x0a\x30\x08\xa0\6\3\4\0\0\0\0\0"s},
      {"CredSsp",
       "\x30\x37\xa0\3\2\1\2\xa1\x30\x30\x2e\x30\x2c\xa0\x2a\4\x28NTLMSSP\0"s + std::string(32, 0)},
      {"Certificate", "\x30\x0c\x30\x0a\xa0\3\2\1\2\2\3\1\2\3"s},
      {"Zeros", std::string(64, '\0')},
      {"Ones", std::string(64, '\xff')},
  };
  return all;
}

/// None of them is taken for this protocol, on either transport.
inline void expect_claims_no_other(const Protocol& protocol, std::string_view its_own) {
  for (const FirstBytes& row : first_bytes_of_others())
    for (const Transports transport : {kOverTcp, kOverUdp}) {
      if (row.name == its_own || (protocol.transports & transport) == 0) continue;
      EXPECT_NE(protocol.probe({.window = as_bytes(row.bytes)},
                               {.transport = transport, .client_port = 50000, .server_port = 40000}),
                Guess::yes)
          << row.name;
    }
}

inline void expect_no_allocation(const Protocol& protocol, const std::vector<Sent>& dialogue,
                                 Transports transport) {
  const LoneParser parser(protocol);
  MessageRecorder quiet(protocol);
  quiet.quiet = true;
  quiet.ended.reserve(100);
  feed(*parser, dialogue, transport, quiet, 100);
  const AllocationCounter allocations;
  feed(*parser, dialogue, transport, quiet, 100);
  EXPECT_EQ(allocations.count(), 0u);
}

}  // namespace bansoko::proto
