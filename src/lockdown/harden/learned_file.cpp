// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/learned_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "base/printable.h"
#include "base/text.h"
#include "lockdown/harden/syscalls.h"

namespace bansoko::harden {
namespace {

struct HabitWord {
  Habit habit = Habit::writes_code;
  std::string_view word = {};
};
constexpr std::array kHabits{
    HabitWord{Habit::writes_code, "writes_code"},     HabitWord{Habit::memfd, "memfd"},
    HabitWord{Habit::gains_rights, "gains_rights"},   HabitWord{Habit::realtime, "realtime"},
    HabitWord{Habit::namespaces, "namespaces"},       HabitWord{Habit::personality, "personality"},
    HabitWord{Habit::marks_setuid, "marks_setuid"},   HabitWord{Habit::mounts, "mounts"},
    HabitWord{Habit::other_machine, "other_machine"}, HabitWord{Habit::loads_modules, "loads_modules"},
};

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_habit(std::string_view text, Habits& habits) {
  const std::string_view word = text.substr(0, text.find(' '));
  const auto* found = std::find_if(kHabits.begin(), kHabits.end(),
                                   [word](const HabitWord& each) { return each.word == word; });
  if (found == kHabits.end() || word.size() == text.size()) return false;
  habits.insert_or_assign(found->habit, printable(text.substr(word.size() + 1)));
  return true;
}

bool read_family(std::string_view text, std::set<std::string>& families) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  if (!text.starts_with("AF_") || text.find_first_not_of(kLetters) != std::string_view::npos) return false;
  families.emplace(text);
  return true;
}

bool read_line(std::string_view line, Learned& learned) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return false;
  const std::string_view key = line.substr(0, blank);
  const std::string_view value = line.substr(blank + 1);
  if (key == "seconds") return read_number(value, learned.seconds);
  if (key == "lost") return read_number(value, learned.lost);
  if (key == "start") return (learned.saw_start = value == "yes") || value == "no";
  if (key == "family") return read_family(value, learned.families);
  if (key == "habit") return read_habit(value, learned.habits);
  if (key != "call" || !syscall_number(value)) return false;
  learned.calls.emplace(value);
  return true;
}

}  // namespace

std::string_view word_of(Habit habit) noexcept {
  const auto* found = std::find_if(kHabits.begin(), kHabits.end(),
                                   [habit](const HabitWord& each) { return each.habit == habit; });
  return found->word;
}

std::string to_text(const Learned& learned) {
  std::string text =
      fmt::format("# What bansoko lockdown harden --learn heard\nseconds {}\nstart {}\nlost {}\n",
                  learned.seconds, learned.saw_start ? "yes" : "no", learned.lost);
  for (const std::string& family : learned.families) text += fmt::format("family {}\n", family);
  for (const auto& [habit, where] : learned.habits)
    text += fmt::format("habit {} {}\n", word_of(habit), printable(where));
  for (const std::string& call : learned.calls) text += fmt::format("call {}\n", call);
  return text;
}

Result<Learned> parse_learned(std::string_view text, std::string_view name) {
  Learned learned;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line.front() == '#') continue;
    if (!read_line(line, learned))
      return fail(Errc::invalid, "{}:{}:1: '{}' is not what --learn writes; remove the file and learn again",
                  name, number, printable(line.substr(0, 80)));
  }
  return learned;
}

void merge(Learned& into, const Learned& more) {
  into.seconds += more.seconds;
  into.lost += more.lost;
  into.saw_start = into.saw_start || more.saw_start;
  into.calls.insert(more.calls.begin(), more.calls.end());
  into.families.insert(more.families.begin(), more.families.end());
  for (const auto& [habit, where] : more.habits) into.habits.try_emplace(habit, where);
}

}  // namespace bansoko::harden
