// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lockdown/approved/list.h"
#include "lockdown/scan/found.h"

namespace bansoko::scan {

/// Which of the suspicious finds the operator wants all the same.
struct Chosen {
  bool all_suspicious = false;
  std::vector<std::string> paths = {};  // files, and folders with all that is below them
};

struct Approval {
  std::vector<approved::Entry> entries = {};  // views into the scan
  std::size_t suspicious = 0;                 // left out as nobody chose them
  std::size_t malware = 0;                    // left out whatever was chosen, as are copies of them
  std::vector<std::string> not_found = {};    // paths that were chosen and are not among the finds
};

/// What is to be approved of a scan. Pure. The scan must outlive the result.
Approval approval_of(const Scan& scan, const Chosen& chosen);

}  // namespace bansoko::scan
