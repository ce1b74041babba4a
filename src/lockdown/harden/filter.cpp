// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/filter.h"

#include <array>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "lockdown/harden/options.h"

namespace bansoko::harden {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    if (end != 0) words.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return words;
}

bool learned_whole(const Facts& facts) { return facts.learned && facts.learned->saw_start; }

bool was_seen(const Facts& facts, const std::string& call) {
  if (call == "memfd_create" && facts.now.habits.contains(Habit::memfd)) return true;
  return facts.learned && facts.learned->calls.contains(call);
}

/// A group with a call that was seen keeps that call and loses the others.
Line line_of(const Facts& facts, const CallGroup& group) {
  const std::string title(group.title);
  std::vector<std::string> refused;
  std::vector<std::string> kept;
  for (std::string& call : words_of(group.names))
    (was_seen(facts, call) ? kept : refused).push_back(std::move(call));
  Line line{Choice::set, "SystemCallFilter", fmt::format("~{}", fmt::join(refused, " ")),
            "calls for: " + title, std::string(group.may_break)};
  if (!kept.empty()) line.reason += fmt::format("; kept, since it was seen: {}", fmt::join(kept, " "));
  if (refused.empty())
    line = {Choice::left_out,
            "SystemCallFilter",
            "~" + std::string(group.names),
            title + ": the service uses all of it",
            {}};
  return line;
}

/// What the C library calls where the first is refused as unknown. systemd refuses clone3() so for
/// RestrictNamespaces=, since its flags lie in memory, where no filter sees them.
struct Fallback {
  std::string_view heard = {};
  std::string_view then = {};
};
constexpr std::array kFallbacks{
    Fallback{"clone3", "clone"},   Fallback{"openat2", "openat"},   Fallback{"epoll_pwait2", "epoll_pwait"},
    Fallback{"preadv2", "preadv"}, Fallback{"pwritev2", "pwritev"}, Fallback{"fchmodat2", "fchmodat"}};

Line strict_line(const Facts& facts) {
  std::set<std::string> allowed = facts.learned->calls;
  for (std::string& call : words_of(calls_of_every_program())) allowed.insert(std::move(call));
  for (const Fallback& fallback : kFallbacks)
    if (allowed.contains(std::string(fallback.heard))) allowed.emplace(fallback.then);
  return {Choice::set, "SystemCallFilter", fmt::format("{}", fmt::join(allowed, " ")),
          fmt::format("nothing but what was seen in {} seconds with a start, and what every program needs",
                      facts.learned->seconds),
          "everything that the service does seldom: reloads, rotation of logs, errors, the end of the month"};
}

}  // namespace

bool may_be_strict(const Facts& facts) {
  const std::string_view own = property(facts.unit, "SystemCallFilter");
  return learned_whole(facts) && (own.empty() || own == "~");
}

std::vector<Line> filter_lines(const Facts& facts) {
  if (facts.strict && may_be_strict(facts)) return {strict_line(facts)};
  std::vector<Line> lines;
  for (const CallGroup& group : call_groups()) {
    if (group.needs_learning && !learned_whole(facts)) continue;
    lines.push_back(line_of(facts, group));
  }
  return lines;
}

}  // namespace bansoko::harden
