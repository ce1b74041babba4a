// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lockdown/identity/sha256.h"

namespace bansoko::policy {

enum class Answer : std::uint8_t { allow, deny };

/// An operator's rule. It speaks where each field that is set agrees.
struct Rule {
  std::string name = {};  // for events: its place in the file, "rules.yaml:12"
  Answer answer = Answer::deny;
  std::string path = {};  // a shell pattern of the whole path, '*' also matches '/'; empty: any
  std::optional<identity::Sha256> digest = {};
  std::string package = {};                // a shell pattern of the package's name
  std::optional<std::uint32_t> user = {};  // real user id of the process
  std::string parent = {};  // a shell pattern of the path of the program that starts or opens it
};

/// What a rule can ask about one file and one process.
struct RuleFacts {
  std::string_view path = {};
  const identity::Sha256* digest = nullptr;  // null: not known
  std::string_view package = {};
  std::uint32_t user = 0;
  std::string_view parent = {};
};

/// The first rule that speaks; null if none does.
const Rule* first_that_speaks(std::span<const Rule> rules, const RuleFacts& facts) noexcept;

}  // namespace bansoko::policy
