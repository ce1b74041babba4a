// SPDX-License-Identifier: Apache-2.0
#include "patches/application.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "patches/patch_reader.h"

namespace bansoko::patches {
namespace {

constexpr std::array<std::string_view, 18> kRoles{
    "web",       "application",   "database",   "mail",          "dns",         "file",
    "directory", "remote access", "management", "print",         "monitoring",  "backup",
    "network",   "messaging",     "storage",    "collaboration", "development", "industrial"};

std::string read_role(const Node& node, const FaultSink& faults) {
  std::string role = read_text(node, faults);
  if (std::ranges::find(kRoles, role) == kRoles.end())
    faults.add(node, fmt::format("'{}' is not a role", role), fmt::format("{}", fmt::join(kRoles, ", ")));
  return role;
}

Application read_application(const Node& node, const FaultSink& faults) {
  Application application;
  MapReader map(node, faults);
  if (const Node* id = map.require("id")) application.id = read_text(*id, faults);
  if (const Node* name = map.require("name")) application.name = read_text(*name, faults);
  if (const Node* vendor = map.require("vendor")) application.vendor = read_text(*vendor, faults);
  if (const Node* role = map.require("role")) application.role = read_role(*role, faults);
  if (const Node* ports = map.require("ports")) {
    application.ports = read_texts(*ports, faults);
    for (const Node& port : ports->items)
      if (!is_port(port.text))
        faults.add(port, fmt::format("'{}' is not a port", port.text), "tcp/445, udp/53");
  }
  if (const Node* match = map.find("match")) application.match = read_texts(*match, faults);
  map.finish();
  return application;
}

}  // namespace

const Application* Applications::find(std::string_view id) const noexcept {
  const auto found = std::ranges::find(all, id, &Application::id);
  return found == all.end() ? nullptr : &*found;
}

Applications read_applications(const std::string& path, Faults& faults) {
  const auto tree = read_tree(path, faults);
  if (!tree) return {};
  const FaultSink sink(path, faults);
  Applications read;
  std::set<std::string> ids;
  MapReader map(*tree, sink);
  if (const Node* words = map.require("passed_over")) read.passed_over = read_texts(*words, sink);
  if (const Node* list = map.require("applications"))
    for (const Node& item : items_of(*list, sink)) {
      read.all.push_back(read_application(item, sink));
      if (!ids.insert(read.all.back().id).second)
        sink.add(item, fmt::format("'{}' stands here twice", read.all.back().id));
    }
  map.finish();
  return read;
}

}  // namespace bansoko::patches
