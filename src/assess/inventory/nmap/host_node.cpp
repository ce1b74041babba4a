// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/nmap/host_node.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "assess/inventory/claimed_system.h"
#include "assess/inventory/cpe.h"
#include "assess/inventory/gaps.h"
#include "assess/inventory/text.h"
#include "assess/inventory/windows_names.h"
#include "base/text.h"

namespace bansoko::inventory::nmap {
namespace {

using assess::Gap;
using assess::Host;
using xml::Node;

/// <elem key="os">Windows 5.1</elem> of a script, without the zero that Samba and Windows leave at its end.
std::string element(const Node& script, std::string_view key) {
  for (const Node& child : script.children)
    if (child.name == "elem" && child.attribute("key") == key) {
      std::string_view text = trim(child.text);
      if (text.ends_with("\\x00")) text.remove_suffix(4);
      return shown(text);
    }
  return {};
}

class Reading {
 public:
  Reading(const Document& document, const Node& node, const Limits& limits)
      : document_(document), node_(node), limits_(limits) {
    host_.sources.push_back(document.name);
  }

  Host run() {
    read_names();
    for (const Node& group : node_.children) {
      if (group.name == "ports") read_ports(group);
      if (group.name == "hostscript") read_scripts(group, 0);
    }
    if (const Node* const os = node_.child("os"); os != nullptr && host_.os.product.empty())
      guess_system(*os);
    add_gap(host_, Gap::no_updates, "a scan from outside sees no updates");
    add_gap(host_, Gap::no_packages, "a scan from outside sees no packages");
    add_gap(host_, Gap::no_settings, "a scan from outside sees no configuration");
    state_gaps(host_);
    return std::move(host_);
  }

 private:
  assess::Evidence seen(std::string_view text) const { return evidence(document_.name, 0, text); }

  void read_names() {
    for (const Node& child : node_.children) {
      if (child.name == "address" && child.attribute("addrtype") != "mac")
        if (auto found = address(child.attribute("addr")); found && host_.addresses.size() < 64)
          host_.addresses.push_back(std::move(*found));
      if (child.name != "hostnames") continue;
      for (const Node& one : child.children) {
        const std::string_view name = one.attribute("name");
        if (host_.name.empty() && !name.empty() && !same_text(name.substr(0, 9), "localhost"))
          host_.name = shown(name);
      }
    }
  }

  void read_ports(const Node& ports) {
    for (const Node& port : ports.children) {
      const Node* const state = port.child("state");
      const auto id = number(port.attribute("portid"));
      if (port.name != "port" || state == nullptr || state->attribute("state") != "open" || !id ||
          *id > 65535)
        continue;
      if (host_.listeners.size() == limits_.max_components)
        return add_gap(host_, Gap::unreadable, "more ports than are read");
      read_service(port, static_cast<std::uint16_t>(*id));
      read_scripts(port, static_cast<std::uint16_t>(*id));
    }
  }

  void read_service(const Node& port, std::uint16_t id) {
    const Node* const service = port.child("service");
    const std::string protocol(shown(port.attribute("protocol"), 8));
    std::string text = fmt::format("{}/{} open", id, protocol);
    std::string program;
    if (service != nullptr) {
      for (const std::string_view key : {"name", "product", "version", "extrainfo"})
        if (const auto value = service->attribute(key); !value.empty()) text += " " + std::string(value);
      const std::string_view product = service->attribute("product");
      program = shown(product.empty() ? service->attribute("name") : product, limits_.max_text);
    }
    const std::string where = host_.addresses.empty() ? std::string() : host_.addresses.front();
    host_.listeners.push_back({where, id, protocol, program, seen(text)});
    if (service == nullptr || program.empty()) return;
    assess::Component made{.kind = assess::ComponentKind::service,
                           .name = program,
                           .version = shown(service->attribute("version"), limits_.max_text),
                           .running = true,
                           .evidence = seen(text)};
    for (const Node& child : service->children)
      if (const auto cpe = parse_cpe(child.text); cpe && cpe->part == 'a' && made.product.empty())
        made.product = cpe->id();
    if (const std::string_view product = service->attribute("product"); !product.empty())
      made.said = {"nmap", shown(trim(fmt::format("{} {} {}", product, service->attribute("version"),
                                                  service->attribute("extrainfo"))))};
    host_.components.push_back(std::move(made));
  }

  void read_scripts(const Node& from, std::uint16_t port) {
    for (const Node& script : from.children) {
      if (script.name != "script") continue;
      const std::string_view id = script.attribute("id");
      if (id == "smb-os-discovery") read_smb(script);
      if (id == "rdp-ntlm-info" || id.ends_with("-ntlm-info")) read_ntlm(script);
      if (id == "smb-protocols") read_dialects(script);
      if (id == "ssl-cert") read_certificate(script, port);
      if (id == "http-server-header") note_banner("http.server", script.attribute("output"), port);
      if (id == "dns-nsid") note_banner("dns.version", element(script, "bind.version"), port);
      if (id == "banner") note_banner({}, script.attribute("output"), port);
    }
  }

  /// "Windows Server 2003 R2 3790 Service Pack 2", "Windows 7 Professional 7601 Service Pack 1",
  /// "Windows 5.1".
  void read_smb(const Node& script) {
    const std::string os = element(script, "os"), lanmanager = element(script, "lanmanager");
    const std::string server =
        element(script, "fqdn").empty() ? element(script, "server") : element(script, "fqdn");
    if (!server.empty()) host_.name = server;
    if (has(lanmanager, "samba") || has(os, "unix")) return;
    const auto cpe = parse_cpe(element(script, "cpe"));
    read_native_os(os, lanmanager, host_.os);
    if (host_.os.product.empty() && cpe && cpe->vendor == "microsoft") host_.os.product = cpe->id();
    host_.os.evidence = seen(fmt::format("smb-os-discovery: {} ({})", os, lanmanager));
  }

  /// What a script was told by a service that nmap itself does not know.
  void note_banner(std::string_view topic, std::string_view text, std::uint16_t port) {
    const std::string place = fmt::format("{}/", port);
    for (assess::Component& one : host_.components)
      if (one.said.topic.empty() && one.evidence.text.starts_with(place) && !trim(text).empty())
        one.said = {std::string(topic.empty() ? std::string_view(one.name) : topic), shown(trim(text))};
  }

  /// What NTLM tells before anybody has logged on: "Product_Version: 6.1.7601".
  void read_ntlm(const Node& script) {
    const std::string name = element(script, "DNS_Computer_Name");
    if (!name.empty()) host_.name = name;
    const std::string text = element(script, "Product_Version");
    const auto version = windows_version(text);
    if (!version || !host_.os.product.empty() || !read_ntlm_version(text, host_.os)) return;
    host_.os.evidence = seen(fmt::format("{}: Product_Version {}", script.attribute("id"), text));
    if (host_.os.product.empty())
      add_gap(host_, Gap::no_os, fmt::format("version {} is {}", text, windows_candidates(*version)),
              host_.os.evidence);
  }

  void read_dialects(const Node& script) {
    for (const Node& table : script.children)
      for (const Node& one : table.children)
        if (one.text.starts_with("NT LM 0.12"))
          host_.components.push_back({.kind = assess::ComponentKind::feature,
                                      .name = "smb1",
                                      .running = true,
                                      .evidence = seen("smb-protocols: " + one.text)});
  }

  void read_certificate(const Node& script, std::uint16_t port) {
    for (const Node& table : script.children)
      if (table.attribute("key") == "validity")
        if (const std::string until = element(table, "notAfter"); !until.empty())
          host_.settings[fmt::format("tls:{}:not_after", port)] = {until,
                                                                   seen("ssl-cert: not after " + until)};
  }

  static void take_classes(const Node& match, std::set<std::string>& products,
                           std::set<std::string>& updates) {
    for (const Node& one : match.children) {
      if (one.name != "osclass") continue;
      for (const Node& child : one.children)
        if (const auto cpe = parse_cpe(child.text); child.name == "cpe" && cpe && cpe->part == 'o') {
          products.insert(cpe->id());
          updates.insert(cpe->update);
        }
    }
  }

  /// The best matches count; if they are of several products, none is named.
  void guess_system(const Node& os) {
    std::uint32_t best = 0;
    std::string name;
    for (const Node& one : os.children)
      if (one.name == "osmatch")
        if (const std::uint32_t accuracy = number(one.attribute("accuracy")).value_or(0); accuracy > best) {
          best = accuracy;
          name = one.attribute("name");
        }
    if (name.empty()) return;
    std::set<std::string> products, updates;
    for (const Node& one : os.children)
      if (one.name == "osmatch" && number(one.attribute("accuracy")) == best)
        take_classes(one, products, updates);
    if (products.empty()) take_classes(os, products, updates);  // before nmap 6
    const std::string guess = shown(fmt::format("{} (accuracy {}%)", name, best));
    add_gap(host_, Gap::no_os, "guessed from its packets: " + guess, seen("osmatch: " + guess));
    if (products.size() != 1 || best > 100) return;
    host_.os.product = *products.begin();
    host_.os.name = shown(name);
    host_.os.accuracy = static_cast<std::uint8_t>(std::min(best, 99U));
    host_.os.evidence = seen("osmatch: " + guess);
    if (updates.size() == 1 && updates.begin()->starts_with("sp"))
      host_.os.service_pack = first_number(*updates.begin());
  }

  const Document& document_;
  const Node& node_;
  const Limits& limits_;
  Host host_;
};

}  // namespace

std::optional<Host> read_host(const Document& document, const Node& node, const Limits& limits) {
  const Node* const status = node.child("status");
  if (status != nullptr && status->attribute("state") != "up") return {};
  return Reading(document, node, limits).run();
}

}  // namespace bansoko::inventory::nmap
