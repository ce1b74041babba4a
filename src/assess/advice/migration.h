// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "assess/applicability/support.h"
#include "assess/model/note.h"

namespace bansoko::assess {

/// What is wrong with the day by which an operator means to replace a host.
struct MigrationDoubt {
  enum class Kind : std::uint8_t {
    passed,         // the day is over, and the host is still there
    after_support,  // until then it is without support
  };
  Kind kind = Kind::passed;
  std::uint32_t days = 0;  // since the day; between the end of support and the day

  bool operator==(const MigrationDoubt&) const = default;
};

/// Nothing where the operator named no day.
std::vector<MigrationDoubt> doubts_of(const HostNote& note, const SupportState& support, Date today);

}  // namespace bansoko::assess
