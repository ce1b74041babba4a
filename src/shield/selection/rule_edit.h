// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shield/pattern/rewriter.h"
#include "shield/rule/diagnostic.h"
#include "shield/selection/matcher.h"

namespace bansoko::selection {

/// One line of modify.conf: which rules, and what is put in the place of what.
class RuleEdit {
 public:
  /// `MATCH FROM TO`, Oinkmaster's `modifysid MATCH FROM | TO` and `metadata-add MATCH KEY VALUE`. In TO, \1
  /// and
  /// ${1} stand for groups.
  static Result<RuleEdit> parse(std::string_view line);

  bool matches(const SourceRule& rule, pattern::Regex::Workspace& workspace) const {
    return matcher_.matches(rule, workspace);
  }
  /// Works on the rule as a line, so that "^# " switches on. Fails, and changes nothing, when the outcome is
  /// no rule.
  Result<> apply(SourceRule& rule) const;

 private:
  RuleEdit(Matcher matcher, pattern::Rewriter rewriter)
      : matcher_(std::move(matcher)), rewriter_(std::move(rewriter)) {}

  Matcher matcher_;
  pattern::Rewriter rewriter_;
};

/// A line of modify.conf with its place.
struct PlacedEdit {
  RuleEdit edit;
  std::string place;
};

/// A line that cannot be understood is an error.
std::vector<PlacedEdit> parse_edits(std::string_view text, std::string_view file,
                                    rule::Diagnostics& diagnostics);

/// Puts another text in the place of the rule's own, and what that text says with it. Nothing changes if it
/// is no rule.
bool replace_text(SourceRule& rule, std::string_view line);

/// Turns the rule's action into drop.
void make_drop(SourceRule& rule);

/// Makes the rule act and mark without an event.
void make_silent(SourceRule& rule);

}  // namespace bansoko::selection
