// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::ssl_state {
namespace {

/// Whose hello it is.
Result<detect::Sides> side_of(std::string_view state) {
  if (state == "client_hello") return detect::kClientSide;
  if (state == "server_hello") return detect::kServerSide;
  if (state == "client_keyx" || state == "server_keyx" || state == "unknown")
    return fail(Errc::unsupported, "'{}' is not told: hellos are", state);
  return fail(Errc::invalid, "'{}' is not a state", state);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  detect::Sides sides = 0;
  for (const std::string_view state :
       split(option.value, option.value.find('|') == std::string::npos ? ',' : '|')) {
    const bool negated = state.starts_with('!');
    BANSOKO_TRY(const detect::Sides side, side_of(trim(state.substr(negated ? 1 : 0))));
    sides = static_cast<detect::Sides>(sides | (negated ? detect::kBothSides & ~side : side));
  }
  rule.rule().sides = static_cast<detect::Sides>(rule.rule().sides & sides);
  return rule.add_field("tls.version", Range{});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "ssl_state",
      .help = "a hello of the client or of the server has come",
      .valid = "client_hello, server_hello; several with |; ! before one",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ssl_state
