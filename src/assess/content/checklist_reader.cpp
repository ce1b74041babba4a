// SPDX-License-Identifier: Apache-2.0
#include "assess/content/checklist_reader.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "assess/content/condition_reader.h"
#include "base/text.h"

namespace bansoko::content {
namespace {

using assess::Check;
using assess::Component;
using assess::Host;

void read_system(MapReader& map, const Scope& scope, assess::OperatingSystem& os) {
  const FaultSink& faults = scope.faults;
  if (const Node* node = map.require("os")) os.product = read_product_id(*node, scope);
  if (const Node* node = map.find("version")) os.version = read_text(*node, faults);
  if (const Node* node = map.find("edition")) os.edition = read_text(*node, faults);
  if (const Node* node = map.find("service_pack")) os.service_pack = read_number(*node, faults);
  if (const Node* node = map.find("r2")) os.r2 = read_flag(*node, faults);
  if (const Node* node = map.find("build")) os.build = read_number(*node, faults).value_or(0);
  if (const Node* node = map.find("arch")) os.arch = read_arch(*node, faults);
  if (const Node* node = map.find("language")) os.language = read_text(*node, faults);
}

void read_settings(const Node& node, const FaultSink& faults, Host& host) {
  if (node.kind != Kind::map)
    faults.add(node, "settings are a mapping from names to values", "{name: value}");
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].text;
    if (name != lowered(name)) faults.add(node.keys[i], "names of settings are in lower case", lowered(name));
    const Node& value = node.items[i];
    if (value.kind != Kind::scalar) faults.add(value, "the value of a setting is a text");
    host.settings[name] = {.value = value.text};
  }
}

Component read_example_component(const Node& node, const Scope& scope) {
  Component component;
  MapReader map(node, scope.faults);
  if (const Node* name = map.require("name")) component.name = read_text(*name, scope.faults);
  if (const Node* product = map.find("product")) component.product = read_product_id(*product, scope);
  if (const Node* version = map.find("version")) component.version = read_text(*version, scope.faults);
  map.finish();
  return component;
}

void read_listener(const Node& node, const FaultSink& faults, Host& host) {
  const std::string text = read_text(node, faults);
  const auto slash = text.find('/');
  assess::Listener listener;
  listener.protocol = text.substr(0, slash);
  const std::uint32_t port =
      slash == std::string::npos ? 0 : settings::number_in(std::string_view(text).substr(slash + 1));
  if ((listener.protocol != "tcp" && listener.protocol != "udp") || port == 0 || port > 65535)
    faults.add(node, fmt::format("'{}' is not a port", text), "tcp/445, udp/53");
  listener.port = static_cast<std::uint16_t>(port);
  host.listeners.push_back(std::move(listener));
}

void read_contents(MapReader& map, const Scope& scope, Host& host) {
  const FaultSink& faults = scope.faults;
  if (const Node* node = map.find("settings")) read_settings(*node, faults, host);
  if (const Node* node = map.find("components"))
    host.components = read_list(*node, scope, read_example_component);
  if (const Node* node = map.find("features"))
    for (const std::string& name : read_texts(*node, faults))
      host.components.push_back({.kind = assess::ComponentKind::feature, .name = name});
  if (const Node* node = map.find("updates"))
    for (const std::string& kb : read_kbs(*node, faults)) host.updates.push_back({.kb = kb});
  if (const Node* node = map.find("listeners"))
    for (const Node& item : items_of(*node, faults)) read_listener(item, faults, host);
}

void read_examples(const Node& node, const Scope& scope, Check& check) {
  MapReader map(node, scope.faults);
  if (const Node* bad = map.require("bad")) check.bad_example = read_example(*bad, scope);
  if (const Node* good = map.require("good")) check.good_example = read_example(*good, scope);
  map.finish();
}

Check read_check(const Node& node, const Scope& scope) {
  const FaultSink& faults = scope.faults;
  Check check;
  MapReader map(node, faults);
  if (const Node* id = map.require("id")) check.id = read_id(*id, faults);
  if (const Node* title = map.require("title")) check.title = read_words(*title, faults);
  if (const Node* reason = map.require("reason")) check.reason = read_words(*reason, faults);
  Cited cited = read_source(map, faults);
  check.source = std::move(cited.source);
  check.verified = cited.verified;
  if (const Node* fix = map.require("fix")) check.fix = read_words(*fix, faults);
  if (const Node* severity = map.require("severity"))
    check.severity = read_severity(*severity, faults, false);
  if (const Node* when = map.require("when")) check.when = read_condition(*when, scope);
  if (const Node* bad = map.require("bad")) check.bad = read_condition(*bad, scope);
  if (const Node* examples = map.require("examples")) read_examples(*examples, scope, check);
  map.finish();
  return check;
}

}  // namespace

Host read_example(const Node& node, const Scope& scope) {
  Host host;
  MapReader map(node, scope.faults);
  read_system(map, scope, host.os);
  read_contents(map, scope, host);
  map.finish();
  return host;
}

std::optional<assess::Checklist> read_checklist(const std::string& path, const KnownIds& products,
                                                Faults& faults) {
  const auto tree = read_content_file(path, faults);
  if (!tree) return {};
  const FaultSink sink(path, faults);
  assess::Checklist made;
  made.id = std::filesystem::path(path).stem();
  MapReader map(*tree, sink);
  if (const Node* title = map.require("title")) made.title = read_words(*title, sink);
  if (const Node* checks = map.require("checks"))
    made.checks = read_list(*checks, {sink, products}, read_check);
  map.finish();
  return made;
}

}  // namespace bansoko::content
