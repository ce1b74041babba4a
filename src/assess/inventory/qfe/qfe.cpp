// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/qfe/install_dates.h"
#include "assess/inventory/records_of.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"

/// Win32_QuickFixEngineering as `wmic qfe` (full, brief, /format:csv, /format:list) and Get-HotFix of
/// PowerShell print it. Its names are English in every language.
namespace bansoko::inventory::qfe {
namespace {

using assess::Gap;
using assess::Host;

constexpr std::string_view kKey = "hotfixid";

std::string host_of(const Record& record) {
  for (const std::string_view name : {"csname", "pscomputername", "source", "node", "__server"}) {
    const std::string_view value = record.get(name);
    if (!value.empty()) return shown(value);
  }
  return {};
}

bool is_number(std::string_view text) { return text.size() >= 6 && text.size() <= 7 && number(text); }

/// The update that a row is about. "File 1" is a file of the update whose key it stands below: XP and 2003
/// put that key's name into ServicePackInEffect. Vista wrote some numbers without letters.
std::string update_of(const Record& record) {
  const std::string_view id = record.get(kKey);
  if (std::string kb = update_number(id); !kb.empty()) return kb;
  if (id.starts_with("File ")) return update_number(record.get("servicepackineffect"));
  return is_number(id) ? std::string(id) : std::string();
}

void read_host(const Document& document, const std::vector<const Record*>& records, const Limits& limits,
               Host& host) {
  std::vector<std::string_view> dates;
  dates.reserve(records.size());
  for (const Record* const record : records) dates.push_back(record->get("installedon"));
  const DateOrder order = order_of(dates);
  UpdateList updates(host, limits.max_components);
  for (const Record* const record : records) {
    if (record->cut) {
      add_gap(host, Gap::updates_cut, "the file ends within a row of the list",
              evidence(document.name, record->line, record->text));
      continue;
    }
    std::string kb = update_of(*record);
    if (kb.empty()) continue;
    updates.add({std::move(kb), install_date(record->get("installedon"), order),
                 evidence(document.name, record->line, record->text)});
  }
}

bool recognises(const Document& document) { return shape_of(beginning(document.bytes), kKey) != Shape::none; }

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  const std::string text = to_utf8(document.bytes);
  if (shape_of(text, kKey) == Shape::none)
    return fail(Errc::invalid, "{}:1: no list of updates: there is no HotFixID", printable(document.name));
  // A row is at least ten bytes; more rows than components may be are cut.
  const std::vector<Record> records = records_of(text, kKey, limits.max_components + 1);
  std::map<std::string, std::vector<const Record*>, std::less<>> by_host;
  for (const Record& record : records) {
    std::string name = host_of(record);
    if (by_host.size() >= limits.max_hosts && !by_host.contains(name)) break;
    by_host[std::move(name)].push_back(&record);
  }
  if (by_host.empty()) by_host.emplace();
  std::vector<Host> hosts;
  for (const auto& [name, rows] : by_host) {
    Host& host = hosts.emplace_back();
    host.name = name;
    host.sources.push_back(document.name);
    if (records.size() > limits.max_components)
      add_gap(host, Gap::updates_cut, fmt::format("only the first {} rows were read", limits.max_components));
    read_host(document, rows, limits, host);
    state_gaps(host);
    if (host.updates.empty() && !host.lacks(Gap::no_updates) && !host.lacks(Gap::updates_cut))
      add_gap(host, Gap::no_updates, "the list of updates is empty");
  }
  return hosts;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "qfe", .title = "wmic qfe list, Get-HotFix", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::qfe
