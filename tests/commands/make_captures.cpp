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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder(argv[1]);
  const bool written = traffic::write_pcap(folder / "exploit.pcap", exploit()) &&
                       traffic::write_pcap(folder / "ms17-010.pcap", ms17_010()) &&
                       traffic::write_pcap(folder / "clean.pcap", clean()) &&
                       traffic::write_pcap(folder / "fragments.pcap", fragments());
  if (!written) std::perror(argv[1]);
  return written ? 0 : 1;
}
