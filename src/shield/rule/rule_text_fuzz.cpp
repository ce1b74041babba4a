// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "base/text.h"
#include "shield/rule/classification.h"
#include "shield/rule/rule_text.h"

namespace bansoko::rule {
namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

void check_places(const Diagnostics& faults) {
  for (const Diagnostic& fault : faults)
    require(fault.line >= 1 && fault.column >= 1 && !fault.message.empty() && !to_text(fault).empty());
}

bool same(const Option& a, const Option& b) {
  return a.name == b.name && a.value == b.value && a.has_value == b.has_value;
}

bool same(const RuleText& a, const RuleText& b) {
  return a.action == b.action && a.protocol == b.protocol && a.source == b.source && a.dest == b.dest &&
         a.source_ports == b.source_ports && a.dest_ports == b.dest_ports &&
         a.both_directions == b.both_directions && a.text == b.text &&
         std::equal(a.options.begin(), a.options.end(), b.options.begin(), b.options.end(),
                    [](const Option& x, const Option& y) { return same(x, y); });
}

void check_rule(const RuleText& rule, const Variables& variables) {
  Diagnostics faults;
  const auto again = parse_rules(rule.text, "again", variables, faults);
  require(again.size() == 1 && same(again.front(), rule) && count_errors(faults) == 0);
  for (const Option& option : rule.options) {
    require(option.line >= rule.line && option.name_column >= 1 && !option.name.empty());
    require(option.has_value == (option.value_column >= 1) && option.has_value == !option.value.empty());
    if (option.value.starts_with('"')) require(unquote(option.value).has_value());
  }
}

void check_sets(std::string_view text, const Variables& variables) {
  std::size_t offset = 0;
  if (const auto set = parse_addresses(text, variables, offset)) {
    require(!set->ranges().empty() && set->is_any() == (*set == AddressSet()));
    for (const auto& range : set->ranges()) require(set->contains(range.first) && set->contains(range.last));
    require(AddressSet().without(AddressSet().without(*set)) == *set);
  }
  require(offset <= text.size());
  offset = 0;
  if (const auto set = parse_ports(text, variables, offset)) {
    require(!set->ranges().empty() && set->is_any() == (*set == PortSet()));
    require(PortSet().without(PortSet().without(*set)) == *set);
  }
  require(offset <= text.size());
}

}  // namespace
}  // namespace bansoko::rule

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const auto text = as_text(Bytes(data, size));
  const auto variables = rule::default_variables();
  rule::Diagnostics faults;
  const auto rules = rule::parse_rules(text, "fuzz", variables, faults);
  for (const auto& each : rules) rule::check_rule(each, variables);
  rule::parse_classifications(text, "fuzz", faults);
  rule::check_places(faults);
  rule::check_sets(text, variables);
  return 0;
}
