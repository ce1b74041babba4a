// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "shield/detect/compiled_rule.h"
#include "shield/detect/rule_set.h"

namespace bansoko::detect {

/// One rule; compiled once for each application protocol that it may be about.
struct RuleDraft {
  RuleInfo info;
  std::string_view file;  // and the line where it stands
  std::uint32_t line = 0;
  std::vector<CompiledRule> rules;
};

/// Turns each rule's options into a compiled rule.
class RuleCompiler {
 public:
  /// All are loans for the compiler's life; what is said of the rules goes to `texts`.
  RuleCompiler(const CompileSettings& settings, TextPool& texts, rule::Diagnostics& diagnostics);
  RuleCompiler(const RuleCompiler&) = delete;
  RuleCompiler& operator=(const RuleCompiler&) = delete;
  ~RuleCompiler();

  /// A rule with a fault is reported, counted and left out.
  void add(const rule::RuleText& text);
  std::size_t refused() const noexcept;
  /// All that were added, in order of precedence: pass, drop, reject, alert; those that set flowbits before
  /// those that read them; then by priority. They are the caller's to take, while the compiler lives.
  std::vector<RuleDraft*> in_order();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::detect
