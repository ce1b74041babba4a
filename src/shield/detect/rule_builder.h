// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shield/detect/compiled_rule.h"
#include "shield/detect/rule_set.h"

namespace bansoko::detect {

/// Collects what a rule's options ask for, one option after the other.
class RuleBuilder {
 public:
  RuleBuilder(const rule::RuleText& text, const CompileSettings& settings);

  RuleInfo& info() noexcept { return info_; }
  CompiledRule& rule() noexcept { return rule_; }
  const CompileSettings& settings() const noexcept { return settings_; }

  /// Reads the header's protocol word; fails on one that is neither a transport nor built in. A name may
  /// stand for several application protocols, as may a buffer's: what the rule says narrows them down.
  Result<> use_protocol(std::string_view name);
  std::string known_protocols() const;

  /// Later steps are about this buffer, until another is named. Fails on an unknown name.
  Result<> look_into(std::string_view buffer);
  /// Adds a step for the buffer at hand.
  void add(StepKind step);
  /// Adds a step for a named buffer without moving there.
  Result<> add_for(std::string_view buffer, StepKind step);
  /// The latest `content`, which its modifiers change; fails if the last step is none.
  Result<Content*> last_content();

  /// The priority stated in the rule outranks that of its class, whichever comes first.
  void state_priority(std::uint32_t priority) noexcept {
    info_.priority = priority;
    priority_stated_ = true;
  }
  void class_priority(std::uint32_t priority) noexcept {
    if (!priority_stated_) info_.priority = priority;
  }

  void add_check(Check check) { rule_.checks.push_back(check); }
  /// The rule is about single packets: of a stream it looks at each packet's own payload.
  void need_packet() noexcept { needs_packet_ = true; }
  Result<> add_field(std::string_view field, Range range);
  /// The rule is about what is wrong with packets: its checks look at Packet::anomalies, and it is asked for
  /// no packet without any.
  void about_anomaly() noexcept { rule_.about_anomaly = true; }
  /// The rule is about something that a parser notes: an entry of Protocol::anomalies. Fails if no protocol
  /// called so has it, or the rule is about another one already.
  Result<> about_anomaly_of(std::string_view protocol, std::string_view anomaly);

  /// Gives a variable its number, at the option that fills it.
  Result<std::uint8_t> define_variable(std::string_view name);
  /// A number written out, or the name of a variable filled by an earlier option.
  Result<Amount> amount(std::string_view text) const;

  /// Whether `name` is a buffer or a field of some protocol.
  bool is_buffer(std::string_view name) const noexcept;
  bool is_field(std::string_view name) const noexcept;
  const proto::Field* find_field(std::string_view name) const noexcept;

  /// Checks that everything fits together and works out scope, sides and needs: one rule for each
  /// application protocol that it may be about.
  Result<std::vector<CompiledRule>> finish();

 private:
  /// A bit for each application protocol, by its index in CompileSettings::protocols.
  using ProtocolBits = std::uint64_t;

  Result<Part*> part_for(std::string_view buffer);
  Result<> narrow(ProtocolBits to, std::string_view because);
  std::string names_of(ProtocolBits protocols) const;

  const CompileSettings& settings_;
  RuleInfo info_;
  CompiledRule rule_;
  std::vector<std::string> variables_;
  ProtocolBits protocols_ = 0;      // that the rule may be about
  bool names_application_ = false;  // it says so by its header, a buffer or a field
  std::size_t part_ = 0;            // the index of the part at hand
  bool has_part_ = false;
  bool needs_packet_ = false;
  bool needs_stream_ = false;
  bool priority_stated_ = false;
};

}  // namespace bansoko::detect
