// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <vector>

namespace bansoko::rule {

// The work on sorted inclusive ranges that AddressSet and PortSet share. `Step` knows the neighbours of a
// range's ends: Step::after(bound) and Step::before(bound) give std::optional, empty past the last and the
// first.

/// Sorts the ranges and joins those that overlap or touch.
template <class Step, class Range>
std::vector<Range> joined(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (const Range& range : ranges) {
    assert(range.first <= range.last);
    if (kept > 0) {
      Range& previous = ranges[kept - 1];
      const auto next = Step::after(previous.last);
      if (!next || range.first <= *next) {
        previous.last = std::max(previous.last, range.last);
        continue;
      }
    }
    ranges[kept++] = range;
  }
  ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(kept), ranges.end());
  return ranges;
}

/// What is in `from` and not in `taken`; both as joined() leaves them.
template <class Step, class Range>
std::vector<Range> subtracted(const std::vector<Range>& from, const std::vector<Range>& taken) {
  std::vector<Range> left;
  auto hole = taken.begin();
  for (const Range& range : from) {
    while (hole != taken.end() && hole->last < range.first) ++hole;
    auto first = std::optional(range.first);
    for (auto each = hole; first && each != taken.end() && each->first <= range.last; ++each) {
      if (*first < each->first) left.push_back({*first, *Step::before(each->first)});
      first = Step::after(each->last);
    }
    if (first && *first <= range.last) left.push_back({*first, range.last});
  }
  return left;
}

/// Whether some range holds the value; the ranges as joined() leaves them.
template <class Range, class Bound>
bool holds(const std::vector<Range>& ranges, const Bound& value) noexcept {
  const auto next =
      std::upper_bound(ranges.begin(), ranges.end(), value,
                       [](const Bound& bound, const Range& range) { return bound < range.first; });
  return next != ranges.begin() && !((next - 1)->last < value);
}

}  // namespace bansoko::rule
