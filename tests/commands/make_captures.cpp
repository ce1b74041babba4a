// SPDX-License-Identifier: Apache-2.0
// Writes the captures that commands_test.py leads through the program: make-captures FOLDER.
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tests/traffic/frames.h"
#include "tests/traffic/pcap_file.h"
#include "tests/traffic/smb1.h"
#include "tests/traffic/test_tcp.h"

namespace {

using namespace bansoko;
using traffic::From;
using traffic::Octets;

/// The request with "EVIL" in it is packet 4; it is sent again, answered, and closed.
std::vector<Octets> exploit() {
  return traffic::TestTcp()
      .handshake()
      .client("GET /EVIL HTTP/1.1\r\n\r\n")
      .segment(From::client, 0, "GET /EVIL HTTP/1.1\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\n\r\n")
      .fin()
      .frames();
}

/// MS17-010: a transaction continued as another kind, with a list of attributes of 65,536 bytes.
std::vector<Octets> ms17_010() {
  traffic::TestTcp tcp;
  tcp.handshake();
  for (const traffic::smb1::Step& step : traffic::smb1::ms17_010({})) tcp.client(step.wire);
  return tcp.fin().frames();
}

std::vector<Octets> clean() {
  return traffic::TestTcp().handshake().client("GET / HTTP/1.1\r\n\r\n").server("ok").fin().frames();
}

/// The echo in fragments, its last one sent twice more.
std::vector<Octets> fragments() {
  const std::string payload = std::string(30, 'x') + "EVIL" + std::string(30, 'y');
  std::vector<Octets> frames;
  for (const Octets& part : traffic::fragments({}, packet::icmp, traffic::icmp_message({}, {}, payload), 32))
    frames.push_back(traffic::ethernet(part));
  frames.insert(frames.end(), 2, frames.back());
  return frames;
}

/// A host of ours asks for the domain, over DNS and then over HTTP, and is answered; then it asks again with
/// another host's name.
std::vector<Octets> kill_switch() {
  using namespace std::string_literals;
  constexpr packet::Address kOutside = packet::Address::v4(203, 0, 113, 5);
  const std::string header = "\0\1\1\0\0\1\0\0\0\0\0\0"s;  // RFC 1035 section 4.1.1
  std::vector<Octets> frames{
      traffic::udp_frame(traffic::kClient, 40000, kOutside, 53, header + "\6killme\4test\0\0\1\0\1"s)};
  const auto talk = traffic::TestTcp(traffic::kClient, 40001, kOutside)
                        .handshake()
                        .client("GET / HTTP/1.1\r\nHost: www.killme.test\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                        .client("GET / HTTP/1.1\r\nHost: killme.evil\r\n\r\n")
                        .frames();
  frames.insert(frames.end(), talk.begin(), talk.end());
  return frames;
}

/// Servers that say what they are: SMB on 10.0.0.2, SSH and HTTP on 10.0.0.3.
std::vector<Octets> old_servers() {
  using namespace std::string_literals;
  constexpr packet::Address kLinux = packet::Address::v4(10, 0, 0, 3);
  constexpr std::uint8_t kSessionSetup = 0x73;
  const std::string strings = "Windows Server 2003 3790 Service Pack 2\0Windows Server 2003 5.2\0CORP\0"s;
  auto frames = traffic::TestTcp(traffic::kClient, 40000, traffic::kServer, 445)
                    .handshake()
                    .client(traffic::smb1::session_setup_anonymous({}))
                    .server(traffic::smb1::response(kSessionSetup, {}, 0, "\xff\0\0\0\0\0"s, strings))
                    .fin()
                    .frames();
  for (const auto& more : {traffic::TestTcp(traffic::kClient, 40001, kLinux, 22)
                               .handshake()
                               .server("SSH-2.0-OpenSSH_5.3p1 Debian-3ubuntu7\r\n")
                               .fin()
                               .frames(),
                           traffic::TestTcp(traffic::kClient, 40002, kLinux)
                               .handshake()
                               .client("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                               .server("HTTP/1.1 200 OK\r\nServer: Apache/2.2.14 (Ubuntu)\r\n"
                                       "X-Powered-By: PHP/5.3.2-1ubuntu4.30\r\nContent-Length: 0\r\n\r\n")
                               .fin()
                               .frames()})
    frames.insert(frames.end(), more.begin(), more.end());
  return frames;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder(argv[1]);
  const bool written = traffic::write_pcap(folder / "exploit.pcap", exploit()) &&
                       traffic::write_pcap(folder / "ms17-010.pcap", ms17_010()) &&
                       traffic::write_pcap(folder / "clean.pcap", clean()) &&
                       traffic::write_pcap(folder / "fragments.pcap", fragments()) &&
                       traffic::write_pcap(folder / "kill-switch.pcap", kill_switch()) &&
                       traffic::write_pcap(folder / "old-servers.pcap", old_servers());
  if (!written) std::perror(argv[1]);
  return written ? 0 : 1;
}
