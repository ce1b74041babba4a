// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/selection.h"

#include <cstdlib>

#include "base/bytes.h"

namespace bansoko::selection {
namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

/// What is written must read back as the same rules, in their places.
void check_written(std::string_view text, std::vector<SourceRule> rules) {
  const std::string written = write_source_rules(text, rules);
  const auto again = parse_source_rules(written, "fuzz");
  std::size_t next = 0;
  for (const SourceRule& rule : rules) {
    if (!rule.enabled && !is_whole(rule)) continue;  // a comment now
    require(next < again.size() && again[next].line == rule.line && again[next].enabled == rule.enabled &&
            again[next].sid == rule.sid);
    ++next;
  }
}

}  // namespace
}  // namespace bansoko::selection

/// The operator's lines, a NUL, and the rules.
// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  using namespace bansoko::selection;
  const auto text = as_text(Bytes(data, size));
  const auto middle = text.find('\0');
  if (middle == std::string_view::npos) return 0;
  const auto conf = text.substr(0, middle);
  const auto file = text.substr(middle + 1);
  rule::Diagnostics told;
  Choices choices;
  choices.disable = MatcherList::parse(conf, "disable.conf", told);
  choices.drop = MatcherList::parse(conf, "drop.conf", told);
  choices.modify = parse_edits(conf, "modify.conf", told);
  auto rules = parse_source_rules(file, "fuzz");
  check_written(file, rules);
  select(rules, choices, told);
  check_written(file, rules);
  for (const rule::Diagnostic& each : told) require(each.line >= 1 && !each.message.empty());
  return 0;
}
