// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/result.h"
#include "shield/pattern/regex.h"
#include "shield/rule/diagnostic.h"
#include "shield/selection/source_rule.h"

namespace bansoko::selection {

/// `2019401`, `1:2019401`, `1:2019401:3`, several with commas between.
struct RuleIds {
  struct Id {
    std::uint32_t gid = 1;
    std::uint32_t sid = 0;
    std::uint32_t rev = 0;
    bool any_rev = true;
  };
  std::vector<Id> ids;
};

/// `re:heartbleed`: somewhere in the rule's text, whatever the case.
struct TextExpression {
  pattern::Regex regex;
};

/// `filename:rules/*deleted*`: the whole path within the source.
struct FileGlob {
  std::string pattern;
};

/// `group:emerging-dos`, `emerging-dos.rules`: the file's name, with its extension or without.
struct GroupGlob {
  std::string pattern;
};

/// `metadata: deployment perimeter`, whatever the case.
struct MetadataEntry {
  std::string key;
  std::string value;
};

/// `*`.
struct EveryRule {};

/// What one line says about which rules it means; `multi:a;b` means those that all of its parts mean.
class Matcher {
 public:
  using Kind = std::variant<EveryRule, RuleIds, TextExpression, FileGlob, GroupGlob, MetadataEntry>;

  /// Understands what suricata-update does.
  static Result<Matcher> parse(std::string_view text);

  bool matches(const SourceRule& rule, pattern::Regex::Workspace& workspace) const;
  /// Null unless it names rules by number alone.
  const RuleIds* ids() const noexcept;

 private:
  std::vector<Kind> all_of_;
};

/// Where an operator wrote something: "disable.conf:3: group:emerging-dos".
std::string place_of(std::string_view file, std::uint32_t line, std::string_view text);

/// disable.conf, enable.conf, drop.conf: one matcher per line.
class MatcherList {
 public:
  /// A line that cannot be understood is a warning and has no effect, as with suricata-update.
  static MatcherList parse(std::string_view text, std::string_view file, rule::Diagnostics& diagnostics);

  /// The place of a line that means the rule; null if none does.
  const std::string* find(const SourceRule& rule) const;
  bool empty() const noexcept { return places_.empty(); }

 private:
  struct ById {
    RuleIds::Id id;
    std::size_t place;
  };
  struct ByOther {
    Matcher matcher;
    std::size_t place;
  };

  void add(Matcher matcher);

  std::vector<std::string> places_;
  std::unordered_map<std::uint64_t, std::vector<ById>> ids_;  // by gid and sid
  std::vector<ByOther> others_;
  mutable pattern::Regex::Workspace workspace_;
};

}  // namespace bansoko::selection
