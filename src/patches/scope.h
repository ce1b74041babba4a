// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "patches/templates.h"
#include "patches/yaml.h"

namespace bansoko::patches {

struct Scope;

/// What a template was given for a parameter.
struct Argument {
  ParameterKind kind = ParameterKind::number;
  std::int64_t number = 0;
  std::string text = {};
  const Node* bytes = nullptr;   // not written yet: its blocks are the giver's
  const Scope* giver = nullptr;  // outlives whoever is given it
};

/// What names stand for at one place of a test or a template.
struct Scope {
  std::shared_ptr<const std::string> file = {};  // that its nodes are from
  std::string key = {};                          // of its blocks
  const Scope* around = nullptr;                 // what it goes on with: a repetition, not a template
  bool is_template = false;
  std::map<std::string, Argument, std::less<>> names = {};

  /// Null: not known.
  const Argument* find(std::string_view name) const noexcept {
    if (const auto found = names.find(name); found != names.end()) return &found->second;
    return around == nullptr ? nullptr : around->find(name);
  }
};

}  // namespace bansoko::patches
