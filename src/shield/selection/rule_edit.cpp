// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/rule_edit.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "shield/selection/conf_lines.h"

namespace bansoko::selection {
namespace {

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// Oinkmaster's ${1} is written \1 here.
Result<std::string> python_template(std::string_view text) {
  BANSOKO_TRY(const auto groups, pattern::Rewriter::compile(R"(\$\{(\d+)\})", R"(\\\1)"));
  return groups.apply(text);
}

/// For a value that becomes part of a template.
std::string escaped(std::string_view text) { return replace_all(std::string(text), "\\", "\\\\"); }

struct Parts {
  std::string match;
  std::string from;
  std::string to;
};

Result<Parts> parts_of(std::string_view line) {
  if (line.starts_with("metadata-add")) {
    BANSOKO_TRY(const auto words, shell_words(line));
    if (words.size() != 4) return fail(Errc::invalid, "metadata-add without MATCH KEY VALUE");
    return Parts{words[1], R"(;\s*\)$)",
                 fmt::format("; metadata: {} {};)", escaped(words[2]), escaped(words[3]))};
  }
  // Oinkmaster wanted a dollar sign escaped.
  BANSOKO_TRY(const auto words, shell_words(replace_all(std::string(line), "\\$", "$")));
  Parts parts;
  if (words.size() == 3)
    parts = {words[0], words[1], words[2]};
  else if (words.size() > 4 && words[0] == "modifysid")
    parts = {words[1], words[2], words[4]};
  else
    return fail(Errc::invalid, "{} words where there should be 3", words.size());
  BANSOKO_TRY(parts.to, python_template(parts.to));
  return parts;
}

}  // namespace

Result<RuleEdit> RuleEdit::parse(std::string_view line) {
  BANSOKO_TRY(const Parts parts, parts_of(line));
  BANSOKO_TRY(auto matcher, Matcher::parse(parts.match));
  BANSOKO_TRY(auto rewriter, pattern::Rewriter::compile(parts.from, parts.to));
  return RuleEdit(std::move(matcher), std::move(rewriter));
}

Result<> RuleEdit::apply(SourceRule& rule) const {
  BANSOKO_TRY(const std::string line, rewriter_.apply(to_line(rule)));
  if (!replace_text(rule, line)) return fail(Errc::invalid, "would leave no rule: {}", line);
  return {};
}

std::vector<PlacedEdit> parse_edits(std::string_view text, std::string_view file,
                                    rule::Diagnostics& diagnostics) {
  std::vector<PlacedEdit> edits;
  for (const ConfLine& line : conf_lines(text)) {
    auto edit = RuleEdit::parse(line.text);
    if (edit) {
      edits.push_back({std::move(*edit), place_of(file, line.number, line.text)});
      continue;
    }
    diagnostics.push_back({.file = std::string(file),
                           .line = line.number,
                           .column = 1,
                           .severity = rule::Severity::error,
                           .message = edit.error().message,
                           .valid = "MATCH \"FROM\" \"TO\", metadata-add MATCH KEY VALUE"});
  }
  return edits;
}

bool replace_text(SourceRule& rule, std::string_view line) {
  auto changed = parse_source_rule(line);
  if (!changed || !is_whole(*changed)) return false;
  if (changed->text != rule.text && rule.shipped_text.empty()) rule.shipped_text = rule.text;
  changed->file = std::move(rule.file);
  changed->line = rule.line;
  changed->lines = rule.lines;
  changed->superseded = rule.superseded;
  changed->shipped_enabled = rule.shipped_enabled;
  changed->shipped_text = std::move(rule.shipped_text);
  changed->reason = std::move(rule.reason);
  changed->edits = std::move(rule.edits);
  rule = std::move(*changed);
  return true;
}

void make_drop(SourceRule& rule) {
  const std::string line = "drop" + rule.text.substr(rule.action.size());
  replace_text(rule, rule.enabled ? line : "# " + line);
}

void make_silent(SourceRule& rule) {
  if (rule.noalert) return;
  // Before the sid, as suricata-update has it. Every rule that we know has one.
  const auto sid = rule.text.rfind("sid:");
  if (sid == std::string::npos) return;
  const std::string line = rule.text.substr(0, sid) + "noalert; " + rule.text.substr(sid);
  replace_text(rule, rule.enabled ? line : "# " + line);
}

}  // namespace bansoko::selection
