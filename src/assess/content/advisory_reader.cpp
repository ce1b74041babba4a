// SPDX-License-Identifier: Apache-2.0
#include "assess/content/advisory_reader.h"

#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "assess/content/condition_reader.h"
#include "base/text.h"

namespace bansoko::content {
namespace {

using assess::Advisory;
using assess::OfficialFix;
using assess::Reach;
using assess::Restart;

/// "sp2", or the number of a KB.
std::string read_holder(const Node& node, const FaultSink& faults) {
  std::string text = read_text(node, faults);
  const std::string_view digits = text.starts_with("sp") ? std::string_view(text).substr(2) : text;
  if (!text.empty() && (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos))
    faults.add(node, fmt::format("'{}' is neither a service pack nor a KB", text), "sp2 or 4012598");
  return text;
}

void read_what(MapReader& map, const Node& node, const FaultSink& faults, OfficialFix& fix) {
  if (const Node* kb = map.find("kb")) fix.kb = read_kb(*kb, faults);
  if (const Node* version = map.find("version")) fix.version = read_text(*version, faults);
  if (const Node* none = map.find("none")) fix.none = read_words(*none, faults);
  const int ways = (fix.kb.empty() ? 0 : 1) + (fix.version.empty() ? 0 : 1) + (fix.none.en.empty() ? 0 : 1);
  if (ways != 1)
    faults.add(node, ways == 0 ? "names no fix" : "names more than one fix",
               "one of kb, version and none (why there is no fix)");
}

/// {x86-en: NAME}: by architecture and language.
void read_files(const Node& node, const FaultSink& faults, OfficialFix& fix) {
  if (node.kind != Kind::map) faults.add(node, "files are a mapping", "{x86-en: NAME}");
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i].text;
    if (key.find('-') == std::string::npos)
      faults.add(node.keys[i], fmt::format("'{}' is no architecture and language", key), "x86-en");
    fix.files[key] = read_text(node.items[i], faults);
  }
}

OfficialFix read_fix(const Node& node, const Scope& scope, const Cited& common) {
  const FaultSink& faults = scope.faults;
  OfficialFix fix{.verified = common.verified, .source = common.source};
  MapReader map(node, faults);
  if (const Node* product = map.find("product")) fix.product = read_text(*product, faults);
  if (const Node* when = map.require("when")) fix.when = read_condition(*when, scope);
  read_what(map, node, faults, fix);
  if (const Node* file = map.find("file")) fix.file = read_text(*file, faults);
  if (const Node* files = map.find("files")) read_files(*files, faults, fix);
  if (const Node* kbs = map.find("supersedes")) fix.supersedes = read_kbs(*kbs, faults);
  if (const Node* holders = map.find("contained_in"))
    for (const Node& item : items_of(*holders, faults)) fix.contained_in.push_back(read_holder(item, faults));
  if (const Node* before = map.find("requires_before")) fix.requires_before = read_holder(*before, faults);
  if (const Node* build = map.find("build")) fix.build = read_text(*build, faults);
  if (const Node* has = map.find("has_it")) fix.has_it = read_words(*has, faults);
  if (const Node* late = map.find("after_support")) fix.after_support = read_flag(*late, faults);
  if (map.find("source") != nullptr || map.find("opened") != nullptr) {
    Cited cited = read_source(map, faults);
    fix.source = std::move(cited.source);
    fix.verified = cited.verified;
  }
  map.finish();
  return fix;
}

void read_id_of(const Node& node, const std::string& path, const FaultSink& faults, Advisory& advisory) {
  advisory.id = read_text(node, faults);
  const std::string name = std::filesystem::path(path).stem();
  if (lowered(advisory.id) != name)
    faults.add(node, fmt::format("is '{}', but the file is called '{}'", advisory.id, name));
}

void read_danger(MapReader& map, const FaultSink& faults, Advisory& advisory) {
  constexpr std::array<Choice<Reach>, 3> kReaches{
      {{"network", Reach::network}, {"local", Reach::local}, {"user", Reach::user}}};
  constexpr std::array<Choice<Restart>, 4> kRestarts{{{"unknown", Restart::unknown},
                                                      {"none", Restart::none},
                                                      {"service", Restart::service},
                                                      {"system", Restart::system}}};
  if (const Node* severity = map.require("severity"))
    advisory.severity = read_severity(*severity, faults, true);
  if (const Node* reach = map.require("reach")) advisory.reach = read_choice(*reach, faults, kReaches);
  if (const Node* worm = map.find("worm")) advisory.worm = read_flag(*worm, faults);
  if (const Node* restart = map.find("restart")) advisory.restart = read_choice(*restart, faults, kRestarts);
}

/// Lists of {source, opened}; the first is that of fixes which name none.
Cited read_sources(const Node& node, const FaultSink& faults, Advisory& advisory) {
  Cited first;
  for (const Node& item : items_of(node, faults)) {
    MapReader map(item, faults);
    Cited cited = read_source(map, faults);
    map.finish();
    if (advisory.sources.empty()) first = cited;
    advisory.sources.push_back(std::move(cited.source));
  }
  if (node.kind == Kind::list && node.items.empty()) faults.add(node, "an empty list");
  return first;
}

assess::SwitchOff read_switch_off(const Node& node, const Scope& scope) {
  assess::SwitchOff made;
  MapReader map(node, scope.faults);
  if (const Node* what = map.require("what")) made.what = read_words(*what, scope.faults);
  if (const Node* on = map.require("on")) made.on = read_condition(*on, scope);
  if (const Node* needed = map.find("needed")) made.needed = read_condition(*needed, scope);
  if (const Node* how = map.require("how")) made.how = read_words(*how, scope.faults);
  map.finish();
  return made;
}

void read_texts_of(MapReader& map, const Scope& scope, Advisory& advisory) {
  const FaultSink& faults = scope.faults;
  const auto words = [](const Node& node, const Scope& at) { return read_words(node, at.faults); };
  if (const Node* services = map.find("services")) advisory.services = read_list(*services, scope, words);
  if (const Node* workaround = map.find("workaround")) advisory.workaround = read_words(*workaround, faults);
  if (const Node* node = map.find("switch_off"))
    advisory.switch_off = read_list(*node, scope, read_switch_off);
  if (const Node* node = map.find("not_verified")) advisory.not_verified = read_list(*node, scope, words);
  if (const Node* node = map.find("not_affected"))
    advisory.not_affected = read_list(*node, scope, read_condition);
}

}  // namespace

std::optional<Advisory> read_advisory(const std::string& path, const KnownIds& products, Faults& faults) {
  const auto tree = read_content_file(path, faults);
  if (!tree) return {};
  const FaultSink sink(path, faults);
  const Scope scope{sink, products};
  Advisory advisory;
  MapReader map(*tree, sink);
  if (const Node* id = map.require("id")) read_id_of(*id, path, sink, advisory);
  if (const Node* cves = map.require("cves"))
    for (const Node& item : items_of(*cves, sink)) advisory.cves.push_back(read_cve(item, sink));
  if (const Node* title = map.require("title")) advisory.title = read_words(*title, sink);
  if (const Node* published = map.require("published")) advisory.published = read_date(*published, sink);
  read_danger(map, sink, advisory);
  read_texts_of(map, scope, advisory);
  Cited first;
  if (const Node* sources = map.require("sources")) first = read_sources(*sources, sink, advisory);
  if (const Node* fixes = map.require("fixes"))
    for (const Node& item : items_of(*fixes, sink)) advisory.fixes.push_back(read_fix(item, scope, first));
  map.finish();
  return advisory;
}

}  // namespace bansoko::content
