// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shield/rule/address_set.h"
#include "shield/rule/diagnostic.h"
#include "shield/rule/port_set.h"

namespace bansoko::rule {

/// What a rule asks for, in order of precedence: pass comes before drop, drop before reject, reject before
/// alert.
enum class Action : std::uint8_t { pass, drop, reject, alert };

/// "pass", "drop", "reject", "alert".
std::string_view name_of(Action action) noexcept;

/// One option as written: `name:value;` or `name;`.
struct Option {
  std::string name;
  std::string value;  // blanks at both ends gone, quotes and escapes still there
  bool has_value = false;
  std::uint32_t line = 0;         // of the name
  std::uint32_t name_column = 0;  // from 1
  std::uint32_t value_line = 0;   // differs from `line` only where a rule is continued between the two
  std::uint32_t value_column = 0;
};

/// One rule, its header understood and its options still text.
struct RuleText {
  std::string file;
  std::uint32_t line = 0;  // where it begins; a trailing backslash continues a rule on the next line
  Action action = Action::alert;
  std::string protocol;  // "tcp", "http", ...
  std::uint32_t protocol_line = 0;
  std::uint32_t protocol_column = 0;
  AddressSet source;
  AddressSet dest;
  PortSet source_ports;
  PortSet dest_ports;
  bool both_directions = false;  // <>
  std::vector<Option> options;
  std::string text;  // as written
};

/// `vars:` of the settings: what $HOME_NET and $HTTP_PORTS stand for.
struct Variables {
  std::map<std::string, std::string, std::less<>> addresses;
  std::map<std::string, std::string, std::less<>> ports;
};

/// The product's defaults: every address group is `any`, the port groups are what rules of every source
/// expect.
Variables default_variables();

/// No rule may be longer than this, its continued lines put together.
inline constexpr std::size_t kMaxRuleBytes = std::size_t{64} << 10U;

/// Reads the rules of one file's text. A rule with a fault is reported, left out, and the next one read:
/// every line that is neither blank nor a comment ends up in the result or in `diagnostics`. A rule whose
/// addresses or ports come to nothing only through the variables it names (`!$HOME_NET` where that is any)
/// is kept with an empty set and a warning; one that leaves nothing by itself is an error, and so is a
/// variable that stands for nothing.
std::vector<RuleText> parse_rules(std::string_view text, std::string_view file, const Variables& variables,
                                  Diagnostics& diagnostics);

/// The same, one rule after the other.
void read_rules(std::string_view text, std::string_view file, const Variables& variables,
                Diagnostics& diagnostics, const std::function<void(RuleText)>& take);

/// "[10.0.0.0/8,!10.1.0.0/16,$DMZ]", "any", "192.0.2.1-192.0.2.9", IPv6 forms. On a fault `error_offset`
/// says where in the text.
Result<AddressSet> parse_addresses(std::string_view text, const Variables& variables,
                                   std::size_t& error_offset);

/// "any", "80", "[80,443,8000:8100,!8080]", "1024:", "$HTTP_PORTS".
Result<PortSet> parse_ports(std::string_view text, const Variables& variables, std::size_t& error_offset);

/// A value in quotes, as content, pcre and msg have it: its negation sign and what is between the quotes,
/// escapes kept.
struct Quoted {
  bool negated = false;
  std::string_view text;
};
Result<Quoted> unquote(std::string_view value);

}  // namespace bansoko::rule
