// SPDX-License-Identifier: Apache-2.0
#include "event/event.h"

#include <map>

#include <nlohmann/json.hpp>

#include "event/timestamp.h"

namespace bansoko::event {

namespace {

using nlohmann::ordered_json;

bool has_ports(std::string_view transport) noexcept {
  return transport == "TCP" || transport == "UDP" || transport == "SCTP";
}

void put(ordered_json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}
void put(ordered_json& object, const char* key, std::uint64_t value) {
  if (value != 0) object[key] = value;
}

std::string printable(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text)
    if (c < 0x20 || c > 0x7e) c = '.';
  return text;
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

ordered_json alert_json(const Alert& alert) {
  ordered_json object;
  object["action"] = alert.action;
  object["gid"] = alert.gid;
  object["signature_id"] = alert.signature_id;
  object["rev"] = alert.rev;
  object["signature"] = alert.signature;
  object["category"] = alert.category;
  object["severity"] = alert.severity;
  std::map<std::string, std::vector<std::string>> metadata;
  for (const auto& [key, value] : alert.metadata) metadata[key].push_back(value);
  if (!metadata.empty()) object["metadata"] = metadata;
  if (!alert.references.empty()) object["references"] = alert.references;
  return object;
}

/// Both ends and the transport, under EVE's names.
void put_ends(ordered_json& object, const Endpoint& source, const Endpoint& dest,
              const std::string& transport) {
  put(object, "src_ip", source.address);
  if (has_ports(transport)) object["src_port"] = source.port;
  put(object, "dest_ip", dest.address);
  if (has_ports(transport)) object["dest_port"] = dest.port;
  put(object, "proto", transport);
}

ordered_json tunnel_json(const Tunnel& tunnel) {
  ordered_json object;
  put_ends(object, tunnel.source, tunnel.dest, tunnel.transport);
  object["depth"] = tunnel.depth;
  return object;
}

ordered_json verdict_json(const Verdict& verdict) {
  ordered_json object;
  object["action"] = verdict.action;
  object["reason"] = verdict.reason;
  object["mode"] = verdict.mode;
  object["refused_packets"] = verdict.refused_packets;
  return object;
}

ordered_json matched_json(const Matched& matched) {
  ordered_json object;
  object["buffer"] = matched.buffer;
  object["offset"] = matched.offset;
  object["size"] = matched.size;
  put(object, "printable", printable(matched.bytes));
  put(object, "hex", to_hex(matched.bytes));
  for (const auto& [name, value] : matched.fields) object["fields"][name] = value;
  return object;
}

ordered_json conflict_json(const Conflict& conflict) {
  ordered_json object;
  object["offset"] = conflict.offset;
  put(object, "earlier", printable(conflict.earlier));
  put(object, "earlier_hex", to_hex(conflict.earlier));
  put(object, "later", printable(conflict.later));
  put(object, "later_hex", to_hex(conflict.later));
  return object;
}

ordered_json recon_json(const Recon& recon) {
  ordered_json object;
  put(object, "direction", recon.direction);
  object["count"] = recon.count;
  object["window"] = recon.window;
  object["hosts"] = recon.hosts;
  object["ports"] = recon.ports;
  object["quarantine"] = recon.quarantine;
  return object;
}

ordered_json infected_json(const Infected& infected) {
  ordered_json object;
  object["host"] = infected.host;
  object["kind"] = infected.kind;
  object["sid"] = infected.sid;
  object["quarantine"] = infected.quarantine;
  return object;
}

ordered_json software_json(const Software& software) {
  ordered_json object;
  object["host"] = software.host;
  put(object, "port", software.port);
  object["topic"] = software.topic;
  object["said"] = software.said;
  return object;
}

ordered_json program_start_json(const ProgramStart& start) {
  ordered_json object;
  object["decision"] = start.decision;
  object["reason"] = start.reason;
  object["use"] = start.use;
  object["kind"] = start.kind;
  put(object, "path", start.path);
  put(object, "digest", start.digest);
  put(object, "package", start.package);
  put(object, "rule", start.rule);
  put(object, "program", start.program);
  object["process"] = start.process;
  object["user"] = start.user;
  object["times"] = start.times;
  return object;
}

void put_traffic(ordered_json& object, const Event& event) {
  put(object, "flow_id", event.flow_id);
  put(object, "in_iface", event.interface);
  put_ends(object, event.source, event.dest, event.transport);
  put(object, "app_proto", event.app_protocol);
  put(object, "direction", event.direction);
  if (event.transaction) object["tx_id"] = *event.transaction;
  if (event.tunnel) object["tunnel"] = tunnel_json(*event.tunnel);
}

ordered_json ours_json(const Event& event) {
  ordered_json object = ordered_json::object();
  put(object, "id", event.id);
  if (event.verdict) object["verdict"] = verdict_json(*event.verdict);
  if (event.recon) object["recon"] = recon_json(*event.recon);
  if (event.infected) object["infected"] = infected_json(*event.infected);
  if (event.software) object["software"] = software_json(*event.software);
  if (event.matched) object["matched"] = matched_json(*event.matched);
  if (event.conflict) object["conflict"] = conflict_json(*event.conflict);
  put(object, "rule_generation", event.rule_generation);
  put(object, "evidence", event.evidence);
  put(object, "name", event.name);
  put(object, "message", event.message);
  return object;
}

}  // namespace

std::string to_json(const Event& event) {
  ordered_json object;
  object["timestamp"] = format_time(event.time);
  object["event_type"] = event.type;
  put(object, "pcap_cnt", event.packet_number);
  put(object, "pcap_filename", event.capture);
  put_traffic(object, event);
  if (event.alert) object["alert"] = alert_json(*event.alert);
  if (event.program_start) object["lockdown"] = program_start_json(*event.program_start);
  object["bansoko"] = ours_json(event);
  // What is not UTF-8 (a rule's text may be anything) becomes U+FFFD instead of an exception.
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace bansoko::event
