// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assess/xml/reader.h"

namespace bansoko::xml {

/// An element with all that is in it.
struct Node {
  std::string name = {};  // without its prefix
  std::string text = {};  // trimmed, unless it was asked for as written
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::vector<Node> children = {};

  /// The first child of this name; nullptr: none has it.
  const Node* child(std::string_view wanted) const noexcept;
  /// The node that a path of names leads to ("Identification/ID"), by the first of each name.
  const Node* at(std::string_view path) const noexcept;
  /// Its text; empty: there is none.
  std::string_view text_at(std::string_view path) const noexcept;
  std::string_view attribute(std::string_view wanted) const noexcept;
};

/// Of one record.
struct RecordLimits {
  std::size_t max_nodes = 1'000'000;
  std::size_t max_bytes = std::size_t{64} << 20U;  // of names, texts and attributes together
};

/// Cuts a document into its records: the elements that `wanted` picks when they begin. What is in between is
/// not kept. Each record is handed to `take` whole, with its path.
class Records final : public Handler {
 public:
  using Wanted = std::function<bool(const Element& element)>;
  using Take = std::function<Result<>(std::string_view path, Node& record)>;

  enum class Texts { trimmed, as_written };

  Records(Wanted wanted, Take take, RecordLimits limits = {}, Texts texts = Texts::trimmed)
      : wanted_(std::move(wanted)), take_(std::move(take)), limits_(limits), texts_(texts) {}

  Result<> begin(const Element& element) override;
  Result<> end(const Element& element) override;

 private:
  Result<> count(std::size_t bytes);

  Wanted wanted_;
  Take take_;
  RecordLimits limits_;
  Texts texts_;
  std::vector<Node> open_;  // the record and its elements down to the one that is read
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace bansoko::xml
