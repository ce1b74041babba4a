// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/date.h"

/// What is known of a host: the value that every inventory source gives, and that everything after it reads.
namespace bansoko::assess {

/// Where something was seen, for people to look it up.
struct Evidence {
  std::string source = {};  // the file as the operator named it, or "shield: smb"
  std::uint32_t line = 0;   // from 1; 0: the file has no lines
  std::string text = {};    // as it stands there, printable, at most 200 bytes
};

enum class Arch : std::uint8_t { unknown, x86, x64, ia64, arm64, other };

/// "microsoft:windows_server_2003": vendor and product as CPE 2.3 names them (NISTIR 7695), in the spelling
/// of content/products.yaml, which also holds the other spellings. Empty: not known.
using ProductId = std::string;

struct OperatingSystem {
  ProductId product = {};    // "microsoft:windows_server_2003", "centos:centos"
  std::string name = {};     // as the host says it
  std::string version = {};  // "5.2.3790", "7.9.2009", "12.11"
  std::string edition = {};  // "standard", "enterprise", "datacenter", "web", "core", ""
  std::optional<std::uint32_t> service_pack = {};  // 0: none is installed; nothing: not known
  bool r2 = false;             // Server 2003 R2 (2008 R2 and 2012 R2 are products of their own)
  std::uint32_t build = 0;     // 3790; 0: not known
  std::uint32_t revision = 0;  // of the build ("10.0.17763.316" is 316); 0: not known
  Arch arch = Arch::unknown;
  std::string language = {};    // "ja", "en", "de"; empty: not known
  std::uint8_t accuracy = 100;  // percent; less: guessed from how it answers
  Evidence evidence = {};
};

enum class ComponentKind : std::uint8_t {
  package,      // of a distribution: name and version as its package manager says
  application,  // an installed program
  service,      // something that answers on a port, or a registered service
  feature,      // a part of the system that is there: "iis", "index_server", "webdav", "smb1", "rdp"
};

enum class Ecosystem : std::uint8_t { none, deb, rpm, windows };

/// What a service says of itself; nobody has to say the truth there.
struct Said {
  std::string topic = {};  // "http.server", as content/banners.yaml calls it; empty: nothing is known
  std::string text = {};
};

struct Component {
  ComponentKind kind = ComponentKind::application;
  Ecosystem ecosystem = Ecosystem::none;
  std::string name = {};            // "openssl-libs", "iis", "Microsoft SQL Server 2000"
  ProductId product = {};           // "microsoft:internet_information_services"
  std::string version = {};         // whole: "1:1.0.2k-19.el7"; empty: not known
  std::string source_package = {};  // of a package; empty: the same name
  std::string source_version = {};  // of the source package; empty: the same version
  std::string arch = {};
  std::string vendor = {};  // who built it, as the package says: "CentOS"
  std::string module = {};  // of modular rpm: "nodejs:18"
  std::optional<bool> running = {};
  Said said = {};  // of a service that was seen from outside
  Evidence evidence = {};
};

/// An installed update of Windows.
struct Update {
  std::string kb = {};  // digits alone: "958644"
  std::optional<Date> installed = {};
  Evidence evidence = {};
};

struct Listener {
  std::string address = {};
  std::uint16_t port = 0;
  std::string protocol = {};  // "tcp", "udp"
  std::string program = {};
  Evidence evidence = {};
};

/// One value of the host's configuration, by a name that sources agree on:
///   "reg:HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters\SMB1", lower case: "1"
///   "sshd:permitrootlogin": "yes"; "httpd:servertokens"; "php:expose_php"; "mysql:bind-address";
///   "named:recursion"; "samba:server min protocol"; "postgresql:listen_addresses"; "nfs:no_root_squash";
///   "sysctl:net.ipv4.ip_forward"; "mapped-old:/usr/lib/libssl.so.3": the programs that run with a library
///   that is no longer there
struct Setting {
  std::string value = {};
  Evidence evidence = {};
};

/// What the inventory does not say, or says twice and differently. A host with gaps is incomplete, and
/// nothing may be concluded from what is absent in it there.
enum class Gap : std::uint8_t {
  no_os,         // which system it is
  no_updates,    // no list of updates at all
  updates_cut,   // the list is shorter than it says: "352 Hotfix(s) Installed", 204 listed
  no_packages,   // no list of packages
  packages_cut,  // damaged or cut in the middle
  no_service_pack,
  no_architecture,
  contradiction,  // two sources name different systems, or the like
  unreadable,     // a file that could not be read to its end
  no_settings,    // nothing of the configuration: checklists say so
};

/// How Missing::what of a contradiction begins where two sources name different systems, so that perhaps they
/// are of two hosts.
inline constexpr std::string_view kTwoSystems = "system: ";

struct Missing {
  Gap gap = Gap::unreadable;
  std::string what = {};  // in words, with numbers: "352 announced, 204 listed"
  Evidence evidence = {};
};

enum class Role : std::uint8_t {
  file_server,
  web,
  database,
  domain_controller,
  dns,
  mail,
  remote_access,
  print
};

struct Host {
  std::string name = {};                    // empty: the inventory does not say
  std::vector<std::string> addresses = {};  // "192.0.2.1"
  OperatingSystem os = {};
  std::vector<Component> components = {};
  std::vector<Update> updates = {};
  std::vector<Listener> listeners = {};
  std::map<std::string, Setting, std::less<>> settings = {};
  std::vector<Missing> missing = {};
  std::optional<Date> collected = {};
  std::vector<std::string> sources = {};  // the files it was read from

  bool lacks(Gap gap) const noexcept {
    for (const Missing& one : missing)
      if (one.gap == gap) return true;
    return false;
  }
};

}  // namespace bansoko::assess
