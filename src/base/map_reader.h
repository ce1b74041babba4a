// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/settings.h"
#include "base/settings_tree.h"

namespace bansoko::settings {

/// Tells what is wrong in one file, by the place of a node in it.
class FaultSink {
 public:
  /// `faults` must outlive the sink.
  FaultSink(std::string file, Faults& faults) : file_(std::move(file)), faults_(&faults) {}

  void add(const Node& at, std::string message, std::string valid = {}) const;
  void add(std::uint32_t line, std::uint32_t column, std::string message, std::string valid = {}) const;
  const std::string& file() const noexcept { return file_; }
  std::size_t count() const noexcept { return faults_->size(); }

 private:
  std::string file_;
  Faults* faults_;
};

/// The keys of one mapping. Each that is asked for is known; the rest are faults at the end.
class MapReader {
 public:
  /// Both must outlive the reader. A node that is no mapping is a fault, and has no keys.
  MapReader(const Node& node, const FaultSink& faults);

  /// Null where the key is missing or has no value; the first is a fault.
  const Node* require(std::string_view key);
  /// Null where the key is missing. One without a value is a fault.
  const Node* find(std::string_view key);
  /// Keys that nobody asked for are faults. Call once all are read.
  void finish() const;

 private:
  const Node& node_;
  const FaultSink& faults_;
  std::vector<std::string> known_;
};

/// Where in the mapping the key stands; null if it does not.
const Node* key_of(const Node& map, std::string_view key) noexcept;
const Node* value_of(const Node& map, std::string_view key) noexcept;

/// A scalar that is not empty; otherwise a fault and an empty text.
std::string read_text(const Node& node, const FaultSink& faults);
/// The items of a list. Anything else is a fault and no items.
const std::vector<Node>& items_of(const Node& node, const FaultSink& faults);
/// A list of scalars.
std::vector<std::string> read_texts(const Node& node, const FaultSink& faults);
/// A whole number in decimal.
std::optional<std::uint32_t> read_number(const Node& node, const FaultSink& faults);

/// One of the words of `choices`; the first of them after a fault.
template <class E, std::size_t N>
E read_choice(const Node& node, const FaultSink& faults, const std::array<Choice<E>, N>& choices) {
  const std::string word = read_text(node, faults);
  std::string names;
  for (const Choice<E>& choice : choices) {
    if (choice.name == word) return choice.value;
    names += names.empty() ? "" : ", ";
    names += choice.name;
  }
  if (!word.empty()) faults.add(node, fmt::format("'{}' is none of the words known here", word), names);
  return choices.front().value;
}

/// What the digits begin with; 0 if there are none, or too many.
std::uint32_t number_in(std::string_view digits) noexcept;

/// The tree of a file, which is refused beyond kLargestFile; nothing if it cannot be read, which is a fault.
std::optional<Node> read_tree(const std::string& path, Faults& faults);
inline constexpr std::size_t kLargestFile = std::size_t{1} << 20U;

}  // namespace bansoko::settings
