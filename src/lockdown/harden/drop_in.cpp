// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/drop_in.h"

#include <fmt/format.h>

#include "base/printable.h"

namespace bansoko::harden {
namespace {

constexpr std::string_view kMark = "# Written by bansoko lockdown harden";

std::string_view word_of(Choice choice) noexcept {
  switch (choice) {
    case Choice::set:
      return "set";
    case Choice::already:
      return "already";
    case Choice::left_out:
      return "left out";
    case Choice::too_old:
      return "too old";
  }
  return {};
}

/// systemd breaks lines of 2048 bytes and more in old versions; ours stay far below, but for a strict
/// filter, which is continued.
std::string folded(const std::string& value) {
  constexpr std::size_t kWidth = 100;
  std::string made;
  std::size_t column = 0;
  for (const char c : value) {
    if (c == ' ' && column > kWidth) {
      made += " \\\n ";
      column = 0;
    }
    made += c;
    ++column;
  }
  return made;
}

}  // namespace

std::string to_drop_in(const Plan& plan) {
  std::string text = fmt::format(
      "{} {}\n# To withdraw it: bansoko lockdown harden {} --withdraw --restart\n"
      "# A change here is lost when the service is hardened again; other drop-ins are left "
      "alone.\n[Service]\n",
      kMark, plan.service, plan.service);
  for (const Line& line : plan.lines)
    if (line.choice == Choice::set)
      text += fmt::format("# {}\n{}={}\n", printable(line.reason), line.name, folded(line.value));
  return text;
}

bool is_ours(std::string_view text) noexcept { return text.substr(0, kMark.size()) == kMark; }

std::string to_text(const Plan& plan) {
  std::string text;
  for (const Line& line : plan.lines) {
    text += fmt::format("{:<9} {}={}\n          {}\n", word_of(line.choice), line.name, printable(line.value),
                        printable(line.reason));
    if (!line.may_break.empty()) text += fmt::format("          may break: {}\n", line.may_break);
  }
  for (const std::string& note : plan.notes) text += fmt::format("note      {}\n", note);
  return text;
}

}  // namespace bansoko::harden
