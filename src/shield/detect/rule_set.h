// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shield/detect/alias.h"
#include "shield/detect/tag.h"
#include "shield/detect/text_pool.h"
#include "shield/rule/classification.h"
#include "shield/rule/rule_text.h"

namespace bansoko::proto {
struct Protocol;
}
namespace bansoko::pattern {
class DatabaseCache;
class MachineCodeQueue;
}  // namespace bansoko::pattern

namespace bansoko::detect {

struct Keyword;
struct HitPolicy;
class RuleFiles;

/// What people and events are told about a rule; what it matches is in the RuleSet, as are its texts.
struct RuleInfo {
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  std::uint32_t rev = 0;
  std::uint32_t priority = 3;
  rule::Action action = rule::Action::alert;
  bool noalert = false;
  bool about_flow = false;  // about addresses alone: asked once per flow and side, and meant for all of it
  std::string_view message;
  std::string_view category;                     // the classtype's description
  std::span<const std::string_view> references;  // "cve,2017-0144"
  std::span<const Tag> tags;
  std::string_view metadata;  // "affected_product Windows, cve CVE_2017_0144": split where an event is told
};

/// Names that outlive a reload: a flowbit keeps its number, so that flows keep their meaning.
class NameTable {
 public:
  explicit NameTable(std::uint32_t limit) : limit_(limit) {}
  /// The number of a name, given at its first use; fails when there are `limit` of them.
  Result<std::uint32_t> number_of(std::string_view name);
  std::uint32_t limit() const noexcept { return limit_; }

 private:
  std::uint32_t limit_;
  std::vector<std::string> names_;
};

struct CompileSettings {
  std::span<const Keyword* const> keywords;
  std::span<const proto::Protocol* const> protocols;
  std::span<const Alias> aliases = {};
  const rule::Classifications* classifications = nullptr;
  NameTable* flowbits = nullptr;
  NameTable* flow_numbers = nullptr;                 // null: no rule may use any; the same for marks
  NameTable* marks = nullptr;                        // on addresses
  RuleFiles* files = nullptr;                        // null: rules may name none
  NameTable* transaction_marks = nullptr;            // at most kMaxTransactionMarks
  pattern::DatabaseCache* databases = nullptr;       // null: all are compiled
  pattern::MachineCodeQueue* expressions = nullptr;  // null: each becomes machine code at once
  std::shared_ptr<const HitPolicy> hits = nullptr;   // null: what rules ask for is done
  std::uint32_t pcre_match_limit = 3500;
  std::uint32_t pcre_recursion_limit = 1500;
};

struct RuleSetCounts {
  std::size_t rules = 0, refused = 0, without_literal = 0, literals = 0, databases = 0;
  std::size_t database_bytes = 0;
};

/// All rules in force, compiled. Immutable; workers share it.
class RuleSet {
 public:
  /// Compiles `texts`, as RuleSetCompiler does.
  static Result<std::shared_ptr<const RuleSet>> compile(const std::vector<rule::RuleText>& texts,
                                                        const CompileSettings& settings,
                                                        std::uint64_t generation,
                                                        rule::Diagnostics& diagnostics);
  ~RuleSet();

  std::uint64_t generation() const noexcept;
  /// Match::rule indexes it; in order of precedence. A rule about several application protocols stands here
  /// once for each.
  std::span<const RuleInfo> rules() const noexcept;
  const RuleSetCounts& counts() const noexcept;
  /// Match::exception indexes its exceptions.
  const HitPolicy& hits() const noexcept;

  struct State;
  const State& state() const noexcept { return *state_; }
  explicit RuleSet(std::unique_ptr<State> state);

 private:
  std::unique_ptr<State> state_;
};

/// Makes a rule set of rules that come one after another, so that nobody need hold all their texts.
class RuleSetCompiler {
 public:
  /// Both are loans for the compiler's life.
  RuleSetCompiler(const CompileSettings& settings, rule::Diagnostics& diagnostics);
  RuleSetCompiler(RuleSetCompiler&&) noexcept;
  RuleSetCompiler& operator=(RuleSetCompiler&&) noexcept;
  ~RuleSetCompiler();

  /// A rule with a fault goes to `diagnostics` and is left out; the caller decides whether a set with errors
  /// may be used. Two rules of one gid and sid: the higher rev stays, with a warning.
  void add(const rule::RuleText& text);
  /// The last call.
  Result<std::shared_ptr<const RuleSet>> finish(std::uint64_t generation);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::detect
