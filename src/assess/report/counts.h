// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "assess/model/records.h"

namespace bansoko::assess {

/// How many vulnerabilities were published in one month, by IPA's level; [0]: no CVSS v2 score is known.
using Levels = std::array<std::uint64_t, 4>;

struct Counts {
  std::string product = {};
  Date from = {}, to = {};
  std::map<std::string, Levels> months = {};  // "2008-10"; each month of the time, also those with none
  Levels all = {};
  std::uint64_t undated = 0;   // without a day of publication: in no month
  std::uint64_t rejected = 0;  // withdrawn by whoever keeps the numbers: not counted
};

/// Counts what was published from `from` to `to`, both included.
Counts count(std::string product, std::span<const Vulnerability> vulnerabilities, Date from, Date to);

/// The definition stands beside the numbers in each form.
std::string to_text(const Counts& counts, Lang lang);
std::string to_json(const Counts& counts);
/// Stacked columns, a month each.
std::string to_svg(const Counts& counts, Lang lang);

}  // namespace bansoko::assess
