// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::flow {
namespace {

Result<> narrow(detect::CompiledRule& rule, detect::Sides side) {
  if ((rule.sides & side) == 0)
    return fail(Errc::invalid, "a rule cannot be about both directions and one of them");
  rule.sides = side;
  return {};
}

bool was_in_fragments(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  return at.packet.rebuilt == (numbers[0] != 0);
}

Result<> apply(std::string_view word, detect::CompiledRule& rule) {
  if (word == "to_server" || word == "from_client") return narrow(rule, detect::kClientSide);
  if (word == "to_client" || word == "from_server") return narrow(rule, detect::kServerSide);
  if (word == "established") {
    rule.flow.established = true;
  } else if (word == "not_established") {
    rule.flow.not_established = true;
  } else if (word == "only_stream") {
    rule.flow.only_stream = true;
  } else if (word == "no_stream") {
    rule.flow.no_stream = true;
  } else if (word == "only_frag" || word == "no_frag") {
    rule.checks.push_back({.holds = was_in_fragments, .numbers = {word == "only_frag"}});
  } else if (word != "stateless") {
    return fail(Errc::invalid, "'{}' is not a state of a flow", word);
  }
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  detect::CompiledRule& made = rule.rule();
  made.flow.stated = true;
  for (const std::string_view word : split(option.value)) BANSOKO_CHECK(apply(word, made));
  if (made.flow.established && made.flow.not_established)
    return fail(Errc::invalid, "a flow cannot be established and not established");
  if (made.flow.only_stream && made.flow.no_stream)
    return fail(Errc::invalid, "only_stream and no_stream exclude each other");
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "flow",
      .help = "the direction and state of the flow",
      .valid =
          "to_server, to_client, from_client, from_server, established, not_established, stateless, "
          "only_stream, no_stream, only_frag, no_frag; several with commas",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::flow
