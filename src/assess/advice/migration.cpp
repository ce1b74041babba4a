// SPDX-License-Identifier: Apache-2.0
#include "assess/advice/migration.h"

namespace bansoko::assess {
namespace {

/// The last day on which fixes come without being paid for, as far as it is known.
std::optional<Date> end_of(const SupportState& support) {
  return support.phase == SupportPhase::extended && support.paid_until ? support.paid_until
                                                                       : support.last_day;
}

std::uint32_t days_between(Date first, Date last) {
  return static_cast<std::uint32_t>((last - first).count());
}

}  // namespace

std::vector<MigrationDoubt> doubts_of(const HostNote& note, const SupportState& support, Date today) {
  using enum MigrationDoubt::Kind;
  std::vector<MigrationDoubt> doubts;
  if (!note.migrate_by) return doubts;
  if (*note.migrate_by < today) doubts.push_back({passed, days_between(*note.migrate_by, today)});
  if (const auto end = end_of(support); end && *note.migrate_by > *end)
    doubts.push_back({after_support, days_between(*end, *note.migrate_by)});
  return doubts;
}

}  // namespace bansoko::assess
