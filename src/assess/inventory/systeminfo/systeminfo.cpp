// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/systeminfo/items.h"
#include "assess/inventory/systeminfo/labels.h"
#include "assess/inventory/text.h"
#include "assess/inventory/windows_names.h"
#include "base/printable.h"
#include "base/text.h"

/// What systeminfo.exe prints, in any language: known labels first; in a language that we do not know, what
/// has the form of a version, of a processor, of a list of updates.
namespace bansoko::inventory::systeminfo {
namespace {

using assess::Gap;
using assess::Host;

/// The items by what they mean.
struct Sheet {
  std::map<Field, const Item*> fields = {};
  std::map<std::string, int, std::less<>> languages = {};  // how many labels are of each

  const Item* find(Field field) const {
    const auto at = fields.find(field);
    return at == fields.end() ? nullptr : at->second;
  }
};

/// "5.2.3790 Service Pack 2 Build 3790": it ends with the build that it begins with.
bool is_whole_version(std::string_view value) {
  const auto version = windows_version(value);
  const std::size_t last = value.find_last_of(" \t");
  if (!version || last == std::string_view::npos) return false;
  return number(value.substr(last + 1)) == version->build;
}

bool is_machine(std::string_view value) {
  const std::string text = lowered(value);
  return text.find("family") == std::string::npos && windows_arch(text) != assess::Arch::unknown &&
         (text.find("pc") != std::string::npos || text.find("bas") != std::string::npos) &&
         text.find("windows") == std::string::npos;
}

bool is_locale(std::string_view value) {
  const std::size_t end = value.find(';');
  if (end == std::string_view::npos || end < 2 || end > 10) return false;
  return std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return c == '-' || (to_lower(c) >= 'a' && to_lower(c) <= 'z'); });
}

bool lists_updates(const Item& item) {
  const auto is_update = [](const Entry& entry) {
    return !update_number(entry.text).empty() || entry.text == "File 1";
  };
  return first_number(item.value) && std::any_of(item.entries.begin(), item.entries.end(), is_update);
}

/// What has the form of a field, where no label told it.
void find_by_form(const std::vector<Item>& items, Sheet& sheet) {
  const auto take = [&](Field field, const Item& item) { sheet.fields.emplace(field, &item); };
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    if (is_whole_version(item.value) && sheet.find(Field::os_version) == nullptr) {
      take(Field::os_version, item);
      if (i >= 1 && has(items[i - 1].value, "windows")) take(Field::os_name, items[i - 1]);
      if (i >= 2) take(Field::host_name, items[i - 2]);
      if (i + 2 < items.size()) take(Field::configuration, items[i + 2]);
    }
    if (is_machine(item.value)) take(Field::system_type, item);
    if (is_locale(item.value)) take(Field::locale, item);
  }
  // NOLINTNEXTLINE(modernize-loop-convert): Clang 14 cannot compile reverse_view of this library
  for (auto item = items.rbegin(); item != items.rend(); ++item)
    if (lists_updates(*item)) take(Field::updates, *item);
}

Sheet sheet_of(const std::vector<Item>& items) {
  Sheet sheet;
  for (const Item& item : items)
    if (const auto label = find_label(item.label)) {
      sheet.fields.emplace(label->field, &item);
      ++sheet.languages[std::string(label->language)];
    }
  find_by_form(items, sheet);
  return sheet;
}

std::string language_of(const Sheet& sheet) {
  const auto most = std::max_element(sheet.languages.begin(), sheet.languages.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  // A label or two are the same in several languages.
  if (most != sheet.languages.end() && most->second > 2) return most->first;
  const Item* const locale = sheet.find(Field::locale);
  return locale == nullptr || !is_locale(locale->value) ? std::string() : lowered(locale->value.substr(0, 2));
}

assess::Evidence seen_at(const Document& document, const Item& item) {
  return evidence(document.name, item.line, item.label + ": " + item.value);
}

constexpr std::array kRoles{"",
                            "standalone_workstation",
                            "member_workstation",
                            "standalone_server",
                            "member_server",
                            "domain_controller"};

void read_system(const Document& document, const Sheet& sheet, Host& host) {
  WindowsFacts facts;
  const Item* const name = sheet.find(Field::os_name);
  const Item* const version = sheet.find(Field::os_version);
  if (name != nullptr) facts.name = name->value;
  if (version != nullptr) facts.version = version->value;
  if (const Item* const item = sheet.find(Field::configuration)) {
    const DomainRole role = domain_role(item->value);
    if (role >= DomainRole::standalone_workstation) {
      facts.server = role >= DomainRole::standalone_server;
      host.settings["windows:domain_role"] = {kRoles[static_cast<std::size_t>(role)],
                                              seen_at(document, *item)};
    }
  }
  if (const Item* const item = sheet.find(Field::domain); item != nullptr && !item->value.empty())
    host.settings["windows:domain"] = {shown(item->value), seen_at(document, *item)};
  if (const Item* const item = sheet.find(Field::system_type)) host.os.arch = windows_arch(item->value);
  if (!identify_windows(facts, host.os))
    add_gap(host, Gap::contradiction,
            fmt::format("{} is not version {}", shown(facts.name), shown(facts.version)),
            seen_at(document, *version));
  host.os.language = language_of(sheet);
  if (version == nullptr) {
    if (name != nullptr) host.os.evidence = seen_at(document, *name);
    return;
  }
  host.os.evidence = evidence(document.name, version->line, facts.name + "; " + version->value);
  if (!is_whole_version(version->value)) return;
  // "5.2.3790 Service Pack 2 Build 3790", "10.0.17763 N/D Compilación 17763"
  const std::size_t first = version->value.find(' '), last = version->value.find_last_of(' ');
  host.os.service_pack =
      first_number(std::string_view(version->value).substr(first, last - first)).value_or(0);
}

void check_count(const Document& document, const Item& item, Host& host) {
  const auto announced = first_number(item.value);
  const std::size_t listed = item.entries.size();
  const assess::Evidence seen = seen_at(document, item);
  if (!announced) {
    add_gap(host, Gap::no_updates,
            fmt::format("instead of a list of updates it says '{}'", shown(item.value)), seen);
    return;
  }
  if (listed < *announced)
    add_gap(host, Gap::updates_cut, fmt::format("{} announced, {} listed", *announced, listed), seen);
  else if (listed > *announced)
    add_gap(host, Gap::contradiction, fmt::format("{} updates announced, {} listed", *announced, listed),
            seen);
  const bool cut = item.entries.empty() ? !item.ended : !item.entries.back().ended;
  if (cut && listed >= *announced)
    add_gap(host, Gap::updates_cut,
            fmt::format("{} announced; the file ends within the last of them", *announced), seen);
}

void read_updates(const Document& document, const Item& item, const Limits& limits, Host& host) {
  UpdateList updates(host, limits.max_components);
  for (const Entry& entry : item.entries)
    if (std::string kb = update_number(entry.text); !kb.empty())
      updates.add({std::move(kb), {}, evidence(document.name, entry.line, entry.text)});
  check_count(document, item, host);
}

void read_addresses(const std::vector<Item>& items, Host& host) {
  constexpr std::size_t kMost = 1024;  // no host has more, and each is looked for in the list
  for (const Item& item : items)
    for (const Entry& entry : item.entries)
      if (auto found = address(entry.text); found && host.addresses.size() < kMost)
        if (std::find(host.addresses.begin(), host.addresses.end(), *found) == host.addresses.end())
          host.addresses.push_back(std::move(*found));
}

Host read_host(const Document& document, const std::vector<Item>& items, const Limits& limits) {
  const Sheet sheet = sheet_of(items);
  Host host;
  host.sources.push_back(document.name);
  if (const Item* const item = sheet.find(Field::host_name); item != nullptr && item->value != "...")
    host.name = shown(item->value, limits.max_text);
  read_system(document, sheet, host);
  if (const Item* const item = sheet.find(Field::updates))
    read_updates(document, *item, limits, host);
  else
    add_gap(host, Gap::no_updates, "there is no list of updates in it");
  read_addresses(items, host);
  add_gap(host, Gap::no_settings, "systeminfo says nothing of the configuration");
  state_gaps(host);
  return host;
}

bool is_host(const std::vector<Item>& items) {
  if (items.empty()) return false;
  const Sheet sheet = sheet_of(items);
  const Item* const name = sheet.find(Field::os_name);
  const Item* const version = sheet.find(Field::os_version);
  if (version != nullptr && windows_version(version->value)) return true;
  return name != nullptr && has(name->value, "windows") && sheet.find(Field::host_name) != nullptr;
}

bool recognises(const Document& document) {
  const auto hosts = read_items(beginning(document.bytes), 1);
  return !hosts.empty() && is_host(hosts.front());
}

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  std::vector<Host> hosts;
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  for (const std::vector<Item>& items : read_items(to_utf8(document.bytes), limits.max_hosts))
    if (is_host(items)) hosts.push_back(read_host(document, items, limits));
  if (hosts.empty())
    return fail(Errc::invalid, "{}:1: not the output of systeminfo", printable(document.name));
  return hosts;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "systeminfo",
                                 .title = "systeminfo of Windows, in any language",
                                 .recognises = recognises,
                                 .read = read};
  return source;
}

}  // namespace bansoko::inventory::systeminfo
