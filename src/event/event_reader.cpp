// SPDX-License-Identifier: Apache-2.0
// From JSON back to an event.
#include <limits>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "event/event.h"
#include "event/timestamp.h"

namespace bansoko::event {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxLine = 1U << 20U;

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

Software read_software(Fields fields) {
  Software software;
  fields.read("host", software.host);
  fields.read("port", software.port);
  fields.read("topic", software.topic);
  fields.read("said", software.said);
  return software;
}

ProgramStart read_program_start(Fields fields) {
  ProgramStart start;
  fields.read("decision", start.decision);
  fields.read("reason", start.reason);
  fields.read("use", start.use);
  fields.read("kind", start.kind);
  fields.read("path", start.path);
  fields.read("digest", start.digest);
  fields.read("package", start.package);
  fields.read("rule", start.rule);
  fields.read("program", start.program);
  fields.read("process", start.process);
  fields.read("user", start.user);
  fields.read("times", start.times);
  return start;
}

void read_ours(Fields fields, Event& event) {
  fields.read("id", event.id);
  if (const auto verdict = fields.object("verdict")) event.verdict = read_verdict(*verdict);
  if (const auto matched = fields.object("matched")) event.matched = read_matched(*matched);
  if (const auto conflict = fields.object("conflict")) event.conflict = read_conflict(*conflict);
  if (const auto recon = fields.object("recon")) event.recon = read_recon(*recon);
  if (const auto software = fields.object("software")) event.software = read_software(*software);
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
  if (const auto start = fields.object("lockdown")) event.program_start = read_program_start(*start);
  if (const auto ours = fields.object("bansoko")) read_ours(*ours, event);
  return event;
}

}  // namespace

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
