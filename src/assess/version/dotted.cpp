// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assess/version/runs.h"
#include "assess/version/version.h"
#include "base/text.h"

namespace bansoko::version {
namespace {

/// Words of versions before a release, from the earliest.
constexpr std::array<std::array<std::string_view, 5>, 5> kBefore{{
    {"dev", "snapshot", "nightly"},
    {"alpha", "a"},
    {"beta", "b"},
    {"pre", "preview", "milestone", "m"},
    {"rc", "cr", "c", "candidate"},
}};

/// One part of a version. `rank` is below 0 for words before a release, 0 for a number and the end, of which
/// zero is lower than all letters, and all letters lower than any other number.
struct Part {
  int rank = 0;
  std::string_view letters = {};
  std::string_view digits = {};
};

int rank_before(std::string_view letters, bool number_follows) noexcept {
  for (std::size_t i = 0; i < kBefore.size(); ++i)
    for (const std::string_view word : kBefore[i])
      // "1.0.1e" is later than "1.0.1", and so is "1.0.1b"; "1.0b1" is a beta.
      if (!word.empty() && same_text(word, letters) && (letters.size() > 1 || number_follows))
        return static_cast<int>(i) - static_cast<int>(kBefore.size());
  return 0;
}

Part next_part(std::string_view& text) noexcept {
  take_run(text, [](char c) { return !is_digit(c) && !is_letter(c); });
  Part part;
  if (!text.empty() && is_digit(text.front())) {
    part.digits = take_run(text, is_digit);
    return part;
  }
  part.letters = take_run(text, is_letter);
  part.rank = rank_before(part.letters, !text.empty() && is_digit(text.front()));
  return part;
}

std::weak_ordering compare_letters(std::string_view a, std::string_view b) noexcept {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (const auto order = to_lower(a[i]) <=> to_lower(b[i]); std::is_neq(order)) return order;
  return a.size() <=> b.size();
}

std::weak_ordering compare_parts(const Part& a, const Part& b) noexcept {
  if (a.rank != 0 || b.rank != 0) return a.rank <=> b.rank;
  const bool above_a = std::is_gt(compare_digits(a.digits, {})),
             above_b = std::is_gt(compare_digits(b.digits, {}));
  if (above_a || above_b) return compare_digits(a.digits, b.digits);
  return compare_letters(a.letters, b.letters);
}

}  // namespace

std::weak_ordering compare_dotted(std::string_view a, std::string_view b) noexcept {
  // "v1.2" is what tags are called.
  for (std::string_view* const text : {&a, &b})
    if (text->size() > 1 && to_lower(text->front()) == 'v' && is_digit((*text)[1])) text->remove_prefix(1);
  while (!a.empty() || !b.empty()) {
    const Part left = next_part(a), right = next_part(b);
    if (const auto order = compare_parts(left, right); std::is_neq(order)) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace bansoko::version
