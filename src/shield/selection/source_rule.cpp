// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/source_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "shield/rule/actions.h"
#include "shield/rule/logical_line.h"
#include "shield/rule/rule_options.h"

namespace bansoko::selection {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kBlank = " \t\r\n";

// Of other engines' rules: we do not load them, but their files have them.
constexpr std::array<std::string_view, 7> kOtherActions{"log",   "activate", "dynamic", "sdrop",
                                                        "block", "rewrite",  "config"};

bool is_action(std::string_view word) {
  return rule::find_action(word) != nullptr || std::ranges::find(kOtherActions, word) != kOtherActions.end();
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t(")); }

std::uint32_t number_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

void add_list(std::string_view text, std::vector<std::string>& into) {
  while (!text.empty()) {
    const auto item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    into.emplace_back(trim(item));
  }
}

void take_option(const rule::Option& option, SourceRule& into) {
  const std::string_view name = option.name;
  if (name == "sid") into.sid = number_of(option.value);
  if (name == "gid") into.gid = number_of(option.value);
  if (name == "rev") into.rev = number_of(option.value);
  if (name == "classtype") into.classtype = option.value;
  if (name == "reference") into.references.push_back(option.value);
  if (name == "metadata") add_list(option.value, into.metadata);
  if (name == "noalert") into.noalert = true;
  if (name == "flowbits") {
    into.flowbits.push_back(option.value);
    if (option.value.find("noalert") != kNone) into.noalert = true;
  }
  if (name == "msg")
    if (const auto quoted = rule::unquote(option.value)) into.message = quoted->text;
}

bool has_sid(const std::vector<rule::Option>& options) {
  return std::ranges::find(options, "sid", &rule::Option::name) != options.end();
}

/// The options of a rule in a dialect that ours is not: each ends at a semicolon without a backslash before
/// it, and quotes mean nothing.
std::vector<rule::Option> split_options(std::string_view text) {
  std::vector<rule::Option> options;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;
    if (at >= text.size() || text[at] != ';') continue;
    const auto option = trim(text.substr(begin, at - begin));
    begin = at + 1;
    rule::Option split;
    split.name = trim(option.substr(0, option.find(':')));
    split.has_value = option.find(':') != kNone;
    if (split.has_value) split.value = trim(option.substr(option.find(':') + 1));
    options.push_back(std::move(split));
  }
  return options;
}

bool may_be_rule(std::string_view line) {
  const auto text = line.substr(std::min(line.find_first_not_of("# \t\r"), line.size()));
  return !text.empty() && (!trim(line).starts_with('#') || is_action(first_word(text)));
}

/// Calls back with each rule's place and text, and with the text between them.
template <class OnRule, class OnRest>
void for_each_rule(std::string_view text, OnRule on_rule, OnRest on_rest) {
  for (rule::Lines lines(text); !lines.at_end();) {
    const rule::Line first = lines.peek();
    if (!may_be_rule(first.text)) {
      on_rest(lines.take().text);
      continue;
    }
    const rule::LogicalLine line(lines);
    auto found = parse_source_rule(line.text());
    if (!found) {
      on_rest(line.written());
      continue;
    }
    found->line = first.number;
    found->lines = 1 + static_cast<std::uint32_t>(std::ranges::count(line.written(), '\n'));
    on_rule(std::move(*found), line.written());
  }
}

}  // namespace

std::optional<SourceRule> parse_source_rule(std::string_view line) {
  SourceRule rule;
  const auto begin = line.find_first_not_of("# \t\r\n");
  if (begin == kNone) return {};
  rule.enabled = trim(line).front() != '#';
  rule.shipped_enabled = rule.enabled;
  rule.text = trim(line.substr(begin));
  std::ranges::replace(rule.text, '\n', ' ');
  const auto open = rule.text.find('(');
  rule.action = first_word(rule.text);
  const std::string_view header = std::string_view(rule.text).substr(0, open);
  const auto protocol = trim(header.substr(std::min(header.size(), rule.action.size())));
  rule.protocol = protocol.substr(0, protocol.find_first_of(kBlank));
  for (const rule::Option& option : options_of(rule)) take_option(option, rule);
  if (!rule.enabled && !is_whole(rule)) return {};
  return rule;
}

std::vector<rule::Option> options_of(const SourceRule& rule) {
  const auto open = rule.text.find('(');
  if (open == kNone) return {};
  rule::Lines lines(rule.text);
  if (lines.at_end()) return {};
  const rule::LogicalLine line(lines);
  rule::RuleText read;
  rule::Diagnostics faults;  // the loader tells them
  rule::RuleFaults hears(line, "", faults);
  rule::read_options(line, open + 1, read, hears);
  return has_sid(read.options) ? std::move(read.options)
                               : split_options(std::string_view(rule.text).substr(open + 1));
}

bool is_whole(const SourceRule& rule) {
  return is_action(rule.action) && rule.text.ends_with(')') && rule.sid != 0;
}

std::vector<SourceRule> parse_source_rules(std::string_view text, std::string_view file) {
  std::vector<SourceRule> rules;
  for_each_rule(
      text,
      [&](SourceRule rule, std::string_view) {
        rule.file = file;
        rules.push_back(std::move(rule));
      },
      [](std::string_view) {});
  return rules;
}

std::string write_source_rules(std::string_view text, std::span<SourceRule> rules) {
  std::string written;
  written.reserve(text.size() + text.size() / 16);
  std::uint32_t line = 1;
  const auto append = [&written, &line](std::string_view what) {
    written.append(what).append("\n");
    const auto lines = 1 + static_cast<std::uint32_t>(std::ranges::count(what, '\n'));
    line += lines;
    return lines;
  };
  auto now = rules.begin();
  for_each_rule(
      text,
      [&](const SourceRule&, std::string_view as_written) {
        const bool same = now->enabled == now->shipped_enabled && now->shipped_text.empty();
        now->line = line;
        now->lines = append(same ? std::string(as_written) : to_line(*now));
        ++now;
      },
      append);
  return written;
}

std::string to_line(const SourceRule& rule) { return (rule.enabled ? "" : "# ") + rule.text; }

}  // namespace bansoko::selection
