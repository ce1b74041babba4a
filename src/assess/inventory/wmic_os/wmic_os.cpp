// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/records_of.h"
#include "assess/inventory/text.h"
#include "assess/inventory/windows_names.h"
#include "base/printable.h"
#include "base/text.h"

/// Win32_OperatingSystem as `wmic os` prints it, and what `ver` says.
namespace bansoko::inventory::wmic_os {
namespace {

using assess::Gap;
using assess::Host;

constexpr std::string_view kKeys[] = {"buildnumber", "csdversion", "servicepackmajorversion",
                                      "osarchitecture"};

/// The version between the brackets of "Microsoft Windows XP [Version 5.1.2600]", in any language, or after
/// the word of "Windows NT Version 4.0".
std::string_view version_of_ver(std::string_view line) {
  if (!has(line, "windows")) return {};
  const std::size_t open = line.find('['), close = line.find(']');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    const std::string_view inside = line.substr(open + 1, close - open - 1);
    const std::size_t digit = inside.find_first_of("0123456789");
    return digit == std::string_view::npos ? std::string_view() : inside.substr(digit);
  }
  return line.starts_with("Windows NT") && has(line, "version 4.0") ? "4.0.1381" : std::string_view();
}

struct Ver {
  std::string name, version;
  Line line;
};

/// `ver` prints one line, and it is the first that is not empty.
std::optional<Ver> find_ver(const std::string& text) {
  for (const Line& line : lines_of(text)) {
    if (line.text.empty()) continue;
    const std::string_view version = version_of_ver(line.text);
    if (!windows_version(version)) return {};
    return Ver{std::string(trim(line.text.substr(0, line.text.find('[')))), std::string(version), line};
  }
  return {};
}

std::string_view key_of(const std::string& text) {
  for (const std::string_view key : kKeys)
    if (shape_of(text, key) != Shape::none) return key;
  return {};
}

void read_service_pack(const Record& record, Host& host) {
  const bool says_name = record.values.contains("csdversion");
  const bool says_number = record.values.contains("servicepackmajorversion");
  const auto major = number(record.get("servicepackmajorversion"));
  if (says_number && major)
    host.os.service_pack = major;
  else if (says_name)
    host.os.service_pack = first_number(record.get("csdversion")).value_or(0);
}

/// ProductType ([Win32_OperatingSystem]): 1 is a workstation, 2 a domain controller, 3 a server.
void read_kind(const Document& document, const Record& record, WindowsFacts& facts, Host& host) {
  const auto type = number(record.get("producttype"));
  if (!type || *type < 1 || *type > 3) return;
  facts.server = *type != 1;
  if (*type == 2)
    host.settings["windows:domain_role"] = {"domain_controller",
                                            evidence(document.name, record.line, "ProductType=2")};
}

/// Products without the desktop: the "core" SKUs of GetProductInfo.
bool is_core(std::uint32_t sku) noexcept {
  return (sku >= 12 && sku <= 14) || (sku >= 39 && sku <= 41) || sku == 29 || sku == 43 || sku == 44 ||
         sku == 45 || sku == 46 || sku == 53 || sku == 54 || sku == 63 || sku == 88 || sku == 147 ||
         sku == 148 || sku == 168;
}

Host read_record(const Document& document, const Record& record, const Limits& limits) {
  Host host;
  host.sources.push_back(document.name);
  const std::string_view name = record.get("csname").empty() ? record.get("node") : record.get("csname");
  host.name = shown(name, limits.max_text);
  WindowsFacts facts{std::string(record.get("caption")), std::string(record.get("version")), {}};
  read_kind(document, record, facts, host);
  if (!identify_windows(facts, host.os))
    add_gap(host, Gap::contradiction,
            fmt::format("{} is not version {}", shown(facts.name), shown(facts.version)));
  if (host.os.build == 0) host.os.build = number(record.get("buildnumber")).value_or(0);
  if (const auto arch = windows_arch(record.get("osarchitecture")); arch != assess::Arch::unknown)
    host.os.arch = arch;
  if (has(record.get("othertypedescription"), "r2")) host.os.r2 = true;
  if (const auto lcid = number(record.get("oslanguage"))) host.os.language = windows_language(*lcid);
  if (const auto sku = number(record.get("operatingsystemsku")); sku && is_core(*sku))
    host.components.push_back(
        {.kind = assess::ComponentKind::feature,
         .ecosystem = assess::Ecosystem::windows,
         .name = "server_core",
         .evidence = evidence(document.name, record.line, fmt::format("OperatingSystemSKU={}", *sku))});
  if (const auto when = assess::parse_date(record.get("localdatetime").substr(0, 8))) host.collected = *when;
  read_service_pack(record, host);
  host.os.evidence = evidence(document.name, record.line, facts.name + " " + facts.version);
  if (record.cut) add_gap(host, Gap::unreadable, "the file ends within what wmic says of the system");
  return host;
}

Host read_ver(const Document& document, const Ver& ver) {
  Host host;
  host.sources.push_back(document.name);
  identify_windows({ver.name, ver.version, {}}, host.os);
  host.os.evidence = evidence(document.name, ver.line.number, ver.line.text);
  // "Microsoft Windows" alone is no name.
  if (same_text(host.os.name, "Microsoft Windows")) host.os.name.clear();
  if (const auto version = windows_version(ver.version); host.os.product.empty() && version)
    add_gap(host, Gap::no_os, fmt::format("version {} is {}", ver.version, windows_candidates(*version)),
            host.os.evidence);
  return host;
}

bool recognises(const Document& document) {
  const std::string text = beginning(document.bytes);
  return (!key_of(text).empty() && has(text, "caption")) || find_ver(text);
}

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  const std::string text = to_utf8(document.bytes);
  std::vector<Host> hosts;
  if (const std::string_view key = key_of(text); !key.empty())
    for (const Record& record : records_of(text, key, limits.max_hosts))
      hosts.push_back(read_record(document, record, limits));
  else if (const auto ver = find_ver(text))
    hosts.push_back(read_ver(document, *ver));
  if (hosts.empty())
    return fail(Errc::invalid, "{}:1: neither of wmic os nor of ver", printable(document.name));
  for (Host& host : hosts) state_gaps(host);
  return hosts;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "wmic_os", .title = "wmic os, ver", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::wmic_os
