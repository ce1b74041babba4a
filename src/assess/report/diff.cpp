// SPDX-License-Identifier: Apache-2.0
#include "assess/report/diff.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "assess/report/words.h"
#include "base/printable.h"

namespace bansoko::assess {
namespace {

using Json = nlohmann::ordered_json;

struct Answer {
  std::string state, title;
};
using Answers = std::map<std::string, Answer, std::less<>>;  // by id and component

/// What one run says of a host. One of before checks were asked has none, and is not compared in them.
struct HostAnswers {
  Answers findings = {}, checks = {};
  bool has_checks = false;
};
using Hosts = std::map<std::string, HostAnswers, std::less<>>;

constexpr std::array<std::string_view, 7> kWorstFirst{"missing",        "failed", "unconfirmed", "unknown",
                                                      "not_applicable", "passed", "fixed"};

std::size_t rank(std::string_view state) noexcept {
  return static_cast<std::size_t>(std::ranges::find(kWorstFirst, state) - kWorstFirst.begin());
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& list_of(const Json& json, const char* key) {
  static const Json none = Json::array();
  const auto found = json.find(key);
  return found != json.end() && found->is_array() ? *found : none;
}

Answers answers_of(const Json& host) {
  Answers answers;
  for (const Json& finding : list_of(host, "findings")) {
    if (!finding.is_object()) continue;
    const std::string component = text_of(finding, "component");
    answers[text_of(finding, "id") + (component.empty() ? "" : " " + component)] = {
        text_of(finding, "state"), text_of(finding, "title")};
  }
  return answers;
}

Answers checks_of(const Json& host) {
  Answers answers;
  for (const Json& check : list_of(host, "checks"))
    if (check.is_object()) answers[text_of(check, "id")] = {text_of(check, "state"), text_of(check, "title")};
  return answers;
}

Result<Hosts> read(std::string_view text, std::string_view which) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("hosts"))
    return fail(Errc::invalid,
                "the {} file is no assessment (valid: what 'bansoko assess --format json' writes)", which);
  Hosts hosts;
  for (const Json& host : list_of(json, "hosts"))
    if (host.is_object()) {
      HostAnswers& answers = hosts[text_of(host, "name")];
      answers.findings.merge(answers_of(host));
      answers.checks.merge(checks_of(host));
      answers.has_checks |= host.contains("checks");
    }
  return hosts;
}

void add_changes(const Answers& before, const Answers& after, std::vector<Change>& changes) {
  for (const auto& [id, answer] : after) {
    const auto old = before.find(id);
    const std::string was = old == before.end() ? std::string() : old->second.state;
    if (was != answer.state) changes.push_back({id, answer.title, was, answer.state});
  }
  for (const auto& [id, answer] : before)
    if (!after.contains(id)) changes.push_back({id, answer.title, answer.state, ""});
}

std::vector<Change> changes_of(const HostAnswers& before, const HostAnswers& after) {
  std::vector<Change> changes;
  add_changes(before.findings, after.findings, changes);
  if (before.has_checks && after.has_checks) add_changes(before.checks, after.checks, changes);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return rank(a.after) < rank(b.after); });
  return changes;
}

std::string_view word(std::string_view state, Lang lang) noexcept {
  if (state.empty()) return "-";
  const std::string_view title = title_of_state(state, lang);
  return title.empty() ? "?" : title;
}

}  // namespace

Result<std::vector<HostChange>> compare(std::string_view old_json, std::string_view new_json) {
  BANSOKO_TRY(const Hosts before, read(old_json, "first"));
  BANSOKO_TRY(const Hosts after, read(new_json, "second"));
  std::vector<HostChange> list;
  static const HostAnswers nothing{.has_checks = true};
  for (const auto& [name, answers] : after) {
    const auto old = before.find(name);
    HostChange change{name, old == before.end(), false,
                      changes_of(old == before.end() ? nothing : old->second, answers)};
    if (change.is_new || !change.changes.empty()) list.push_back(std::move(change));
  }
  for (const auto& [name, answers] : before)
    if (!after.contains(name)) list.push_back({name, false, true, {}});
  return list;
}

std::string to_text(const std::vector<HostChange>& changes, Lang lang) {
  std::string text;
  const bool ja = lang == Lang::ja;
  for (const HostChange& host : changes) {
    text += printable(host.name);
    if (host.is_new) text += ja ? " (新規)" : " (new)";
    if (host.is_gone) text += ja ? " (なくなりました)" : " (gone)";
    text += '\n';
    for (const Change& change : host.changes)
      fmt::format_to(std::back_inserter(text), "  {} -> {}: {} {}\n", word(change.before, lang),
                     word(change.after, lang), printable(change.id), printable(change.title));
  }
  if (changes.empty()) text = ja ? "変化はありません。\n" : "Nothing changed.\n";
  return text;
}

std::string to_json(const std::vector<HostChange>& changes) {
  Json all = Json::array();
  for (const HostChange& host : changes) {
    Json one{{"name", host.name}, {"new", host.is_new}, {"gone", host.is_gone}, {"changes", Json::array()}};
    for (const Change& change : host.changes)
      one["changes"].push_back(
          {{"id", change.id}, {"title", change.title}, {"before", change.before}, {"after", change.after}});
    all.push_back(std::move(one));
  }
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bansoko::assess
