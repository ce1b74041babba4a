// SPDX-License-Identifier: Apache-2.0
#include "base/map_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/suggest.h"

namespace bansoko::settings {

void FaultSink::add(const Node& at, std::string message, std::string valid) const {
  add(at.line, at.column, std::move(message), std::move(valid));
}

void FaultSink::add(std::uint32_t line, std::uint32_t column, std::string message, std::string valid) const {
  faults_->push_back({file_, line, column, {}, std::move(message), std::move(valid)});
}

const Node* key_of(const Node& map, std::string_view key) noexcept {
  const auto found = std::ranges::find(map.keys, key, &Node::text);
  return found == map.keys.end() ? nullptr : &*found;
}

const Node* value_of(const Node& map, std::string_view key) noexcept {
  const auto found = std::ranges::find(map.keys, key, &Node::text);
  return found == map.keys.end() ? nullptr : &map.items[static_cast<std::size_t>(found - map.keys.begin())];
}

MapReader::MapReader(const Node& node, const FaultSink& faults) : node_(node), faults_(faults) {
  if (node.kind != Kind::map)
    faults.add(node, fmt::format("{} stands here", name_of(node.kind)), "a mapping");
}

const Node* MapReader::require(std::string_view key) {
  if (node_.kind == Kind::map && key_of(node_, key) == nullptr) {
    known_.emplace_back(key);
    faults_.add(node_, fmt::format("'{}' is missing", key));
    return nullptr;
  }
  return find(key);
}

const Node* MapReader::find(std::string_view key) {
  known_.emplace_back(key);
  const Node* const value = value_of(node_, key);
  if (value == nullptr) return nullptr;
  if (value->kind != Kind::null) return value;
  faults_.add(*key_of(node_, key), fmt::format("'{}' has no value", key));
  return nullptr;
}

void MapReader::finish() const {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const Node& key : node_.keys) {
    if (std::ranges::find(known, key.text) != known.end()) continue;
    const std::string_view meant = nearest(key.text, known);
    faults_.add(key,
                meant.empty() ? fmt::format("unknown key '{}'", key.text)
                              : fmt::format("unknown key '{}', did you mean '{}'?", key.text, meant),
                fmt::format("{}", fmt::join(known, ", ")));
  }
}

std::string read_text(const Node& node, const FaultSink& faults) {
  if (node.kind != Kind::scalar) {
    faults.add(node, fmt::format("{} stands here", name_of(node.kind)), "a text");
    return {};
  }
  if (node.text.empty()) faults.add(node, "an empty text");
  return node.text;
}

const std::vector<Node>& items_of(const Node& node, const FaultSink& faults) {
  static const std::vector<Node> none;
  if (node.kind == Kind::list) return node.items;
  faults.add(node, fmt::format("{} stands here", name_of(node.kind)), "a list");
  return none;
}

std::vector<std::string> read_texts(const Node& node, const FaultSink& faults) {
  std::vector<std::string> texts;
  for (const Node& item : items_of(node, faults)) texts.push_back(read_text(item, faults));
  return texts;
}

std::optional<std::uint32_t> read_number(const Node& node, const FaultSink& faults) {
  const std::string text = read_text(node, faults);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  if (!text.empty()) faults.add(node, fmt::format("'{}' is not a number", text), "a whole number");
  return {};
}

std::optional<Node> read_tree(const std::string& path, Faults& faults) {
  const auto text = read_file(path, kLargestFile);
  if (!text) {
    faults.push_back({path, 0, 0, {}, text.error().message, {}});
    return {};
  }
  const std::size_t before = faults.size();
  auto tree = settings::parse_tree(*text, path, faults);
  if (faults.size() != before) return {};
  return tree;
}

std::uint32_t number_in(std::string_view digits) noexcept {
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace bansoko::settings
