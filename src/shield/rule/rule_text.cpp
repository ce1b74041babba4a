// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/rule_text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "shield/rule/lines.h"
#include "shield/rule/logical_line.h"
#include "shield/rule/rule_header.h"
#include "shield/rule/rule_options.h"
#include "shield/rule/set_kinds.h"

namespace bansoko::rule {
namespace {

bool is_blank_or_comment(std::string_view line) {
  const auto text = trim(line);
  return text.empty() || text.starts_with('#');
}

/// What makes a line no text to read a rule from.
bool is_readable(const LogicalLine& line, RuleFaults& faults) {
  const auto text = line.text();
  if (const auto nul = text.find('\0'); nul != std::string_view::npos)
    faults.error(nul, "a NUL byte", "text in UTF-8 (a file in UTF-16 must be converted)");
  else if (text.size() > kMaxRuleBytes)
    faults.error(kMaxRuleBytes, fmt::format("the rule is longer than {} bytes", kMaxRuleBytes),
                 "a shorter rule");
  else if (line.end() == LogicalLine::End::end_of_file)
    faults.error(text.size(), "the backslash continues the line, but the file ends here",
                 "no backslash here");
  else if (line.end() == LogicalLine::End::next_rule)
    faults.error(text.size(), "the backslash continues the line, but the next line begins another rule",
                 "no backslash here");
  else if (trim(text).empty())
    faults.error_at(line.begin().line, line.begin().column, "a backslash without a rule",
                    "no backslash here");
  return !faults.has_errors();
}

/// As written, less what continues it into nothing.
std::string_view whole_text(const LogicalLine& line) {
  auto text = trim(line.written());
  while (text.ends_with('\\')) text = trim(text.substr(0, text.size() - 1));
  return text;
}

std::optional<RuleText> read_rule(const LogicalLine& line, std::string_view file, AddressReader& addresses,
                                  PortReader& ports, Diagnostics& diagnostics) {
  RuleFaults faults(line, file, diagnostics);
  if (!is_readable(line, faults)) return {};
  auto offset = line.text().find_first_not_of(" \t\r");
  RuleText rule;
  rule.file = file;
  rule.line = line.at(offset).line;
  rule.text = whole_text(line);
  if (read_header(line, offset, addresses, ports, rule, faults)) read_options(line, offset, rule, faults);
  if (faults.has_errors()) return {};
  return rule;
}

}  // namespace

std::vector<RuleText> parse_rules(std::string_view text, std::string_view file, const Variables& variables,
                                  Diagnostics& diagnostics) {
  std::vector<RuleText> rules;
  read_rules(text, file, variables, diagnostics,
             [&rules](RuleText rule) { rules.push_back(std::move(rule)); });
  return rules;
}

void read_rules(std::string_view text, std::string_view file, const Variables& variables,
                Diagnostics& diagnostics, const std::function<void(RuleText)>& take) {
  AddressReader addresses(variables.addresses, variables.ports);
  PortReader ports(variables.ports, variables.addresses);
  for (Lines lines(text); !lines.at_end();) {
    if (is_blank_or_comment(lines.peek().text)) {
      lines.take();
      continue;
    }
    const LogicalLine line(lines);
    if (auto rule = read_rule(line, file, addresses, ports, diagnostics)) take(std::move(*rule));
  }
}

Result<Quoted> unquote(std::string_view value) {
  Quoted quoted;
  auto text = trim(value);
  if (text.starts_with('!')) {
    quoted.negated = true;
    text = trim(text.substr(1));
  }
  if (!text.starts_with('"')) return fail(Errc::invalid, "'{}' does not stand in quotes", text);
  std::size_t close = 0;  // the last one: a regular expression may hold bare quotes
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') close = at;
    if (text[at] == '\\') ++at;
  }
  if (close == 0) return fail(Errc::invalid, "the closing quote is missing");
  if (close + 1 != text.size())
    return fail(Errc::invalid, "'{}' stands after the closing quote", trim(text.substr(close + 1)));
  quoted.text = text.substr(1, close - 1);
  return quoted;
}

Variables default_variables() {
  Variables variables;
  for (const auto* const name :
       {"HOME_NET", "EXTERNAL_NET", "HTTP_SERVERS", "SMTP_SERVERS", "SQL_SERVERS", "DNS_SERVERS",
        "TELNET_SERVERS", "AIM_SERVERS", "DC_SERVERS", "DNP3_SERVER", "DNP3_CLIENT", "MODBUS_CLIENT",
        "MODBUS_SERVER", "ENIP_CLIENT", "ENIP_SERVER"})
    variables.addresses.emplace(name, "any");
  variables.ports = {{"HTTP_PORTS", "80"},
                     {"SHELLCODE_PORTS", "!80"},
                     {"ORACLE_PORTS", "1521"},
                     {"SSH_PORTS", "22"},
                     {"DNP3_PORTS", "20000"},
                     {"MODBUS_PORTS", "502"},
                     {"FTP_PORTS", "21"},
                     {"GENEVE_PORTS", "6081"},
                     {"VXLAN_PORTS", "4789"},
                     {"TEREDO_PORTS", "3544"},
                     {"FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]"}};
  return variables;
}

}  // namespace bansoko::rule
