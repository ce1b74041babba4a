// SPDX-License-Identifier: Apache-2.0
#include "explain/facts.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/printable.h"
#include "explain/fields.h"

namespace bansoko::explain {
namespace {

/// Columns of a terminal. Our labels are ASCII or full-width.
std::size_t width_of(std::string_view label) noexcept {
  std::size_t width = 0;
  for (const char c : label) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      width += 1;
    else if (byte >= 0xC0)  // the first byte of a sign
      width += 2;
  }
  return width;
}

class Table {
 public:
  explicit Table(const Voice& voice) : voice_(voice) {}

  void add(Text label, std::string_view value) { text_ += line(voice_.say(label), value, voice_.lang()); }
  void add(Text label, Text value, Voice::Values values) { add(label, voice_.say(value, values)); }
  /// Another line of the fact before.
  void go_on(std::string_view value) {
    if (!value.empty()) text_ += line("", value, voice_.lang());
  }
  void go_on(Text value, Voice::Values values) { go_on(voice_.say(value, values)); }

  const Voice& voice() const noexcept { return voice_; }
  std::string take() { return std::move(text_); }

 private:
  const Voice& voice_;
  std::string text_;
};

std::string list_of(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + printable(item);
  return text;
}

void add_event(const event::Event& event, Table& table) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(event.time);
  table.add(Text::label_event, fmt::format("{} ({})", printable(event.id), printable(event.type)));
  table.add(Text::label_time, fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds)));
  if (!event.name.empty()) table.add(Text::label_what, printable(event.name));
  if (!event.message.empty()) table.go_on(printable(event.message));
}

void add_traffic(const event::Event& event, Table& table) {
  table.add(event.recon ? Text::label_attempt : Text::label_packet,
            event.recon ? Text::fact_attempt : Text::fact_packet,
            {{"number", std::to_string(event.packet_number)},
             {"transport", printable(event.transport)},
             {"source", printable(event.source.address)},
             {"source_port", std::to_string(event.source.port)},
             {"dest", printable(event.dest.address)},
             {"dest_port", std::to_string(event.dest.port)}});
  if (event.flow_id != 0)
    table.add(Text::label_flow, fmt::format("{}{}{}", event.flow_id, event.direction.empty() ? "" : ", ",
                                            printable(event.direction)));
  if (!event.app_protocol.empty()) table.add(Text::label_protocol, printable(event.app_protocol));
  if (event.transaction)
    table.add(Text::label_transaction, Text::fact_transaction,
              {{"number", std::to_string(*event.transaction)}});
}

void add_recon(const event::Recon& recon, Table& table) {
  if (!recon.direction.empty()) table.add(Text::label_direction, printable(recon.direction));
  table.add(Text::label_hosts, list_of(recon.hosts));
  table.add(Text::label_ports, fmt::format("{}", fmt::join(recon.ports, ", ")));
  table.add(Text::label_quarantine, table.voice().say(fmt::format("isolation.{}", recon.quarantine)));
}

void add_infected(const event::Infected& infected, Table& table) {
  table.add(Text::label_host, printable(infected.host));
  table.add(Text::label_quarantine, table.voice().say(fmt::format("egress.{}", infected.quarantine)));
}

void add_matched(const event::Matched& matched, Table& table) {
  table.add(Text::label_field,
            matched.buffer.empty() ? table.voice().say(Text::fact_no_buffer) : printable(matched.buffer));
  table.go_on(table.voice().say(fmt::format("anomaly.{}", matched.buffer)));
  if (!matched.fields.empty()) table.add(Text::label_compared, fields_text(matched.fields));
  const bool is_field =
      std::ranges::any_of(matched.fields, [&](const auto& field) { return field.first == matched.buffer; });
  if (is_field || matched.size == 0) return;  // of a field the value is said above
  table.add(Text::label_matched, Text::fact_matched,
            {{"size", std::to_string(matched.size)}, {"offset", std::to_string(matched.offset)}});
  if (!matched.bytes.empty())
    table.add(Text::label_value, fmt::format("\"{}\"{}", printable(matched.bytes),
                                             matched.bytes.size() < matched.size ? " …" : ""));
}

void add_rule(const event::Alert& alert, Table& table) {
  table.add(Text::label_rule,
            fmt::format("{}:{}:{} {}", alert.gid, alert.signature_id, alert.rev, printable(alert.signature)));
  if (!alert.category.empty())
    table.go_on(Text::fact_category,
                {{"category", printable(alert.category)}, {"severity", std::to_string(alert.severity)}});
  for (const std::string& reference : alert.references) table.go_on(printable(reference));
}

void add_verdict(const event::Verdict& verdict, Table& table) {
  table.add(Text::label_verdict, fmt::format("{} ({}), {}", printable(verdict.action),
                                             printable(verdict.reason), printable(verdict.mode)));
  table.go_on(table.voice().say(fmt::format("reason.{}", verdict.reason)));
  if (verdict.refused_packets != 0)
    table.go_on(Text::fact_refused_before, {{"count", with_commas(verdict.refused_packets)}});
}

}  // namespace

std::string line(std::string_view label, std::string_view value, Lang lang) {
  const std::size_t column = lang == Lang::ja ? 18 : 12;
  const std::size_t width = width_of(label);
  return fmt::format("{}{:{}}{}\n", label, "", width < column ? column - width : 1, value);
}

std::string facts(const event::Event& event, const std::optional<event::Event>& flow_end,
                  const Voice& voice) {
  Table table(voice);
  add_event(event, table);
  if ((event.type == "engine" && event.flow_id == 0) || event.software) return table.take();
  add_traffic(event, table);
  if (event.recon) add_recon(*event.recon, table);
  if (event.infected) add_infected(*event.infected, table);
  if (event.matched) add_matched(*event.matched, table);
  if (event.alert) add_rule(*event.alert, table);
  if (event.verdict) add_verdict(*event.verdict, table);
  if (flow_end && flow_end->verdict)
    table.add(Text::label_later, Text::fact_later,
              {{"count", with_commas(flow_end->verdict->refused_packets)}});
  table.add(Text::label_rules, Text::fact_generation, {{"number", std::to_string(event.rule_generation)}});
  return table.take();
}

}  // namespace bansoko::explain
