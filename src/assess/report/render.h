// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assess/report/assessment.h"

namespace bansoko::assess {

/// One screen for each host: worst first, and what to do. `all`: every finding with its reasons, also of what
/// is fixed.
std::string to_text(const Assessment& assessment, Lang lang, bool all);

/// Everything, for programs; sentences stand beside their codes in `lang`. UTF-8, one line per host within
/// {"assessed_on", "feeds", "hosts", "not_understood"}.
std::string to_json(const Assessment& assessment, Lang lang);

}  // namespace bansoko::assess
