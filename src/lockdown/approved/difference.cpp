// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/difference.h"

#include <algorithm>
#include <string_view>

namespace bansoko::approved {
namespace {

/// The contents that a list has at a path, beginning with the place where it may be; the place moves on.
std::vector<Entry> take_path(const List& list, std::size_t& place, std::string_view path) {
  std::vector<Entry> entries;
  for (; place < list.size() && list.at_by_path(place).path == path; ++place)
    entries.push_back(list.at_by_path(place));
  return entries;
}

std::vector<Entry> without(const std::vector<Entry>& entries, const std::vector<Entry>& others) {
  std::vector<Entry> rest;
  std::ranges::copy_if(entries, std::back_inserter(rest), [&](const Entry& entry) {
    return std::ranges::find(others, entry.digest, &Entry::digest) == others.end();
  });
  return rest;
}

void append(std::vector<Entry>& to, const std::vector<Entry>& entries) {
  to.insert(to.end(), entries.begin(), entries.end());
}

}  // namespace

Difference difference(const List& before, const List& after) {
  Difference result;
  std::size_t b = 0, a = 0;
  while (b < before.size() || a < after.size()) {
    const bool from_before =
        a == after.size() || (b < before.size() && before.at_by_path(b).path < after.at_by_path(a).path);
    const std::string_view path = from_before ? before.at_by_path(b).path : after.at_by_path(a).path;
    const auto old = take_path(before, b, path), now = take_path(after, a, path);
    const auto fresh = without(now, old);
    append(old.empty() ? result.added : result.changed, fresh);
    // What a changed path had is told by what it has now.
    if (fresh.empty()) append(result.removed, without(old, now));
  }
  return result;
}

}  // namespace bansoko::approved
