// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/reg_export/values.h"
#include "assess/inventory/text.h"
#include "assess/inventory/windows_names.h"
#include "base/printable.h"
#include "base/text.h"

/// What a registry says of its host: the system, installed updates and programs, services, and every value,
/// for checklists.
namespace bansoko::inventory::reg_export {
namespace {

using assess::ComponentKind;
using assess::Ecosystem;
using assess::Gap;
using assess::Host;

constexpr std::string_view kVersion = "hklm\\software\\microsoft\\windows nt\\currentversion";
constexpr std::string_view kHotFix = "hklm\\software\\microsoft\\windows nt\\currentversion\\hotfix\\";
constexpr std::string_view kUpdates = "hklm\\software\\microsoft\\updates\\";
constexpr std::string_view kUninstall = "\\currentversion\\uninstall\\";
constexpr std::string_view kPackages = "\\currentversion\\component based servicing\\packages\\";
constexpr std::string_view kServices = "hklm\\system\\currentcontrolset\\services\\";
constexpr std::string_view kControl = "hklm\\system\\currentcontrolset\\control\\";

/// What stands below one key that is an update, a program or a service.
struct Entry {
  std::uint32_t line = 0;
  std::string text = {};
  std::map<std::string, std::string, std::less<>> values = {};

  std::string_view get(std::string_view name) const noexcept {
    const auto at = values.find(name);
    return at == values.end() ? std::string_view() : std::string_view(at->second);
  }
};

/// The part of a key behind a path, up to the next backslash; empty: the key is not below it.
std::string_view below(std::string_view key, std::string_view path) noexcept {
  const std::size_t at = key.find(path);
  if (at == std::string_view::npos || (path.starts_with("hklm") && at != 0)) return {};
  const std::string_view rest = key.substr(at + path.size());
  return rest.substr(0, rest.find('\\'));
}

bool is_directly_below(std::string_view key, std::string_view path) noexcept {
  const std::string_view name = below(key, path);
  return !name.empty() && key.ends_with(name);
}

class Reading {
 public:
  Reading(const Document& document, const Limits& limits) : document_(document), limits_(limits) {
    host_.sources.push_back(document.name);
  }

  bool take(const Seen& seen) {
    if (++seen_ > limits_.max_components) {
      add_gap(host_, Gap::unreadable,
              fmt::format("only the first {} keys and values were read", limits_.max_components));
      return false;
    }
    keep_entry(seen);
    if (!seen.is_key) keep_setting(seen.value);
    return true;
  }

  Host finish(const Ending& ending) {
    if (!ending.whole)
      add_gap(host_, Gap::unreadable,
              fmt::format("the file ends at line {}, within the export", ending.lines));
    read_system(ending.whole);
    read_iis();
    read_products();
    UpdateList updates(host_, limits_.max_components);
    for (const auto& [key, entry] : updates_) read_update(key, entry, updates);
    for (const auto& [key, entry] : programs_) read_program(entry, updates);
    for (const auto& [key, entry] : services_) read_service(key, entry);
    // A list of which the end is missing proves nothing by what is not in it.
    if (!host_.updates.empty() && (!ending.whole || seen_ > limits_.max_components))
      add_gap(host_, Gap::updates_cut, "the list of updates is of a file that ends too early");
    state_gaps(host_);
    return std::move(host_);
  }

 private:
  void keep(std::map<std::string, Entry, std::less<>>& into, std::string_view name, const Seen& seen) {
    auto [at, added] = into.try_emplace(std::string(name));
    if (added) {
      at->second.line = seen.value.line;
      at->second.text = seen.value.key;
    }
    if (!seen.is_key) at->second.values.emplace(seen.value.name, seen.value.text);
  }

  void keep_entry(const Seen& seen) {
    const std::string& key = seen.value.key;
    if (const auto name = below(key, kHotFix);
        !update_number(name).empty() && is_directly_below(key, kHotFix))
      keep(updates_, key, seen);
    if (key.starts_with(kUpdates) && !update_of(key.substr(key.rfind('\\') + 1)).empty())
      keep(updates_, key, seen);
    if (is_directly_below(key, kPackages)) keep(updates_, key, seen);
    if (is_directly_below(key, kUninstall)) keep(programs_, key, seen);
    if (is_directly_below(key, kServices)) keep(services_, below(key, kServices), seen);
  }

  void keep_setting(const Value& value) {
    std::string name = "reg:" + value.key + "\\" + value.name;
    if (name.size() > limits_.max_text)
      return add_gap(host_, Gap::unreadable, "a key's name is too long", at(value.line, value.key));
    host_.settings.emplace(
        shown(name, limits_.max_text),
        assess::Setting{shown(value.text, limits_.max_text), at(value.line, value.name + "=" + value.text)});
  }

  assess::Evidence at(std::uint32_t line, std::string_view text) const {
    return evidence(document_.name, line, text);
  }

  std::string setting(std::string_view key, std::string_view name) const {
    const auto found = host_.settings.find(fmt::format("reg:{}\\{}", key, name));
    return found == host_.settings.end() ? std::string() : found->second.value;
  }
  std::string control(std::string_view key, std::string_view name) const {
    return setting(std::string(kControl) + std::string(key), name);
  }

  void read_system(bool whole) {
    host_.name = control("computername\\activecomputername", "computername");
    if (host_.name.empty()) host_.name = control("computername\\computername", "computername");
    if (host_.name.empty())
      host_.name = setting("hklm\\system\\currentcontrolset\\services\\tcpip\\parameters", "hostname");
    host_.os.arch = windows_arch(control("session manager\\environment", "processor_architecture"));
    read_product_type();
    WindowsFacts facts{setting(kVersion, "productname"), version(), server_};
    if (facts.name.empty() && facts.version.empty()) return;
    if (!identify_windows(facts, host_.os))
      add_gap(host_, Gap::contradiction, fmt::format("{} is not version {}", facts.name, facts.version));
    if (host_.os.edition.empty()) host_.os.edition = edition();
    host_.os.revision = number(setting(kVersion, "ubr")).value_or(host_.os.revision);
    const auto named = host_.settings.find(fmt::format("reg:{}\\productname", kVersion));
    if (named != host_.settings.end()) host_.os.evidence = named->second.evidence;
    const std::string pack = setting(kVersion, "csdversion");
    if (!pack.empty() || (whole && !facts.name.empty() && !facts.version.empty()))
      host_.os.service_pack = first_number(pack).value_or(0);
    if (has(setting(kVersion, "installationtype"), "core"))
      add_feature("server_core", kVersion, "installationtype");
    const std::string language = control("nls\\language", "installlanguage");
    std::uint32_t lcid = 0;
    std::from_chars(language.data(), language.data() + language.size(), lcid, 16);
    host_.os.language = windows_language(lcid);
  }

  /// NT 4.0 and 2000 name none: what they are is in ProductType, and in ProductSuite if it is more than that.
  std::string edition() const {
    if (!server_ ||
        (host_.os.product != "microsoft:windows_nt" && host_.os.product != "microsoft:windows_2000"))
      return {};
    const std::string suite = control("productoptions", "productsuite");
    if (!*server_) return "professional";
    if (has(suite, "datacenter")) return "datacenter";
    if (has(suite, "enterprise")) return "enterprise";
    return has(suite, "terminal server") && host_.os.product == "microsoft:windows_nt" ? "terminal"
                                                                                       : "standard";
  }

  /// CurrentVersion stopped at 6.3; what came after has numbers of its own.
  std::string version() const {
    const std::string build = setting(kVersion, "currentbuildnumber");
    if (build.empty()) return {};
    const std::string major = setting(kVersion, "currentmajorversionnumber");
    if (!major.empty())
      return fmt::format("{}.{}.{}", major, setting(kVersion, "currentminorversionnumber"), build);
    const std::string current = setting(kVersion, "currentversion");
    return current.empty() ? std::string() : fmt::format("{}.{}", current, build);
  }

  void read_product_type() {
    const std::string type = lowered(control("productoptions", "producttype"));
    if (type.empty()) return;
    server_ = type != "winnt";
    if (type == "lanmannt")
      host_.settings["windows:domain_role"] = {
          "domain_controller",
          host_.settings.at(fmt::format("reg:{}productoptions\\producttype", kControl)).evidence};
  }

  void read_iis() {
    constexpr std::string_view kIis = "hklm\\software\\microsoft\\inetstp";
    const std::string major = setting(kIis, "majorversion");
    if (major.empty()) return;
    add_feature("iis", kIis, "majorversion");
    host_.components.back().product = "microsoft:internet_information_services";
    host_.components.back().version = fmt::format("{}.{}", major, setting(kIis, "minorversion"));
  }

  /// Programs that say their version in keys of their own.
  void read_products() {
    struct Product {
      std::string_view key, newer, older, id, name;
    };
    constexpr std::array kProducts{
        Product{"hklm\\software\\microsoft\\mssqlserver\\mssqlserver\\currentversion", "csdversion",
                "currentversion", "microsoft:sql_server", "Microsoft SQL Server"},
        Product{"hklm\\software\\microsoft\\internet explorer", "svcversion", "version",
                "microsoft:internet_explorer", "Internet Explorer"},
    };
    for (const Product& one : kProducts) {
      const std::string_view value = setting(one.key, one.newer).empty() ? one.older : one.newer;
      const std::string version = setting(one.key, value);
      if (version.empty()) continue;
      host_.components.push_back(
          {.kind = ComponentKind::application,
           .ecosystem = Ecosystem::windows,
           .name = std::string(one.name),
           .product = std::string(one.id),
           .version = version,
           .evidence = host_.settings.at(fmt::format("reg:{}\\{}", one.key, value)).evidence});
    }
  }

  void add_feature(std::string name, std::string_view key, std::string_view value) {
    host_.components.push_back(
        {.kind = ComponentKind::feature,
         .ecosystem = Ecosystem::windows,
         .name = std::move(name),
         .evidence = host_.settings.at(fmt::format("reg:{}\\{}", key, value)).evidence});
  }

  /// CurrentState of Vista and later: 0x70 is installed, 0x80 installed for good.
  void read_update(const std::string& key, const Entry& entry, UpdateList& updates) const {
    std::string_view name = std::string_view(key).substr(key.rfind('\\') + 1);
    if (key.find(kPackages) != std::string::npos) {
      const std::string_view state = entry.get("currentstate");
      const std::size_t kb = name.find("_kb");
      if (kb == std::string_view::npos || (state != "112" && state != "128")) return;
      name.remove_prefix(kb + 1);
    }
    if (entry.get("installed") == "0") return;
    updates.add({update_of(name), {}, at(entry.line, entry.text)});
  }

  /// Update Rollup 1 for Windows 2000 SP4 is the one whose key has no number; it is KB891861.
  static std::string update_of(std::string_view name) {
    return same_text(name, "update rollup 1") ? "891861" : update_number(name);
  }

  void read_program(const Entry& entry, UpdateList& updates) {
    const std::string_view name = entry.get("displayname");
    std::string_view key = std::string_view(entry.text).substr(entry.text.rfind('\\') + 1);
    std::string kb = update_number(key);
    if (const std::size_t open = name.rfind("(KB"); kb.empty() && open != std::string_view::npos)
      kb = update_number(name.substr(open + 1));
    if (!kb.empty()) return updates.add({std::move(kb), {}, at(entry.line, name.empty() ? key : name)});
    if (name.empty()) return;
    host_.components.push_back({.kind = ComponentKind::application,
                                .ecosystem = Ecosystem::windows,
                                .name = shown(name, limits_.max_text),
                                .version = shown(entry.get("displayversion"), limits_.max_text),
                                .evidence = at(entry.line, name)});
  }

  /// Type 0x10 and 0x20 are programs, 1, 2 and 8 drivers; Start 2 is by itself, 3 on demand, 4 never.
  void read_service(const std::string& name, const Entry& entry) {
    const auto type = number(entry.get("type")), start = number(entry.get("start"));
    if (!type || !start || (*type & 0x30U) == 0) return;
    constexpr std::array<std::string_view, 5> kModes{"boot", "system", "auto", "manual", "disabled"};
    if (*start < kModes.size())
      host_.settings[fmt::format("service:{}:start", shown(name, limits_.max_text))] = {
          std::string(kModes[*start]), at(entry.line, fmt::format("{}: Start={}", entry.text, *start))};
    host_.components.push_back({.kind = ComponentKind::service,
                                .ecosystem = Ecosystem::windows,
                                .name = shown(name, limits_.max_text),
                                .running = *start == 4 ? std::optional(false) : std::nullopt,
                                .evidence = at(entry.line, fmt::format("{}: Start={}", entry.text, *start))});
  }

  const Document& document_;
  const Limits& limits_;
  Host host_;
  std::map<std::string, Entry, std::less<>> updates_, programs_, services_;
  std::optional<bool> server_;
  std::size_t seen_ = 0;
};

bool recognises(const Document& document) { return form_of(beginning(document.bytes)) != Form::none; }

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  const std::string text = to_utf8(document.bytes);
  const Form form = form_of(text);
  if (form == Form::none)
    return fail(Errc::invalid, "{}:1: neither a .reg file nor of reg query", printable(document.name));
  Reading reading(document, limits);
  const Ending ending = read_values(text, form, [&](const Seen& seen) { return reading.take(seen); });
  return std::vector<Host>{reading.finish(ending)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "reg_export", .title = "reg export, reg query", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::reg_export
