// SPDX-License-Identifier: Apache-2.0
#include "event/event.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "event/timestamp.h"

namespace bansoko::event {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMaxLine = 1U << 20U;

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

std::optional<unsigned> digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digit_of(text[i]);
    const auto low = digit_of(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes += static_cast<char>(*high << 4U | *low);
  }
  return bytes;
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

ordered_json tunnel_json(const Tunnel& tunnel) {
  ordered_json object;
  put(object, "src_ip", tunnel.source.address);
  if (has_ports(tunnel.transport)) object["src_port"] = tunnel.source.port;
  put(object, "dest_ip", tunnel.dest.address);
  if (has_ports(tunnel.transport)) object["dest_port"] = tunnel.dest.port;
  put(object, "proto", tunnel.transport);
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

void put_traffic(ordered_json& object, const Event& event) {
  put(object, "flow_id", event.flow_id);
  put(object, "in_iface", event.interface);
  put(object, "src_ip", event.source.address);
  if (has_ports(event.transport)) object["src_port"] = event.source.port;
  put(object, "dest_ip", event.dest.address);
  if (has_ports(event.transport)) object["dest_port"] = event.dest.port;
  put(object, "proto", event.transport);
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
  if (event.matched) object["matched"] = matched_json(*event.matched);
  if (event.conflict) object["conflict"] = conflict_json(*event.conflict);
  put(object, "rule_generation", event.rule_generation);
  put(object, "evidence", event.evidence);
  put(object, "name", event.name);
  put(object, "message", event.message);
  return object;
}

/// Reads the fields of one object. Absent ones keep their default; one of the wrong kind is a fault, and
/// the first fault is kept.
class Fields {
 public:
  Fields(const json& object, std::string& fault) : object_(object), fault_(fault) {
    if (!object.is_object()) blame("event");
  }

  void read(const char* key, std::string& value) {
    const json* const found = find(key);
    if (found == nullptr) return;
    if (found->is_string())
      value = found->get_ref<const std::string&>();
    else
      blame(key);
  }

  template <class T>
  requires std::is_unsigned_v<T>
  void read(const char* key, T& value) {
    const json* const found = find(key);
    if (found == nullptr) return;
    if (found->is_number_unsigned() && found->get<std::uint64_t>() <= std::numeric_limits<T>::max())
      value = static_cast<T>(found->get<std::uint64_t>());
    else
      blame(key);
  }

  void read(const char* key, std::vector<std::string>& values) {
    const json* const found = find(key);
    if (found == nullptr) return;
    if (!found->is_array()) return blame(key);
    for (const json& item : *found) {
      if (!item.is_string()) return blame(key);
      values.push_back(item.get_ref<const std::string&>());
    }
  }

  void read(const char* key, std::vector<std::uint16_t>& values) {
    const json* const found = find(key);
    if (found == nullptr) return;
    if (!found->is_array()) return blame(key);
    for (const json& item : *found) {
      constexpr std::uint64_t kMost = std::numeric_limits<std::uint16_t>::max();
      if (!item.is_number_unsigned() || item.get<std::uint64_t>() > kMost) return blame(key);
      values.push_back(item.get<std::uint16_t>());
    }
  }

  std::optional<Fields> object(const char* key) {
    const json* const found = find(key);
    if (found == nullptr) return std::nullopt;
    if (found->is_object()) return Fields(*found, fault_);
    blame(key);
    return std::nullopt;
  }

  bool has(const char* key) const { return find(key) != nullptr; }
  const json& whole() const noexcept { return object_; }
  void blame(std::string_view key) {
    if (fault_.empty()) fault_ = key;
  }

 private:
  const json* find(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  const json& object_;
  std::string& fault_;
};

Alert read_alert(Fields fields) {
  Alert alert;
  fields.read("action", alert.action);
  fields.read("gid", alert.gid);
  fields.read("signature_id", alert.signature_id);
  fields.read("rev", alert.rev);
  fields.read("signature", alert.signature);
  fields.read("category", alert.category);
  fields.read("severity", alert.severity);
  fields.read("references", alert.references);
  if (auto metadata = fields.object("metadata"))
    for (const auto& [key, unused] : metadata->whole().items()) {
      std::vector<std::string> values;
      metadata->read(key.c_str(), values);
      for (std::string& value : values) alert.metadata.emplace_back(key, std::move(value));
    }
  return alert;
}

Tunnel read_tunnel(Fields fields) {
  Tunnel tunnel;
  fields.read("src_ip", tunnel.source.address);
  fields.read("src_port", tunnel.source.port);
  fields.read("dest_ip", tunnel.dest.address);
  fields.read("dest_port", tunnel.dest.port);
  fields.read("proto", tunnel.transport);
  fields.read("depth", tunnel.depth);
  return tunnel;
}

Verdict read_verdict(Fields fields) {
  Verdict verdict;
  fields.read("action", verdict.action);
  fields.read("reason", verdict.reason);
  fields.read("mode", verdict.mode);
  fields.read("refused_packets", verdict.refused_packets);
  return verdict;
}

void read_hex(Fields& fields, const char* key, std::string& bytes) {
  std::string hex;
  fields.read(key, hex);
  if (auto read = from_hex(hex))
    bytes = std::move(*read);
  else
    fields.blame(key);
}

Matched read_matched(Fields fields) {
  Matched matched;
  fields.read("buffer", matched.buffer);
  fields.read("offset", matched.offset);
  fields.read("size", matched.size);
  read_hex(fields, "hex", matched.bytes);
  if (auto compared = fields.object("fields"))
    for (const auto& [name, unused] : compared->whole().items()) {
      std::uint64_t value = 0;
      compared->read(name.c_str(), value);
      matched.fields.emplace_back(name, value);
    }
  return matched;
}

Conflict read_conflict(Fields fields) {
  Conflict conflict;
  fields.read("offset", conflict.offset);
  read_hex(fields, "earlier_hex", conflict.earlier);
  read_hex(fields, "later_hex", conflict.later);
  return conflict;
}

Recon read_recon(Fields fields) {
  Recon recon;
  fields.read("direction", recon.direction);
  fields.read("count", recon.count);
  fields.read("window", recon.window);
  fields.read("hosts", recon.hosts);
  fields.read("ports", recon.ports);
  fields.read("quarantine", recon.quarantine);
  return recon;
}

Infected read_infected(Fields fields) {
  Infected infected;
  fields.read("host", infected.host);
  fields.read("kind", infected.kind);
  fields.read("sid", infected.sid);
  fields.read("quarantine", infected.quarantine);
  return infected;
}

void read_ours(Fields fields, Event& event) {
  fields.read("id", event.id);
  if (const auto verdict = fields.object("verdict")) event.verdict = read_verdict(*verdict);
  if (const auto matched = fields.object("matched")) event.matched = read_matched(*matched);
  if (const auto conflict = fields.object("conflict")) event.conflict = read_conflict(*conflict);
  if (const auto recon = fields.object("recon")) event.recon = read_recon(*recon);
  if (const auto infected = fields.object("infected")) event.infected = read_infected(*infected);
  fields.read("rule_generation", event.rule_generation);
  fields.read("evidence", event.evidence);
  fields.read("name", event.name);
  fields.read("message", event.message);
}

Event read_event(Fields fields) {
  Event event;
  std::string time;
  fields.read("timestamp", time);
  if (const auto parsed = parse_time(time))
    event.time = *parsed;
  else
    fields.blame("timestamp");
  fields.read("event_type", event.type);
  if (event.type.empty()) fields.blame("event_type");
  fields.read("pcap_cnt", event.packet_number);
  fields.read("pcap_filename", event.capture);
  fields.read("flow_id", event.flow_id);
  fields.read("in_iface", event.interface);
  fields.read("src_ip", event.source.address);
  fields.read("src_port", event.source.port);
  fields.read("dest_ip", event.dest.address);
  fields.read("dest_port", event.dest.port);
  fields.read("proto", event.transport);
  fields.read("app_proto", event.app_protocol);
  fields.read("direction", event.direction);
  if (fields.has("tx_id")) fields.read("tx_id", event.transaction.emplace());
  if (const auto tunnel = fields.object("tunnel")) event.tunnel = read_tunnel(*tunnel);
  if (const auto alert = fields.object("alert")) event.alert = read_alert(*alert);
  if (const auto ours = fields.object("bansoko")) read_ours(*ours, event);
  return event;
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
  object["bansoko"] = ours_json(event);
  // What is not UTF-8 (a rule's text may be anything) becomes U+FFFD instead of an exception.
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<Event> from_json(std::string_view line) {
  if (line.size() > kMaxLine) return fail(Errc::limit, "an event of more than {} bytes", kMaxLine);
  const json object = json::parse(line, nullptr, false);
  if (object.is_discarded()) return fail(Errc::invalid, "not JSON");
  std::string fault;
  Event event = read_event(Fields(object, fault));
  if (!fault.empty()) return fail(Errc::invalid, "not an event: '{}' is absent or of the wrong kind", fault);
  return event;
}

}  // namespace bansoko::event
