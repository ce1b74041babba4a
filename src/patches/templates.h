// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "patches/yaml.h"

namespace bansoko::patches {

enum class ParameterKind : std::uint8_t { number, text, bytes };

struct Parameter {
  std::string name = {};
  ParameterKind kind = ParameterKind::number;
  const Node* fallback = nullptr;  // null: must be given
};

/// A message or a part of one, or a piece of a dialogue, with places to fill in.
struct Template {
  std::string name = {};
  std::string help = {};
  std::shared_ptr<const std::string> file = {};
  std::vector<Parameter> parameters = {};
  const Node* of = nullptr;   // bytes; one of the two is null
  const Node* say = nullptr;  // steps
};

/// Every template there is. It keeps the files' trees, which templates point into.
class Templates {
 public:
  /// Adds those of a file; one that is known already is a fault.
  void add_file(const std::string& path, Faults& faults);
  /// The same of a mapping in another file, whose tree must outlive this.
  void add(const Node& node, const FaultSink& faults);

  /// Null: there is none.
  const Template* find(std::string_view name) const noexcept;
  const std::map<std::string, Template, std::less<>>& all() const noexcept { return all_; }

 private:
  std::vector<std::shared_ptr<const Node>> trees_;
  std::map<std::string, Template, std::less<>> all_;
};

}  // namespace bansoko::patches
