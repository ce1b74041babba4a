// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "tests/demo_client/commands.h"
#include "tests/traffic/http_attacks.h"
#include "tests/traffic/pcap_file.h"
#include "tests/traffic/smb1.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::demo {
namespace {

namespace wire = traffic::smb1;
using traffic::Octets;
using traffic::TestTcp;

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kSmbPort = 445;
constexpr std::uint8_t kNegotiate = 0x72;  // [MS-CIFS] section 2.2.2.1
constexpr std::uint8_t kSessionSetup = 0x73;
constexpr std::uint8_t kTreeConnect = 0x75;
constexpr std::uint8_t kEcho = 0x2B;
constexpr std::uint8_t kNtTransact = 0xA0;

TestTcp conversation(std::uint16_t client_port, std::uint16_t server_port) {
  TestTcp tcp(traffic::kClient, client_port, traffic::kServer, server_port);
  tcp.handshake();
  return tcp;
}

std::vector<Octets> http_exchange(std::uint16_t client_port, std::string_view request,
                                  std::string_view status, std::string_view body) {
  const std::string answer = "HTTP/1.1 " + std::string(status) +
                             "\r\nContent-Type: text/html\r\nContent-Length: " + std::to_string(body.size()) +
                             "\r\n\r\n" + std::string(body);
  return conversation(client_port, kHttpPort).client(request).server(answer).fin().frames();
}

std::vector<Octets> smb_attack(std::uint16_t client_port) {
  wire::Ids ids;
  TestTcp tcp = conversation(client_port, kSmbPort);
  tcp.client(wire::negotiate(ids)).server(wire::response(kNegotiate, ids, 0, "", ""));
  ++ids.multiplex;
  tcp.client(wire::session_setup_anonymous(ids));
  ids.user = 1;
  tcp.server(wire::response(kSessionSetup, ids, 0, "", ""));
  ++ids.multiplex;
  tcp.client(wire::tree_connect(ids, "\\\\server\\IPC$"));
  ids.tree = 1;
  tcp.server(wire::response(kTreeConnect, ids, 0, "", ""));
  ++ids.multiplex;
  tcp.client(wire::echo(ids, "bansoko")).server(wire::response(kEcho, ids, 0, "", ""));
  ++ids.multiplex;
  bool first = true;
  for (const wire::Step& step : wire::ms17_010(ids)) {
    tcp.client(step.wire);
    if (first) tcp.server(wire::response(kNtTransact, ids, 0, "", ""));
    first = false;
  }
  return tcp.fin().frames();
}

}  // namespace

Result<Outcome> capture(const std::string& path) {
  std::vector<Octets> frames;
  const auto add = [&frames](const std::vector<Octets>& more) {
    frames.insert(frames.end(), more.begin(), more.end());
  };
  namespace http = traffic::http_attacks;
  add(http_exchange(40001, http::get("/"), "200 OK", "<html><body>An ordinary page.</body></html>\n"));
  add(http_exchange(40002, http::code_red(), "404 Not Found", "not here\n"));
  add(smb_attack(40003));
  add(http_exchange(40004, http::short_ida_query(), "200 OK", "what Index Server is for\n"));
  if (!traffic::write_pcap(path, frames)) return fail(Errc::io, "{}: cannot be written", path);
  std::printf("%zu packets written to %s\n", frames.size(), path.c_str());
  return Outcome::answered;
}

}  // namespace bansoko::demo
