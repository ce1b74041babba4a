// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/support.h"

#include <string_view>

namespace bansoko::assess {
namespace {

/// Whether a version is of a cycle: "7.9.2009" of "7", not of "70".
bool begins_with(std::string_view version, std::string_view cycle) noexcept {
  if (cycle.empty() || !version.starts_with(cycle)) return false;
  return version.size() == cycle.size() || version[cycle.size()] < '0' || version[cycle.size()] > '9';
}

bool is_of(const Support& support, const Subject& subject) {
  const OperatingSystem& os = subject.host.os;
  if (os.product.empty() || support.follows_os || support.record.product != os.product) return false;
  if (support.when) return evaluate(*support.when, subject) == Truth::yes;
  return begins_with(os.version, support.record.cycle);
}

SupportPhase phase_of(const Support& support, Date today) noexcept {
  const Lifecycle& record = support.record;
  if (record.end && today <= *record.end)
    return record.mainstream_end && today > *record.mainstream_end ? SupportPhase::extended
                                                                   : SupportPhase::supported;
  if (!record.end && !record.ended) return SupportPhase::unknown;
  return record.extended_end && today <= *record.extended_end
             ? (support.free_extension ? SupportPhase::extended : SupportPhase::paid)
             : SupportPhase::ended;
}

}  // namespace

SupportState support_of(const Subject& subject, std::span<const Support> known, Date today) {
  for (const Support& support : known)
    if (is_of(support, subject))
      return {phase_of(support, today), support.record.label, support.record.end, support.record.extended_end,
              support.zone};
  return {};
}

}  // namespace bansoko::assess
