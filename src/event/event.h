// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace bansoko::event {

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};

/// The rule that spoke (EVE's `alert` object).
struct Alert {
  std::string action;  // "allowed" or "blocked"
  std::uint32_t gid = 1;
  std::uint32_t signature_id = 0;
  std::uint32_t rev = 0;
  std::string signature;
  std::string category;
  std::uint32_t severity = 3;
  std::vector<std::string> references;
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// What in the traffic made it match.
struct Matched {
  std::string buffer;  // "http.uri"
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::string bytes;  // raw; the JSON form has them printable and as hex. Empty if settings say none
  std::vector<std::pair<std::string, std::uint64_t>> fields;  // that the rule compared, and their values
};

/// Where two copies of the same bytes of a stream or datagram differ first, and how both go on from there.
struct Conflict {
  std::uint64_t offset = 0;
  std::string earlier, later;  // raw; the JSON form has them printable and as hex. Empty if settings say none
};

/// What became of the packet and its flow.
struct Verdict {
  std::string action;  // "accept", "drop", "block", "reject", "release"
  std::string reason;  // one word from the judge: "rule", "observe", "flow_blocked", "memory_limit", ...
  std::string mode;    // "observe" or "enforce"
  std::uint64_t refused_packets = 0;  // of the flow, so far
};

/// The outermost packet around one that came in tunnels (EVE's `tunnel` object).
struct Tunnel {
  Endpoint source, dest;
  std::string transport;    // proto: "UDP", "GRE", ...
  std::uint32_t depth = 0;  // how many tunnels
};

/// What was found out about a source that scans or spreads.
struct Recon {
  std::string direction;           // "inbound", "outbound", "internal", "external"; empty: HOME_NET is any
  std::uint64_t count = 0;         // different ports or hosts, at least
  std::uint64_t window = 0;        // seconds
  std::vector<std::string> hosts;  // some of them
  std::vector<std::uint16_t> ports;
  std::string quarantine;  // "none", "done", "observed", "unproven", "exempt", "full", "failed"
};

/// A host that shows it is infected.
struct Infected {
  std::string host;
  std::string kind;        // "exploit", "answer", "fan_out", "kill_switch"
  std::uint32_t sid = 0;   // of the rule that showed it
  std::string quarantine;  // of its new connections: as of Recon
};

/// What a host says of its software.
struct Software {
  std::string host;
  std::uint16_t port = 0;  // that it answers on; 0: it said so as a client
  std::string topic;       // "http.server", "smb.native_os", ...
  std::string said;
};

/// A program, library or script that was to be run, and what the lockdown said.
struct ProgramStart {
  std::string decision;  // "allowed", "denied", "would_deny"
  std::string reason;    // one word from the policy: "unknown_file", "changed_file", ...
  std::string use;       // "execute", "load", "interpret"
  std::string kind;      // what the file is: "program", "script", ...
  std::string path, digest, package, rule;
  std::string program;  // of the process
  std::uint64_t process = 0, user = 0;
  std::uint64_t times = 1;  // how often since it was last told
};

/// One thing that happened. One decision, one event: alert and verdict stand in one record.
/// The JSON form uses the field names of EVE where EVE has one; what is ours stands under "bansoko".
struct Event {
  std::string type;  // event_type: "alert", "anomaly", "engine", "inventory"
  std::chrono::system_clock::time_point time{};
  std::string id;                   // unlike any other on this machine; `bansoko explain` takes it
  std::uint64_t packet_number = 0;  // pcap_cnt
  std::string capture;              // pcap_filename; empty: live traffic
  std::uint64_t flow_id = 0;
  std::string interface;  // in_iface; may be empty
  Endpoint source, dest;
  std::string transport;                     // proto: "TCP", "UDP", "ICMP", "IPv6-ICMP", ...
  std::string app_protocol;                  // app_proto; may be empty
  std::string direction;                     // "to_server" or "to_client"; may be empty
  std::optional<std::uint64_t> transaction;  // tx_id
  std::optional<Tunnel> tunnel;
  std::optional<Alert> alert;
  std::optional<Matched> matched;
  std::optional<Conflict> conflict;
  std::optional<Verdict> verdict;
  std::optional<Recon> recon;
  std::optional<Infected> infected;
  std::optional<Software> software;
  std::optional<ProgramStart> program_start;
  std::uint64_t rule_generation = 0;
  std::string evidence;  // the file beside the spool; may be empty
  std::string name;      // of an anomaly or engine event: "stream.conflicting_retransmission"
  std::string message;   // of an engine event
};

/// One line of JSON, UTC with microseconds, no newline.
std::string to_json(const Event& event);

/// The reverse, for readers of the spool; unknown fields are ignored.
Result<Event> from_json(std::string_view line);

}  // namespace bansoko::event
