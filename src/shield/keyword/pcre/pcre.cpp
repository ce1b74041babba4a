// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/pattern/machine_code_queue.h"

namespace bansoko::keyword::pcre {
namespace {

struct BufferFlag {
  char flag;
  std::string_view buffer;
};
constexpr std::array kBufferFlags{BufferFlag{'U', "http.uri"},          BufferFlag{'I', "http.uri.raw"},
                                  BufferFlag{'P', "http.request_body"}, BufferFlag{'Q', "file.data"},
                                  BufferFlag{'H', "http.header"},       BufferFlag{'D', "http.header.raw"},
                                  BufferFlag{'M', "http.method"},       BufferFlag{'C', "http.cookie"},
                                  BufferFlag{'S', "http.stat_code"},    BufferFlag{'Y', "http.stat_msg"},
                                  BufferFlag{'V', "http.user_agent"},   BufferFlag{'W', "http.host"},
                                  BufferFlag{'Z', "http.host.raw"}};

struct Flags {
  pattern::RegexOptions options;
  bool relative = false;
  std::string_view buffer;
};

Result<> apply(char flag, Flags& flags) {
  switch (flag) {
    case 'i':
      flags.options.nocase = true;
      return {};
    case 's':
      flags.options.dot_all = true;
      return {};
    case 'm':
      flags.options.multi_line = true;
      return {};
    case 'x':
      flags.options.extended = true;
      return {};
    case 'A':
      flags.options.anchored = true;
      return {};
    case 'E':
      flags.options.dollar_end_only = true;
      return {};
    case 'G':
      flags.options.ungreedy = true;
      return {};
    case 'R':
      flags.relative = true;
      return {};
    case 'B':  // raw bytes: they always are
    case 'O':  // the match limit of the settings holds for every rule
      return {};
    default:
      break;
  }
  const auto found = std::ranges::find(kBufferFlags, flag, &BufferFlag::flag);
  if (found == kBufferFlags.end()) return fail(Errc::invalid, "'{}' is not a flag", flag);
  if (!flags.buffer.empty() && flags.buffer != found->buffer)
    return fail(Errc::invalid, "one expression looks into one buffer only");
  flags.buffer = found->buffer;
  return {};
}

// PCRE2 takes {,5} for those four characters before its version 10.43, and for {0,5} since.
std::string with_lower_bounds(std::string_view expression) {
  std::string text;
  bool in_class = false;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    text += expression[i];
    if (expression[i] == '\\' && i + 1 < expression.size()) {
      text += expression[++i];
    } else if (expression[i] == '[' || expression[i] == ']') {
      in_class = expression[i] == '[';
    } else if (expression[i] == '{' && !in_class && expression.substr(i + 1).starts_with(',')) {
      const auto digits = expression.find_first_not_of("0123456789", i + 2);
      const bool is_bound = digits != std::string_view::npos && digits > i + 2 && expression[digits] == '}';
      if (is_bound) text += '0';
    }
  }
  return text;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const auto quoted, rule::unquote(option.value));
  const auto end = quoted.text.rfind('/');
  if (!quoted.text.starts_with('/') || end == 0)
    return fail(Errc::invalid, "the expression does not stand between slashes");
  Flags flags;
  flags.options.match_limit = rule.settings().pcre_match_limit;
  flags.options.depth_limit = rule.settings().pcre_recursion_limit;
  for (const char flag : quoted.text.substr(end + 1)) BANSOKO_CHECK(apply(flag, flags));
  BANSOKO_TRY(auto read,
              pattern::Regex::read(with_lower_bounds(quoted.text.substr(1, end - 1)), flags.options));
  const auto regex = std::make_shared<pattern::Regex>(std::move(read));
  if (auto* const later = rule.settings().expressions; later != nullptr)
    later->add(regex);
  else
    regex->make_machine_code();
  detect::Expression step;
  step.regex = regex;
  step.negated = quoted.negated;
  step.relative = flags.relative;
  if (!flags.buffer.empty()) return rule.add_for(flags.buffer, std::move(step));
  rule.add(std::move(step));
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "pcre",
      .help = "a Perl-compatible expression that must match",
      .valid = "\"/expression/flags\" with flags of ismxAEGRBO or one buffer letter, ! before it to negate",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::pcre
