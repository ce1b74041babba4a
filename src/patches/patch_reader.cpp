// SPDX-License-Identifier: Apache-2.0
#include "patches/patch_reader.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/fill_in.h"
#include "shield/engine/patch_rules.h"
#include "shield/keyword/arguments.h"

namespace bansoko::patches {
namespace {

bool are_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_id(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::vector<std::string> read_cves(const Node& node, const FaultSink& faults) {
  std::vector<std::string> cves;
  for (const Node& item : items_of(node, faults)) {
    const std::string cve = read_text(item, faults);
    if (!cve.empty() && !is_cve(cve))
      faults.add(item, fmt::format("'{}' is not a CVE", cve), "CVE-2017-0144");
    if (std::ranges::find(cves, cve) != cves.end())
      faults.add(item, fmt::format("'{}' stands here twice", cve));
    cves.push_back(cve);
  }
  return cves;
}

std::vector<SidRange> read_sids(const Node& node, const FaultSink& faults) {
  std::vector<SidRange> ranges;
  for (const Node& item : items_of(node, faults)) {
    const std::string text = read_text(item, faults);
    const auto dash = text.find('-');
    const std::string_view first = std::string_view(text).substr(0, dash);
    const std::string_view last = dash == std::string::npos ? first : std::string_view(text).substr(dash + 1);
    const SidRange range{settings::number_in(first), settings::number_in(last), item.line, item.column};
    const bool is_range = are_digits(first) && are_digits(last) && range.first <= range.last &&
                          range.first >= engine::kFirstPatchSid && range.last <= engine::kLastPatchSid;
    if (is_range)
      ranges.push_back(range);
    else
      faults.add(item, fmt::format("'{}' is not a range of rule numbers", text),
                 fmt::format("FIRST-LAST within {} to {}", engine::kFirstPatchSid, engine::kLastPatchSid));
  }
  if (ranges.empty() && node.kind == Kind::list && node.items.empty()) faults.add(node, "an empty list");
  return ranges;
}

Advisory read_advisory(const Node& node, const FaultSink& faults) {
  Advisory advisory;
  MapReader map(node, faults);
  if (const Node* vendor = map.require("vendor")) advisory.vendor = read_text(*vendor, faults);
  if (const Node* id = map.require("id")) advisory.id = read_text(*id, faults);
  if (const Node* kb = map.find("kb")) advisory.kb = read_texts(*kb, faults);
  if (const Node* url = map.require("url")) {
    advisory.url = read_text(*url, faults);
    if (!advisory.url.starts_with("https://") && !advisory.url.starts_with("http://"))
      faults.add(*url, fmt::format("'{}' is not a URL", advisory.url), "https://...");
  }
  map.finish();
  return advisory;
}

Product read_product(const Node& node, const FaultSink& faults) {
  Product product;
  MapReader map(node, faults);
  if (const Node* name = map.require("name")) product.name = read_text(*name, faults);
  if (const Node* versions = map.require("versions")) product.versions = read_texts(*versions, faults);
  if (const Node* fix = map.require("fix")) {
    product.fix = read_text(*fix, faults);
    if (product.fix.starts_with("none") && product.fix.size() < std::string_view("none: x").size())
      faults.add(*fix, "no official patch, and not why", "none: REASON");
  }
  map.finish();
  return product;
}

Source read_source(const Node& node, const FaultSink& faults) {
  Source source;
  MapReader map(node, faults);
  if (const Node* title = map.require("source")) source.title = read_text(*title, faults);
  if (const Node* opened = map.require("opened")) {
    source.opened = read_text(*opened, faults);
    if (source.opened == "no")
      source.opened.clear();
    else if (!is_date(source.opened))
      faults.add(*opened, fmt::format("'{}' is not a day", source.opened), "2026-11-22, or no");
  }
  map.finish();
  return source;
}

ProtocolLiteral read_literal(const Node& node, const FaultSink& faults) {
  ProtocolLiteral literal;
  MapReader map(node, faults);
  if (const Node* text = map.require("literal")) {
    const auto bytes = keyword::content_bytes(read_text(*text, faults));
    if (bytes)
      literal.bytes = *bytes;
    else
      faults.add(*text, bytes.error().message, "bytes as content has them");
  }
  if (const Node* reason = map.require("reason")) literal.reason = read_text(*reason, faults);
  map.finish();
  return literal;
}

template <class Read>
auto read_list(const Node& node, const FaultSink& faults, Read read) {
  std::vector<decltype(read(node, faults))> all;
  for (const Node& item : items_of(node, faults)) all.push_back(read(item, faults));
  if (all.empty() && node.kind == Kind::list) faults.add(node, "an empty list");
  return all;
}

std::vector<Transport> read_visible(const Node& node, const FaultSink& faults) {
  std::vector<Transport> transports;
  MapReader map(node, faults);
  for (std::size_t i = 0; i < node.keys.size(); ++i)
    transports.push_back({node.keys[i].text, read_choice(node.items[i], faults, kVisible)});
  if (node.kind == Kind::map && transports.empty())
    faults.add(node, "names no transport", "{tcp/445: clear}");
  const auto sealed = [](const Transport& transport) { return transport.visible == Visible::sealed; };
  if (!transports.empty() && std::ranges::all_of(transports, sealed))
    faults.add(node, "every transport is sealed: such a patch can see nothing");
  return transports;
}

/// A text whose places can be filled in.
void check_places(const Node& words, std::string_view language, const FaultSink& faults) {
  const Node* const text = value_of(words, language);
  if (text == nullptr || text->kind != Kind::scalar) return;
  if (const auto places = places_in(text->text); !places) faults.add(*text, places.error().message);
}

std::vector<Explanation> read_explanations(const Node& node, const FaultSink& faults) {
  std::vector<Explanation> explanations;
  if (node.kind != Kind::map)
    faults.add(node, fmt::format("{} stands here", name_of(node.kind)), "a mapping");
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& sid = node.keys[i];
    if (!are_digits(sid.text))
      faults.add(sid, fmt::format("'{}' is not the number of a rule", sid.text), "SID: {en: ..., ja: ...}");
    explanations.push_back({settings::number_in(sid.text), read_words(node.items[i], faults)});
    check_places(node.items[i], "en", faults);
    check_places(node.items[i], "ja", faults);
  }
  return explanations;
}

/// Which hole this is about.
void read_hole(MapReader& map, const FaultSink& faults, Patch& patch) {
  if (const Node* id = map.require("id")) {
    patch.id = read_text(*id, faults);
    const std::string folder = std::filesystem::path(patch.folder).filename();
    if (!is_id(patch.id))
      faults.add(*id, fmt::format("'{}' is not an id", patch.id), "lower-case letters, digits and '-'");
    else if (patch.id != folder)
      faults.add(*id, fmt::format("is '{}', but the folder is called '{}'", patch.id, folder));
  }
  if (const Node* title = map.require("title")) patch.title = read_words(*title, faults);
  if (const Node* cves = map.require("cves")) patch.cves = read_cves(*cves, faults);
  if (const Node* node = map.find("not_covered")) {
    patch.not_covered = read_cves(*node, faults);
    for (const std::string& cve : patch.not_covered)
      if (std::ranges::find(patch.cves, cve) != patch.cves.end())
        faults.add(*node, fmt::format("'{}' is said to be covered by cves", cve));
  }
  if (const Node* node = map.require("advisories"))
    patch.advisories = read_list(*node, faults, read_advisory);
  if (const Node* node = map.require("products")) patch.products = read_list(*node, faults, read_product);
  if (const Node* node = map.require("applications")) patch.applications = read_texts(*node, faults);
  if (const Node* node = map.require("severity")) patch.severity = read_choice(*node, faults, kSeverities);
}

/// What the patch does about it.
void read_means(MapReader& map, const FaultSink& faults, Patch& patch) {
  if (const Node* node = map.require("kind")) patch.kind = read_choice(*node, faults, kKinds);
  if (const Node* node = map.require("stage")) patch.stage = read_choice(*node, faults, kStages);
  if (const Node* node = map.require("sids")) patch.sids = read_sids(*node, faults);
  if (const Node* node = map.require("protocol")) patch.protocol = read_text(*node, faults);
  if (const Node* node = map.require("visible")) patch.visible = read_visible(*node, faults);
  if (const Node* node = map.require("checks")) patch.checks = read_words(*node, faults);
  if (const Node* node = map.require("fix")) patch.fix = read_words(*node, faults);
  if (const Node* node = map.require("side_effects")) patch.side_effects = read_words(*node, faults);
  if (const Node* node = map.require("limits")) patch.limits = read_words(*node, faults);
  if (const Node* node = map.require("retire")) patch.retire = read_words(*node, faults);
  if (const Node* node = map.find("explanations")) patch.explanations = read_explanations(*node, faults);
}

/// How it is known.
void read_proof(MapReader& map, const FaultSink& faults, Patch& patch) {
  const Node* const verified = map.find("verified");
  if (verified != nullptr) patch.verified = read_list(*verified, faults, read_words);
  if (const Node* node = map.find("not_verified")) patch.not_verified = read_list(*node, faults, read_words);
  if (const Node* node = map.require("sources")) patch.sources = read_list(*node, faults, read_source);
  if (const Node* node = map.find("protocol_literals"))
    patch.protocol_literals = read_list(*node, faults, read_literal);
  const bool is_opened =
      std::ranges::any_of(patch.sources, [](const Source& source) { return !source.opened.empty(); });
  if (verified != nullptr && !is_opened)
    faults.add(*verified, "something is verified, but no source was opened");
}

}  // namespace

Words read_words(const Node& node, const FaultSink& faults) {
  Words words;
  MapReader map(node, faults);
  if (const Node* en = map.require("en")) words.en = read_text(*en, faults);
  if (const Node* ja = map.require("ja")) words.ja = read_text(*ja, faults);
  map.finish();
  const bool is_ascii =
      std::ranges::all_of(words.ja, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!words.ja.empty() && is_ascii) faults.add(*value_of(node, "ja"), "has no Japanese in it");
  return words;
}

bool is_cve(std::string_view text) noexcept {
  if (!text.starts_with("CVE-") || text.size() < 13 || text[8] != '-') return false;
  return are_digits(text.substr(4, 4)) && are_digits(text.substr(9)) &&
         settings::number_in(text.substr(4, 4)) >= 1999;
}

bool is_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = text.substr(0, 4), month = text.substr(5, 2), day = text.substr(8, 2);
  if (!are_digits(year) || !are_digits(month) || !are_digits(day)) return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(settings::number_in(year))),
                                     std::chrono::month(settings::number_in(month)),
                                     std::chrono::day(settings::number_in(day)))
      .ok();
}

bool is_port(std::string_view text) noexcept {
  if (!text.starts_with("tcp/") && !text.starts_with("udp/")) return false;
  const std::string_view port = text.substr(4);
  return are_digits(port) && port.size() <= 5 && settings::number_in(port) >= 1 &&
         settings::number_in(port) <= 65535;
}

std::optional<Patch> read_patch(const std::string& folder, Faults& faults) {
  Patch patch{.folder = folder, .file = folder + "/patch.yaml"};
  auto tree = read_tree(patch.file, faults);
  if (!tree) return {};
  patch.tree = std::move(*tree);
  const FaultSink sink(patch.file, faults);
  MapReader map(patch.tree, sink);
  if (patch.tree.kind != Kind::map) return {};
  read_hole(map, sink, patch);
  read_means(map, sink, patch);
  read_proof(map, sink, patch);
  map.finish();
  return patch;
}

}  // namespace bansoko::patches
