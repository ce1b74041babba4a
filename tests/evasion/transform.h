// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/evasion/attack.h"
#include "tests/evasion/plan.h"
#include "tests/evasion/random.h"

namespace bansoko::evasion {

/// Where a transformation changes the packaging. A combination has at most one of each layer.
enum class Layer : std::uint8_t { message, split, decoy, ip };

/// What stops a class of evasions; switched off, some of the class must get through.
enum class Defence : std::uint8_t {
  reassembly,       // of TCP: without it, a rule sees one packet at a time
  defragmentation,  // of IP: without it, fragments pass unseen
  conflicts,        // a copy that differs is refused: without it, and without knowing the host, one is missed
  validation,       // what a receiver throws away is not believed: bad checksums, low TTLs, wrong numbers
  connection,  // what a receiver does not take for the end or a new begin of its connection is not taken for
               // it
  ip_headers,  // IPv4 options, IPv6 and its extension headers are walked
  framing,     // requests are found where a server finds them: without it, at the begin of the stream alone
  decoding,    // rules look at what the server makes of a request: without it, at the bytes of one tool
};

/// A request line, headers and body, to be changed before they are put together.
struct Request {
  std::string before;  // what comes ahead of the request line
  std::string method, target;
  std::string space = " ";
  std::string version = " HTTP/1.1";
  std::vector<std::string> headers;  // without line ends
  std::string line_end = "\r\n";
};

Request parse_request(std::string_view text);
std::string to_text(const Request& request);

using OnRequest = void (*)(Request&, int variant);
using OnMessages = void (*)(Messages&, int variant);
using OnPlan = void (*)(Plan&, int variant);
/// The packets that carry one TCP segment.
using OnSegment = std::vector<Octets> (*)(const traffic::IpFields& ip, Bytes segment, int variant);

/// One way to package. `variant` is handed to `apply`: a size, a seed.
struct Transform {
  std::string_view kind;  // its class in the table: "tcp.segments"
  int variant = 0;
  Defence defence = Defence::reassembly;
  std::variant<OnRequest, OnMessages, OnPlan, OnSegment> apply;
  Layer layer = Layer::split;
  bool hostile = false;  // no honest client does it: nothing needs to come through
  bool ipv6 = false;
  Speaks speaks = Speaks::http;  // of Layer::message: the protocol that it is about
  std::string_view only_for =
      {};  // the attack to which alone it can be applied; empty: to all of its protocol
};

std::vector<Transform> http_transforms();
std::vector<Transform> smb_transforms();
std::vector<Transform> rpc_transforms();
std::vector<Transform> split_transforms();
std::vector<Transform> decoy_transforms();
std::vector<Transform> ip_transforms();

/// All of them.
std::vector<Transform> all_transforms();

/// "tcp.segments/8".
std::string name_of(const Transform& transform);

/// The plain way: segments of 1460 bytes in order.
void cut(Plan& plan, std::size_t size);

}  // namespace bansoko::evasion
