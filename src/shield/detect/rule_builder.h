// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shield/detect/compiled_rule.h"
#include "shield/detect/rule_files.h"
#include "shield/detect/rule_set.h"
#include "shield/detect/vocabulary.h"

namespace bansoko::detect {

/// Collects what a rule's options ask for, one option after the other.
class RuleBuilder {
 public:
  /// All are loans for the builder's life; what is said of the rule goes to `texts`.
  RuleBuilder(const rule::RuleText& text, const CompileSettings& settings, const Vocabulary& words,
              TextPool& texts);

  RuleInfo& info() noexcept { return info_; }
  const RuleInfo& info() const noexcept { return info_; }
  /// Where the rule stands.
  std::string_view file() const noexcept { return file_; }
  void tell_message(std::string_view message) { info_.message = texts_.keep(message); }
  void tell_category(std::string_view category) { info_.category = texts_.keep_once(category); }
  void tell_reference(std::string_view reference) { references_.push_back(texts_.keep_once(reference)); }
  /// Settings separated by commas; each option that has some adds to them.
  void tell_metadata(std::string_view settings);
  void add_tag(const Tag& tag) { tags_.push_back(tag); }

  CompiledRule& rule() noexcept { return rule_; }
  const CompileSettings& settings() const noexcept { return settings_; }

  /// Reads the header's protocol word; fails on one that is neither a transport nor built in. A name may
  /// stand for several application protocols, as may a buffer's: what the rule says narrows them down.
  Result<> use_protocol(std::string_view name);
  std::string known_protocols() const;

  /// Later steps are about this buffer, until another is named. Fails on an unknown name.
  Result<> look_into(std::string_view buffer);
  /// The buffer just named is changed in this way before later steps look at it.
  Result<> transform(Transform transform);
  /// Later steps are about what the base64_decode before it gave.
  Result<> look_into_decoded();
  /// Adds a step for the buffer at hand.
  void add(StepKind step);
  /// Adds a step for a named buffer without moving there.
  Result<> add_for(std::string_view buffer, StepKind step);
  /// The latest `content`, which its modifiers change; fails if none was added since a buffer was named.
  Result<Content*> last_content();
  /// The latest `content` is meant for another buffer than the one at hand.
  Result<> move_last_content(std::string_view buffer);
  /// Whether the rule named a buffer for what follows, other than the payload.
  bool names_buffer() const noexcept { return hand_.named != "payload" || hand_.decode != kNone; }

  /// The priority stated in the rule outranks that of its class, whichever comes first.
  void state_priority(std::uint32_t priority) noexcept {
    info_.priority = priority;
    priority_stated_ = true;
  }
  void class_priority(std::uint32_t priority) noexcept {
    if (!priority_stated_) info_.priority = priority;
  }

  /// Later steps are about bytes of each packet; `name` must be in static storage.
  void look_into_packet(std::string_view name, PacketBytes bytes);

  /// What the rule remembers, made at first use.
  RuleMemory& memory() {
    if (rule_.memory == nullptr) rule_.memory = std::make_shared<RuleMemory>();
    return *rule_.memory;
  }

  void add_check(Check check) { rule_.checks.push_back(check); }
  /// The rule is about single packets: of a stream it looks at each packet's own payload.
  void need_packet() noexcept { needs_packet_ = true; }
  Result<> add_field(std::string_view field, Range range);
  /// The same for a list of which one is enough; it is not empty.
  Result<> add_field(std::string_view field, std::span<const Range> ranges);
  /// The number is a moment, which is past or yet to come.
  Result<> add_moment(std::string_view field, FieldTest::Clock clock);
  /// The buffer at hand need not be there, or (alone) must not be.
  Result<> allow_absence(bool alone);
  /// The option at hand is accepted, and this is to be known of it.
  void warn(std::string_view message) { warning_ = message; }
  std::string take_warning() { return std::exchange(warning_, {}); }
  /// The rule says that it is not for us.
  void leave_out() noexcept { is_left_out_ = true; }
  bool is_left_out() const noexcept { return is_left_out_; }
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

  /// A bit for each protocol, by its index, that rules may mean by this name.
  std::uint64_t protocols_called(std::string_view name) const;

  /// Whether a buffer is at hand that is not the payload.
  bool in_buffer() const noexcept { return hand_.named != "payload"; }

  /// Whether `name` is a buffer or a field of some protocol.
  bool is_buffer(std::string_view name) const noexcept { return words_.buffer(name) != nullptr; }
  bool is_field(std::string_view name) const noexcept { return words_.field(name) != nullptr; }
  const proto::Field* find_field(std::string_view name) const noexcept;

  /// Checks that everything fits together and works out scope, sides and needs: one rule for each
  /// application protocol that it may be about.
  Result<std::vector<CompiledRule>> finish();

 private:
  /// By their index in CompileSettings::protocols.
  using ProtocolBits = Vocabulary::Protocols;

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// What later steps are about.
  struct Hand {
    std::string_view named = "payload";  // in the protocols' tables
    bool several = false;                // each mention stands for another instance
    std::vector<Transform> transforms = {};
    PacketBytes of_packet = nullptr;  // the bytes are the packet's own
    std::size_t part = kNone;         // known once something is looked for
    std::size_t decode =
        kNone;  // a Base64Decode among the steps of that part, if they are about what it gives
  };
  struct Place {
    std::size_t part = kNone, decode = kNone, step = kNone;
  };

  Result<Hand> hand_for(std::string_view buffer);
  std::size_t part_for(const Hand& hand);
  std::vector<Step>& steps_at(std::size_t part, std::size_t decode);
  void leave_hand();
  Result<> check_parts();
  Result<> narrow(ProtocolBits to, std::string_view because);
  std::string names_of(ProtocolBits protocols) const;

  const CompileSettings& settings_;
  const Vocabulary& words_;
  TextPool& texts_;
  std::string_view file_;
  RuleInfo info_;
  std::vector<std::string_view> references_;
  std::vector<Tag> tags_;
  CompiledRule rule_;
  std::vector<std::string> variables_;
  ProtocolBits protocols_ = 0;      // that the rule may be about
  bool names_application_ = false;  // it says so by its header, a buffer or a field
  Hand hand_;
  Place last_content_;
  Place last_decode_;
  std::size_t last_part_ = kNone;         // of the step added last, in whatever buffer
  std::vector<std::string_view> unused_;  // buffers that were named, for nothing as yet
  bool needs_packet_ = false;
  bool needs_stream_ = false;
  bool priority_stated_ = false;
  bool is_left_out_ = false;
  std::string warning_;
};

}  // namespace bansoko::detect
