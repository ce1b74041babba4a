// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/patch_view.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace bansoko::app {
namespace {

using nlohmann::json;
using patches::Lang;
using patches::LibraryPatch;
using patches::Patch;
using patches::Words;

/// What the parts of a patch are called.
struct Label {
  std::string_view key, en, ja;
};
constexpr std::array kLabels{
    Label{"cves", "CVEs", "CVE"},
    Label{"not_covered", "not covered", "対象外の CVE"},
    Label{"severity", "severity", "深刻度"},
    Label{"kind", "kind", "検査の種類"},
    Label{"stage", "stage", "段階"},
    Label{"visible", "visible", "検査できる通信"},
    Label{"advisory", "advisory", "アドバイザリ"},
    Label{"product", "product", "対象製品"},
    Label{"applications", "applications", "アプリケーション"},
    Label{"checks", "checks", "検査の内容"},
    Label{"fix", "the vendor's fix", "正式な修正"},
    Label{"side_effects", "side effects", "副作用"},
    Label{"limits", "limits", "限界"},
    Label{"retire", "retire when", "適用を終える時期"},
    Label{"verified", "verified", "確認済み"},
    Label{"not_verified", "NOT verified", "未確認"},
    Label{"source", "source", "出典"},
    Label{"rule", "rule", "ルール"},
    Label{"explanation", "explanation", "検知時の説明"},
    Label{"tests", "tests", "テスト"},
    Label{"official", "official patch", "公式パッチ"},
    Label{"opened", "opened", "確認日"},
    Label{"unopened", "not opened", "未確認の資料"},
};

std::string_view label(std::string_view key, Lang lang) {
  for (const Label& each : kLabels)
    if (each.key == key) return lang == Lang::ja ? each.ja : each.en;
  return key;
}

class Page {
 public:
  explicit Page(Lang lang) : lang_(lang) {}
  void add(std::string_view key, std::string_view text) {
    if (!text.empty()) text_ += fmt::format("{}: {}\n", label(key, lang_), text);
  }
  void add(std::string_view key, const Words& words) { add(key, words.in(lang_)); }
  void add(std::string_view key, const std::vector<Words>& all) {
    for (const Words& words : all) add(key, words);
  }
  Lang lang() const noexcept { return lang_; }
  std::string take() { return std::move(text_); }

 private:
  Lang lang_;
  std::string text_;
};

void add_products(const Patch& patch, Page& page) {
  for (const patches::Advisory& each : patch.advisories)
    page.add("advisory", fmt::format("{} {}{}{} {}", each.vendor, each.id, each.kb.empty() ? "" : " KB",
                                     fmt::join(each.kb, " KB"), each.url));
  for (const patches::Product& each : patch.products)
    page.add("product", fmt::format("{} ({}); {}: {}", each.name, fmt::join(each.versions, ", "),
                                    label("official", page.lang()), each.fix));
}

void add_rule(const patches::PatchRule& rule, const Patch& patch, Page& page) {
  page.add("rule", fmt::format("{} {} {}", rule.sid, name_of(rule.text.action), rule.message));
  if (const Words* const words = patch.explanation_of(rule.sid)) page.add("explanation", *words);
}

void add_sources(const LibraryPatch& each, Page& page) {
  for (const patches::Source& source : each.patch.sources)
    page.add("source",
             source.opened.empty()
                 ? fmt::format("{} ({})", source.title, label("unopened", page.lang()))
                 : fmt::format("{} ({} {})", source.title, label("opened", page.lang()), source.opened));
  for (const patches::PatchRule& rule : each.rules) add_rule(rule, each.patch, page);
  page.add("tests", fmt::format("{}", each.tests.size()));
}

json words_json(const Words& words) { return {{"en", words.en}, {"ja", words.ja}}; }

json words_json(const std::vector<Words>& all) {
  json made = json::array();
  for (const Words& words : all) made.push_back(words_json(words));
  return made;
}

void add_lists(const LibraryPatch& each, json& made) {
  for (const char* key : {"advisories", "products", "sources", "rules"}) made[key] = json::array();
  for (const patches::Advisory& one : each.patch.advisories)
    made["advisories"].push_back({{"vendor", one.vendor}, {"id", one.id}, {"kb", one.kb}, {"url", one.url}});
  for (const patches::Product& one : each.patch.products)
    made["products"].push_back({{"name", one.name}, {"versions", one.versions}, {"fix", one.fix}});
  for (const patches::Source& one : each.patch.sources)
    made["sources"].push_back(
        {{"source", one.title}, {"opened", one.opened.empty() ? json() : json(one.opened)}});
  for (const patches::PatchRule& one : each.rules) {
    const Words* const words = each.patch.explanation_of(one.sid);
    made["rules"].push_back({{"sid", one.sid},
                             {"action", name_of(one.text.action)},
                             {"msg", one.message},
                             {"explanation", words == nullptr ? json() : words_json(*words)}});
  }
  made["visible"] = json::object();
  for (const patches::Transport& one : each.patch.visible)
    made["visible"][one.name] = name_of(patches::kVisible, one.visible);
}

}  // namespace

std::string visible_text(const Patch& patch) {
  std::string text;
  for (const patches::Transport& each : patch.visible)
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", each.name, name_of(patches::kVisible, each.visible));
  return text;
}

std::string to_text(const LibraryPatch& each, Lang lang) {
  const Patch& patch = each.patch;
  Page page(lang);
  page.add("cves", fmt::format("{}", fmt::join(patch.cves, ", ")));
  page.add("not_covered", fmt::format("{}", fmt::join(patch.not_covered, ", ")));
  page.add("severity", name_of(patches::kSeverities, patch.severity));
  page.add("kind", name_of(patches::kKinds, patch.kind));
  page.add("stage", name_of(patches::kStages, patch.stage));
  page.add("visible", visible_text(patch));
  add_products(patch, page);
  page.add("applications", fmt::format("{}", fmt::join(patch.applications, ", ")));
  page.add("checks", patch.checks);
  page.add("fix", patch.fix);
  page.add("side_effects", patch.side_effects);
  page.add("limits", patch.limits);
  page.add("retire", patch.retire);
  page.add("verified", patch.verified);
  page.add("not_verified", patch.not_verified);
  add_sources(each, page);
  return fmt::format("{}: {}\n{}", patch.id, patch.title.in(lang), page.take());
}

json to_json(const LibraryPatch& each) {
  const Patch& patch = each.patch;
  json made{{"id", patch.id},
            {"cves", patch.cves},
            {"not_covered", patch.not_covered},
            {"severity", name_of(patches::kSeverities, patch.severity)},
            {"kind", name_of(patches::kKinds, patch.kind)},
            {"stage", name_of(patches::kStages, patch.stage)},
            {"protocol", patch.protocol},
            {"applications", patch.applications},
            {"tests", each.tests.size()}};
  for (const auto& [key, words] :
       {std::pair{"title", &patch.title}, std::pair{"checks", &patch.checks}, std::pair{"fix", &patch.fix},
        std::pair{"side_effects", &patch.side_effects}, std::pair{"limits", &patch.limits},
        std::pair{"retire", &patch.retire}})
    made[key] = words_json(*words);
  made["verified"] = words_json(patch.verified);
  made["not_verified"] = words_json(patch.not_verified);
  add_lists(each, made);
  return made;
}

patches::Lang lang_of(const std::string& name) noexcept { return name == "ja" ? Lang::ja : Lang::en; }

void add_lang_option(CLI::App& command, std::string& lang) {
  command.add_option("--lang", lang, "en or ja")->check(CLI::IsMember({"en", "ja"}));
}

}  // namespace bansoko::app
