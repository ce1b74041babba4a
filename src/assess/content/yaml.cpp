// SPDX-License-Identifier: Apache-2.0
#include "assess/content/yaml.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/suggest.h"

namespace bansoko::content {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool are_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

bool is_cve(std::string_view text) noexcept {
  constexpr std::string_view kHead = "CVE-";
  return text.starts_with(kHead) && text.size() >= 13 && text[8] == '-' && are_digits(text.substr(4, 4)) &&
         are_digits(text.substr(9));
}

/// Whether the comments before the first line that is none have the word NOTICE.
bool has_notice(std::string_view text) noexcept {
  while (text.starts_with('#')) {
    const auto end = text.find('\n');
    if (text.substr(0, end).find("NOTICE") != std::string_view::npos) return true;
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

assess::Words read_words(const Node& node, const FaultSink& faults) {
  assess::Words words;
  MapReader map(node, faults);
  if (const Node* en = map.require("en")) words.en = read_text(*en, faults);
  if (const Node* ja = map.require("ja")) words.ja = read_text(*ja, faults);
  map.finish();
  return words;
}

std::optional<assess::Date> read_date(const Node& node, const FaultSink& faults) {
  const std::string text = read_text(node, faults);
  if (text.empty()) return {};
  const auto date = assess::parse_date(text);
  if (date && text.size() == std::string_view("2015-07-14").size()) return *date;
  faults.add(node, fmt::format("'{}' is not a day", text), "2015-07-14");
  return {};
}

bool read_flag(const Node& node, const FaultSink& faults) {
  constexpr std::array<Choice<bool>, 2> kWords{{{"false", false}, {"true", true}}};
  return read_choice(node, faults, kWords);
}

std::vector<std::string> read_some(const Node& node, const FaultSink& faults) {
  if (node.kind == Kind::scalar) return {read_text(node, faults)};
  std::vector<std::string> texts = read_texts(node, faults);
  if (node.kind == Kind::list && texts.empty()) faults.add(node, "an empty list");
  return texts;
}

std::string read_product_id(const Node& node, const Scope& scope) {
  std::string id = read_text(node, scope.faults);
  if (id.empty() || scope.products.contains(id)) return id;
  const std::vector<std::string_view> known(scope.products.begin(), scope.products.end());
  const std::string_view meant = nearest(id, known);
  scope.faults.add(node,
                   meant.empty()
                       ? fmt::format("'{}' is not a product of products.yaml", id)
                       : fmt::format("'{}' is not a product of products.yaml, did you mean '{}'?", id, meant),
                   "vendor:product");
  return id;
}

std::string read_kb(const Node& node, const FaultSink& faults) {
  std::string kb = read_text(node, faults);
  if (!kb.empty() && !are_digits(kb))
    faults.add(node, fmt::format("'{}' is not the number of a KB", kb), "958644");
  return kb;
}

std::vector<std::string> read_kbs(const Node& node, const FaultSink& faults) {
  std::vector<std::string> kbs;
  for (const Node& item : items_of(node, faults)) {
    kbs.push_back(read_kb(item, faults));
    if (std::find(kbs.begin(), kbs.end() - 1, kbs.back()) != kbs.end() - 1)
      faults.add(item, fmt::format("'{}' stands here twice", kbs.back()));
  }
  return kbs;
}

std::string read_cve(const Node& node, const FaultSink& faults) {
  std::string cve = read_text(node, faults);
  if (!cve.empty() && !is_cve(cve)) faults.add(node, fmt::format("'{}' is not a CVE", cve), "CVE-2017-0144");
  return cve;
}

std::string read_id(const Node& node, const FaultSink& faults) {
  std::string id = read_text(node, faults);
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; };
  if (!std::ranges::all_of(id, fits))
    faults.add(node, fmt::format("'{}' is not an id", id), "lower-case letters, digits and '-'");
  return id;
}

std::string read_severity(const Node& node, const FaultSink& faults, bool vendor) {
  using Word = std::string_view;
  constexpr std::array<Choice<Word>, 4> kOurs{
      {{"critical", "critical"}, {"high", "high"}, {"medium", "medium"}, {"low", "low"}}};
  constexpr std::array<Choice<Word>, 6> kTheirs{{{"critical", "critical"},
                                                 {"important", "important"},
                                                 {"high", "high"},
                                                 {"moderate", "moderate"},
                                                 {"medium", "medium"},
                                                 {"low", "low"}}};
  return std::string(vendor ? read_choice(node, faults, kTheirs) : read_choice(node, faults, kOurs));
}

assess::Zone read_zone(const Node& node, const FaultSink& faults) {
  using assess::Zone;
  constexpr std::array<Choice<Zone>, 3> kZones{
      {{"utc", Zone::utc}, {"us_pacific", Zone::us_pacific}, {"japan", Zone::japan}}};
  return read_choice(node, faults, kZones);
}

Cited read_source(MapReader& map, const FaultSink& faults) {
  Cited cited;
  if (const Node* source = map.require("source")) cited.source = read_text(*source, faults);
  if (const Node* opened = map.require("opened"))
    cited.verified = read_text(*opened, faults) != "no" && read_date(*opened, faults).has_value();
  return cited;
}

std::optional<Node> read_content_file(const std::string& path, Faults& faults) {
  const auto text = read_file(path, settings::kLargestFile);
  if (!text) {
    faults.push_back({path, 0, 0, {}, text.error().message, {}});
    return {};
  }
  if (!has_notice(*text))
    faults.push_back({path, 1, 1, {}, "has no notice at its head", "# ... NOTICE: source, licence"});
  const std::size_t before = faults.size();
  auto tree = settings::parse_tree(*text, path, faults);
  if (faults.size() != before) return {};
  return tree;
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
    if (entry.path().extension() == ".yaml") found.push_back(entry.path().string());
  std::ranges::sort(found);
  return found;
}

}  // namespace bansoko::content
