// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/roles.h"

#include <algorithm>
#include <array>
#include <map>

#include "assess/inventory/text.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

using assess::Component;
using assess::ComponentKind;
using assess::Evidence;
using assess::Host;
using assess::Role;

struct PortRole {
  std::string_view protocol;
  std::uint16_t port;
  Role role;
};

// IANA's service names and port numbers. 445 and 139 listen on every Windows: they alone prove no file
// server.
constexpr std::array kPorts{
    PortRole{"tcp", 80, Role::web},
    PortRole{"tcp", 443, Role::web},
    PortRole{"tcp", 8080, Role::web},
    PortRole{"tcp", 8443, Role::web},
    PortRole{"tcp", 1433, Role::database},
    PortRole{"tcp", 1521, Role::database},
    PortRole{"tcp", 3306, Role::database},
    PortRole{"tcp", 5432, Role::database},
    PortRole{"tcp", 27017, Role::database},
    PortRole{"tcp", 6379, Role::database},
    PortRole{"tcp", 3268, Role::domain_controller},
    PortRole{"tcp", 53, Role::dns},
    PortRole{"udp", 53, Role::dns},
    PortRole{"tcp", 25, Role::mail},
    PortRole{"tcp", 110, Role::mail},
    PortRole{"tcp", 143, Role::mail},
    PortRole{"tcp", 587, Role::mail},
    PortRole{"tcp", 993, Role::mail},
    PortRole{"tcp", 995, Role::mail},
    PortRole{"tcp", 22, Role::remote_access},
    PortRole{"tcp", 23, Role::remote_access},
    PortRole{"tcp", 3389, Role::remote_access},
    PortRole{"tcp", 5900, Role::remote_access},
    PortRole{"tcp", 1723, Role::remote_access},
    PortRole{"tcp", 515, Role::print},
    PortRole{"tcp", 9100, Role::print},
    PortRole{"tcp", 631, Role::print},
    PortRole{"tcp", 2049, Role::file_server},
    PortRole{"tcp", 548, Role::file_server},
    PortRole{"tcp", 21, Role::file_server},
};

struct NameRole {
  std::string_view name;
  Role role;
};

/// Services of Windows, and features that readers name.
constexpr std::array kServices{
    NameRole{"w3svc", Role::web},
    NameRole{"iis", Role::web},
    NameRole{"apache2", Role::web},
    NameRole{"httpd", Role::web},
    NameRole{"nginx", Role::web},
    NameRole{"tomcat", Role::web},
    NameRole{"mssqlserver", Role::database},
    NameRole{"mysql", Role::database},
    NameRole{"mysqld", Role::database},
    NameRole{"mariadb", Role::database},
    NameRole{"postgresql", Role::database},
    NameRole{"oracleservice", Role::database},
    NameRole{"ntds", Role::domain_controller},
    NameRole{"kdc", Role::domain_controller},
    NameRole{"dns", Role::dns},
    NameRole{"named", Role::dns},
    NameRole{"bind9", Role::dns},
    NameRole{"smtpsvc", Role::mail},
    NameRole{"msexchangeis", Role::mail},
    NameRole{"msexchangetransport", Role::mail},
    NameRole{"postfix", Role::mail},
    NameRole{"sendmail", Role::mail},
    NameRole{"exim4", Role::mail},
    NameRole{"dovecot", Role::mail},
    NameRole{"remoteaccess", Role::remote_access},
    NameRole{"tlntsvr", Role::remote_access},
    NameRole{"lpdsvc", Role::print},
    NameRole{"cups", Role::print},
    NameRole{"msftpsvc", Role::file_server},
    NameRole{"smb", Role::file_server},
    NameRole{"smbd", Role::file_server},
    NameRole{"nfs-server", Role::file_server},
    NameRole{"vsftpd", Role::file_server},
};

bool is_local(std::string_view address) noexcept { return address.starts_with("127.") || address == "::1"; }

/// "mssql$sqlexpress" and "postgresql-x64-9.3" are instances of a service.
std::string_view service_of(std::string_view name) noexcept {
  if (name.starts_with("mssql$")) return "mssqlserver";
  if (name.starts_with("postgresql-")) return "postgresql";
  if (name.starts_with("oracleservice")) return "oracleservice";
  if (name.starts_with("tomcat")) return "tomcat";
  return name.substr(0, name.find('@'));
}

bool may_run(const Component& one) noexcept {
  return (one.kind == ComponentKind::service || one.kind == ComponentKind::feature) &&
         one.running.value_or(true);
}

const assess::Setting* setting_of(const Host& host, std::string_view name) {
  const auto at = host.settings.find(name);
  return at == host.settings.end() ? nullptr : &at->second;
}

std::string_view start_of(const Host& host, std::string_view service) {
  const auto* const start = setting_of(host, "service:" + std::string(service) + ":start");
  return start == nullptr ? std::string_view() : std::string_view(start->value);
}

using Found = std::map<Role, std::vector<Evidence>>;

void by_listeners(const Host& host, Found& found) {
  for (const assess::Listener& one : host.listeners)
    for (const PortRole& row : kPorts)
      if (row.port == one.port && row.protocol == one.protocol && !is_local(one.address))
        found[row.role].push_back(one.evidence);
}

void by_services(const Host& host, Found& found) {
  for (const Component& one : host.components) {
    if (!may_run(one)) continue;
    // Where nothing says whether it runs, it must be one that starts by itself.
    const bool known =
        one.ecosystem != assess::Ecosystem::windows || one.kind != ComponentKind::service || one.running;
    if (!known && start_of(host, one.name) != "auto") continue;
    const std::string_view name = service_of(one.name);
    for (const NameRole& row : kServices)
      if (row.name == name) found[row.role].push_back(one.evidence);
  }
}

/// Shares that an administrator made: "share:data". Those of the system end with '$'; a domain controller has
/// two of its own.
void by_settings(const Host& host, Found& found) {
  for (auto at = host.settings.lower_bound("share:");
       at != host.settings.end() && at->first.starts_with("share:"); ++at) {
    const std::string_view name = std::string_view(at->first).substr(6);
    if (name == "netlogon" || name == "sysvol")
      found[Role::domain_controller].push_back(at->second.evidence);
    else if (at->second.value == "print")
      found[Role::print].push_back(at->second.evidence);
    else if (!name.ends_with('$'))
      found[Role::file_server].push_back(at->second.evidence);
  }
  const auto role = host.settings.find("windows:domain_role");
  if (role != host.settings.end() && role->second.value == "domain_controller")
    found[Role::domain_controller].push_back(role->second.evidence);
}

struct FeatureRule {
  std::string_view service;  // is installed and not disabled; or
  std::string_view setting;  // has the value
  std::string_view value;
  std::string_view feature;
};

constexpr std::array kFeatures{
    FeatureRule{"w3svc", "", "", "iis"},
    FeatureRule{"cisvc", "", "", "index_server"},
    FeatureRule{"tlntsvr", "", "", "telnet"},
    FeatureRule{"snmp", "", "", "snmp"},
    FeatureRule{"", "iis:extension:webdav", "1", "webdav"},
    FeatureRule{"", "reg:hklm\\system\\currentcontrolset\\control\\terminal server\\fdenytsconnections", "0",
                "rdp"},
    FeatureRule{"", "reg:hklm\\system\\currentcontrolset\\services\\lanmanserver\\parameters\\smb1", "1",
                "smb1"},
};

// Systems that answer SMB 1 unless a value forbids it; it is no longer installed by itself from version 1709
// on.
constexpr std::array<std::string_view, 13> kSmb1ByDefault{
    "microsoft:windows_nt",         "microsoft:windows_2000",
    "microsoft:windows_xp",         "microsoft:windows_server_2003",
    "microsoft:windows_vista",      "microsoft:windows_server_2008",
    "microsoft:windows_7",          "microsoft:windows_server_2008_r2",
    "microsoft:windows_8",          "microsoft:windows_server_2012",
    "microsoft:windows_8.1",        "microsoft:windows_server_2012_r2",
    "microsoft:windows_server_2016"};

const Evidence* proof(const Host& host, const FeatureRule& rule) {
  if (const auto* const found = setting_of(host, rule.setting);
      found != nullptr && found->value == rule.value)
    return &found->evidence;
  if (rule.service.empty() || start_of(host, rule.service) == "disabled") return nullptr;
  for (const Component& one : host.components)
    if (one.kind == ComponentKind::service && one.name == rule.service) return &one.evidence;
  return nullptr;
}

/// The registry of LanmanServer was read, and nothing in it turns SMB 1 off.
const Evidence* proof_of_smb1(const Host& host) {
  const std::string key = "reg:hklm\\system\\currentcontrolset\\services\\lanmanserver\\";
  const auto* const start = setting_of(host, key + "start");
  const auto* const off = setting_of(host, key + "parameters\\smb1");
  const bool old =
      std::find(kSmb1ByDefault.begin(), kSmb1ByDefault.end(), host.os.product) != kSmb1ByDefault.end();
  if (!old || start == nullptr || start->value == "4" || (off != nullptr && off->value == "0"))
    return nullptr;
  return &start->evidence;
}

void add_feature(Host& host, std::string_view name, const Evidence* seen) {
  const bool known = std::any_of(host.components.begin(), host.components.end(), [&](const Component& one) {
    return one.kind == ComponentKind::feature && one.name == name;
  });
  if (seen == nullptr || known) return;
  Component made{.kind = ComponentKind::feature,
                 .ecosystem = assess::Ecosystem::windows,
                 .name = std::string(name),
                 .evidence = *seen};
  host.components.push_back(std::move(made));
}

}  // namespace

std::vector<FoundRole> roles_of(const Host& host) {
  Found found;
  by_listeners(host, found);
  by_services(host, found);
  by_settings(host, found);
  std::vector<FoundRole> roles;
  for (auto& [role, evidence] : found) roles.push_back({role, std::move(evidence)});
  return roles;
}

void add_features(Host& host) {
  for (const FeatureRule& rule : kFeatures) add_feature(host, rule.feature, proof(host, rule));
  add_feature(host, "smb1", proof_of_smb1(host));
}

}  // namespace bansoko::inventory
