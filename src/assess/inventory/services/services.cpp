// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/records_of.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"

/// Services of Windows: `sc query` (also state= all), `wmic service`, Get-Service, `net start`'s forms are in
/// many languages and are not read; `tasklist` (/svc, /fo csv) says which programs run.
namespace bansoko::inventory::services {
namespace {

using assess::Component;
using assess::ComponentKind;
using assess::Host;

enum class Form { none, sc, wmic, tasklist };

/// One host, and what stays within the limits.
class Reading {
 public:
  Reading(const Document& document, const Limits& limits) : document_(document), limits_(limits) {
    host_.sources.push_back(document.name);
  }

  /// False: no more are kept.
  bool add(std::string_view name, std::optional<bool> running, std::uint32_t line, std::string_view text,
           ComponentKind kind = ComponentKind::service) {
    if (host_.components.size() == limits_.max_components) {
      add_gap(host_, assess::Gap::unreadable,
              fmt::format("only the first {} were read", limits_.max_components));
      return false;
    }
    host_.components.push_back({.kind = kind,
                                .ecosystem = assess::Ecosystem::windows,
                                .name = lowered(shown(name, limits_.max_text)),
                                .running = running,
                                .evidence = evidence(document_.name, line, text)});
    return true;
  }
  /// "service:w3svc:start": "auto", "manual", "disabled".
  void start(std::string_view name, std::string_view mode, std::uint32_t line, std::string_view text) {
    host_.settings["service:" + lowered(shown(name, limits_.max_text)) + ":start"] = {
        lowered(shown(mode, 16)), evidence(document_.name, line, text)};
  }
  void cut(std::uint32_t line, std::string_view text) {
    add_gap(host_, assess::Gap::unreadable, "the file ends within a service",
            evidence(document_.name, line, text));
  }
  Host& host() noexcept { return host_; }

 private:
  const Document& document_;
  const Limits& limits_;
  Host host_;
};

/// "4  RUNNING": SERVICE_STATUS, dwCurrentState; the number is the same in every language.
std::optional<bool> running_of(std::string_view value) {
  const auto state = first_number(value);
  if (!state || *state < 1 || *state > 7) return {};
  return *state != 1;
}

/// The blocks of `sc query`: the name, then the type, then the state. Labels are translated in some versions,
/// so the first three lines with a colon count, and the two numbers.
void read_sc(const std::vector<Line>& lines, Reading& reading) {
  std::string name;
  Line at;
  bool open = false;
  for (const Line& line : lines) {
    const std::size_t colon = line.text.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view label = line.text.substr(0, colon), value = trim(line.text.substr(colon + 1));
    if (label.find("SERVICE_NAME") != std::string_view::npos) {
      if (open && !reading.add(name, {}, at.number, at.text)) return;
      name = value;
      at = line;
      open = !value.empty();
    } else if (open && trim(label) == "STATE") {
      if (!line.ended) break;
      if (!reading.add(name, running_of(value), at.number, at.text)) return;
      open = false;
    }
  }
  if (open) reading.cut(at.number, at.text);
}

void read_wmic(const std::string& text, const Limits& limits, Reading& reading) {
  const std::string_view key = shape_of(text, "startmode") != Shape::none ? "startmode" : "status";
  for (const Record& record : records_of(text, key, limits.max_components)) {
    const std::string_view state =
        record.values.contains("state") ? record.get("state") : record.get("status");
    if (reading.host().name.empty())
      reading.host().name =
          shown(record.get("systemname").empty() ? record.get("node") : record.get("systemname"));
    const std::string_view name = record.get("name"), mode = record.get("startmode");
    if (record.cut) {
      reading.cut(record.line, record.text);
      continue;
    }
    if (name.empty()) continue;
    const auto running = state.empty() ? std::nullopt : std::optional(same_text(state, "running"));
    if (!reading.add(name, running, record.line, record.text)) return;
    if (!mode.empty()) reading.start(name, mode, record.line, record.text);
  }
}

/// "System Idle Process   0 Services  0  16 K" below a line of "====", or quoted values: a program, then its
/// id.
std::optional<std::string> program_of(std::string_view line) {
  if (line.starts_with('"')) {
    const std::vector<std::string> fields = csv_fields(line);
    return fields.size() > 1 && number(fields[1]) ? std::optional(fields[0]) : std::nullopt;
  }
  const std::size_t end = line.find(".exe");
  if (end == std::string_view::npos) return {};
  const std::string_view rest = trim(line.substr(end + 4));
  if (!number(rest.substr(0, rest.find(' ')))) return {};
  return std::string(line.substr(0, end + 4));
}

void read_tasklist(const std::vector<Line>& lines, Reading& reading) {
  std::vector<std::string> known;
  for (const Line& line : lines) {
    const auto program = program_of(line.text);
    if (!program) continue;
    if (!line.ended) return reading.cut(line.number, line.text);
    const std::string name = lowered(*program);
    const auto at = std::lower_bound(known.begin(), known.end(), name);
    if (at != known.end() && *at == name) continue;
    if (known.size() == 4096)
      return add_gap(reading.host(), assess::Gap::unreadable, "more programs than are read");
    known.insert(at, name);
    if (!reading.add(name, true, line.number, line.text)) return;
  }
}

Form form_of(const std::string& text) {
  const std::vector<Line> lines = lines_of(text);
  const auto any = [&](auto claim) { return std::any_of(lines.begin(), lines.end(), claim); };
  if (any([](const Line& line) { return line.text.starts_with("SERVICE_NAME:"); })) return Form::sc;
  const bool table = shape_of(text, "startmode") != Shape::none;
  const bool powershell = shape_of(text, "displayname") == Shape::table && has(text, "status");
  if (table || powershell) return Form::wmic;
  const bool ruled = any([](const Line& line) {
    return line.text.starts_with("=====") && line.text.find_first_not_of("= ") == std::string_view::npos;
  });
  const bool quoted = !lines.empty() && any([](const Line& line) {
    return line.text.starts_with("\"") && has(line.text, ".exe\",\"") && program_of(line.text);
  });
  return (ruled && has(text, ".exe")) || quoted ? Form::tasklist : Form::none;
}

bool recognises(const Document& document) { return form_of(beginning(document.bytes)) != Form::none; }

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  const std::string text = to_utf8(document.bytes);
  Reading reading(document, limits);
  switch (form_of(text)) {
    case Form::sc:
      read_sc(lines_of(text), reading);
      break;
    case Form::wmic:
      read_wmic(text, limits, reading);
      break;
    case Form::tasklist:
      read_tasklist(lines_of(text), reading);
      break;
    case Form::none:
      return fail(Errc::invalid, "{}:1: no list of services or programs", printable(document.name));
  }
  add_gap(reading.host(), assess::Gap::no_settings, "a list of services is no configuration");
  state_gaps(reading.host());
  return std::vector<Host>{std::move(reading.host())};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "services",
                                 .title = "sc query, wmic service, Get-Service, tasklist",
                                 .recognises = recognises,
                                 .read = read};
  return source;
}

}  // namespace bansoko::inventory::services
