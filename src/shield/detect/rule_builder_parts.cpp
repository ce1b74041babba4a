// SPDX-License-Identifier: Apache-2.0
// What a rule looks for, and in which buffer.
#include <algorithm>

#include "shield/detect/rule_builder.h"

namespace bansoko::detect {
namespace {

constexpr std::string_view kPayload = "payload";

/// Whether a step is about the place where the step before it matched, in whatever buffer that was.
bool follows_on(const StepKind& step) {
  return !std::holds_alternative<Content>(step) && !std::holds_alternative<Expression>(step) &&
         (std::holds_alternative<Base64Decode>(step) || is_relative(Step{.kind = step}));
}

}  // namespace

Result<RuleBuilder::Hand> RuleBuilder::hand_for(std::string_view buffer) {
  if (buffer == kPayload) return Hand{};
  const Vocabulary::BufferWord* const known = words_.buffer(buffer);
  if (known == nullptr) return fail(Errc::invalid, "'{}' is not a buffer", buffer);
  BANSOKO_CHECK(narrow(known->with, buffer));
  return Hand{.named = known->name, .several = known->several};
}

// Each mention of a buffer that comes several times per transaction stands for another of them.
std::size_t RuleBuilder::part_for(const Hand& hand) {
  if (hand.part != kNone) return hand.part;
  const auto same = std::ranges::find_if(rule_.parts, [&hand](const Part& part) {
    return part.name == hand.named && part.transforms == hand.transforms;
  });
  if (same != rule_.parts.end() && !hand.several) return static_cast<std::size_t>(same - rule_.parts.begin());
  rule_.parts.push_back(
      Part{.name = hand.named, .transforms = hand.transforms, .steps = {}, .of_packet = hand.of_packet});
  return rule_.parts.size() - 1;
}

std::vector<Step>& RuleBuilder::steps_at(std::size_t part, std::size_t decode) {
  auto& steps = rule_.parts[part].steps;
  return decode == kNone ? steps : std::get_if<Base64Decode>(&steps[decode].kind)->steps;
}

void RuleBuilder::leave_hand() {
  if (hand_.part == kNone && hand_.named != kPayload) unused_.push_back(hand_.named);
  last_content_ = {};
}

Result<> RuleBuilder::look_into(std::string_view buffer) {
  BANSOKO_TRY(Hand next, hand_for(buffer));
  leave_hand();
  hand_ = std::move(next);
  return {};
}

void RuleBuilder::look_into_packet(std::string_view name, PacketBytes bytes) {
  leave_hand();
  hand_ = Hand{.named = name, .of_packet = bytes};
  needs_packet_ = true;
}

Result<> RuleBuilder::transform(Transform transform) {
  if (hand_.decode != kNone) return fail(Errc::invalid, "what base64_decode gave cannot be changed further");
  if (hand_.part != kNone && (hand_.named == kPayload || !hand_.transforms.empty()))
    return fail(Errc::invalid, "it must stand directly behind the buffer that it changes");
  hand_.part = kNone;  // what was looked for so far is in the buffer as it is
  hand_.transforms.push_back(std::move(transform));
  return {};
}

Result<> RuleBuilder::allow_absence(bool alone) {
  if (hand_.named == kPayload || hand_.of_packet != nullptr || hand_.decode != kNone)
    return fail(Errc::invalid, "it needs the buffer of a protocol before it");
  if (hand_.part != kNone) return fail(Errc::invalid, "it must stand directly behind its buffer");
  hand_.part = part_for(hand_);
  rule_.parts[hand_.part].absence = alone ? Part::Absence::required : Part::Absence::allowed;
  return {};
}

Result<> RuleBuilder::look_into_decoded() {
  if (last_decode_.part == kNone)
    return fail(Errc::invalid, "there is no base64_decode before it to give the data");
  leave_hand();
  hand_ = Hand{};
  hand_.part = last_decode_.part;
  hand_.decode = last_decode_.step;
  return {};
}

void RuleBuilder::add(StepKind step) {
  const bool follows = follows_on(step) && !names_buffer() && hand_.transforms.empty() && last_part_ != kNone;
  if (!follows) last_part_ = hand_.part = part_for(hand_);
  auto& steps = steps_at(last_part_, hand_.decode);
  const Place place{.part = last_part_, .decode = hand_.decode, .step = steps.size()};
  if (std::holds_alternative<Content>(step)) last_content_ = place;
  if (std::holds_alternative<Base64Decode>(step) && hand_.decode == kNone) last_decode_ = place;
  steps.push_back(Step{.kind = std::move(step)});
}

Result<> RuleBuilder::add_for(std::string_view buffer, StepKind step) {
  BANSOKO_TRY(Hand hand, hand_for(buffer));
  // The letter behind an expression is an old spelling: it goes on in the buffer that is there.
  if (std::holds_alternative<Expression>(step)) hand.several = false;
  const std::size_t part = part_for(hand);
  if (!std::holds_alternative<BufferSize>(step)) last_part_ = part;
  rule_.parts[part].steps.push_back(Step{.kind = std::move(step)});
  return {};
}

Result<Content*> RuleBuilder::last_content() {
  if (last_content_.part == kNone) return fail(Errc::invalid, "there is no content before it to modify");
  return std::get_if<Content>(&steps_at(last_content_.part, last_content_.decode)[last_content_.step].kind);
}

// It goes to the end of the other buffer's steps: relative ones count from the match before in that buffer.
Result<> RuleBuilder::move_last_content(std::string_view buffer) {
  BANSOKO_CHECK(last_content());
  BANSOKO_TRY(Hand hand, hand_for(buffer));
  hand.several = false;  // it goes on in the buffer that is there
  auto& from = steps_at(last_content_.part, last_content_.decode);
  Step content = std::move(from[last_content_.step]);
  from.erase(from.begin() + static_cast<std::ptrdiff_t>(last_content_.step));
  // A base64_decode behind it has moved up.
  const bool among_it = last_content_.decode == kNone && last_decode_.part == last_content_.part;
  if (among_it && last_decode_.step > last_content_.step) --last_decode_.step;
  const std::size_t part = last_part_ = part_for(hand);
  rule_.parts[part].steps.push_back(std::move(content));
  last_content_ = {.part = part, .decode = kNone, .step = rule_.parts[part].steps.size() - 1};
  return {};
}

Result<> RuleBuilder::check_parts() {
  leave_hand();
  for (const Part& part : rule_.parts)
    if (part.absence == Part::Absence::required && !part.steps.empty())
      return fail(Errc::invalid, "'{}' is to be absent, and something is looked for in it", part.name);
  for (const Part& part : rule_.parts)
    for (const Step& step : part.steps)
      if (const auto* decode = std::get_if<Base64Decode>(&step.kind); decode && decode->steps.empty())
        return fail(Errc::invalid,
                    "nothing is looked for in what base64_decode gives: base64_data is missing");
  // What was there was meant for another buffer.
  for (const Part& part : rule_.parts)
    if (part.steps.empty() && part.absence != Part::Absence::required && part.name != kPayload)
      unused_.push_back(part.name);
  std::erase_if(rule_.parts, [](const Part& part) {
    return part.steps.empty() && part.absence != Part::Absence::required;
  });
  for (const std::string_view name : unused_)
    if (std::ranges::find(rule_.parts, name, &Part::name) == rule_.parts.end())
      return fail(Errc::invalid, "nothing is looked for in '{}'", name);
  return {};
}

}  // namespace bansoko::detect
