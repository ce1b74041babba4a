// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/map_reader.h"
#include "lockdown/policy/rules_file.h"

namespace bansoko::policy {
namespace {

/// In single quotes, YAML 1.2 section 7.3.2: nothing in it means anything.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

std::string text_of(const Rule& rule, std::string_view note, std::size_t indent) {
  const std::string space(indent, ' ');
  std::string text = fmt::format("{}- name: {}\n{}  action: deny\n", space, quoted(rule.name), space);
  if (!rule.path.empty()) text += fmt::format("{}  path: {}\n", space, quoted(rule.path));
  if (rule.digest) text += fmt::format("{}  digest: {}\n", space, identity::to_text(*rule.digest));
  if (!note.empty()) text += fmt::format("{}  note: {}\n", space, quoted(note));
  return text;
}

/// Where the n-th line begins, from 1.
std::size_t place_of_line(std::string_view text, std::uint32_t line) {
  std::size_t place = 0;
  while (--line > 0) place = text.find('\n', place) + 1;
  return place;
}

/// Names do not count: those of rules without one say their line.
bool says_the_same(const Rule& a, const Rule& b) {
  return a.answer == b.answer && a.path == b.path && a.digest == b.digest && a.package == b.package &&
         a.user == b.user && a.parent == b.parent;
}

}  // namespace

Result<std::string> with_deny_rule(const std::string& text, const std::string& file, const Rule& rule,
                                   std::string_view note) {
  const auto any_user = [](const std::string&) { return std::optional<std::uint32_t>(0); };
  settings::Faults faults;
  const auto before = parse_rules(text, file, any_user, faults);
  if (!before) return fail(Errc::invalid, "{}", settings::to_text(faults.front()));
  const auto tree = settings::parse_tree(text, file, faults);
  const settings::Node* const list = tree ? settings::value_of(*tree, "rules") : nullptr;
  std::string result = text;
  if (list == nullptr) {
    if (!result.empty() && !result.ends_with('\n')) result += '\n';
    result += "rules:\n" + text_of(rule, note, 2);
  } else if (!list->items.empty()) {
    const settings::Node& first = list->items.front();
    const std::size_t indent = first.column >= 3 ? first.column - 3 : 0;
    result.insert(place_of_line(text, first.line), text_of(rule, note, indent));
  }
  faults.clear();
  const auto after = parse_rules(result, file, any_user, faults);
  const bool is_right = after && after->size() == before->size() + 1 && says_the_same(after->front(), rule) &&
                        std::equal(before->begin(), before->end(), after->begin() + 1, says_the_same);
  if (!is_right)
    return fail(Errc::unsupported, "{}: a rule cannot be put into a file of this form; write it by hand",
                file);
  return result;
}

}  // namespace bansoko::policy
