// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lockdown/scan/found.h"
#include "lockdown/scan/words.h"

namespace bansoko::scan {

/// For a terminal: counts by kind and origin, then what is suspicious, what was left out, and how to approve.
/// Each list is cut at 20 unless `all`.
std::string to_text(const Scan& scan, Lang lang, bool all);

/// One JSON object a line: first the scan (`"type": "scan"`), then what was left out, then the files by path,
/// then the end. A path that is not printable UTF-8 is in `path_hex` too.
std::string to_json_lines(const Scan& scan);
/// The reverse, of our own lines; what the report and an approval need. Errc::invalid names the line.
Result<Scan> from_json_lines(std::string_view text);

}  // namespace bansoko::scan
