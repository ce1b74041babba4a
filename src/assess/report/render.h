// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assess/report/assessment.h"

/// The forms in which an assessment is shown. All are UTF-8.
namespace bansoko::assess {

/// One screen for each host: worst first, and what to do. `all`: every finding with its reasons, also of what
/// is fixed.
std::string to_text(const Assessment& assessment, Lang lang, bool all);

/// Everything, for programs: {"assessed_on", "feeds", "not_understood", "hosts"}, a line per host; sentences
/// stand beside their codes.
std::string to_json(const Assessment& assessment, Lang lang);

/// A line per finding (RFC 4180). Cells that a spreadsheet would take for a formula begin with an apostrophe.
std::string to_csv(const Assessment& assessment, Lang lang);

/// For a wiki, or a ticket.
std::string to_markdown(const Assessment& assessment, Lang lang);

/// One page that needs nothing else: no script, nothing from the network.
std::string to_html(const Assessment& assessment, Lang lang);

/// SARIF 2.1.0 (OASIS): what is missing and what is unconfirmed.
std::string to_sarif(const Assessment& assessment, Lang lang);

/// A CycloneDX 1.5 document of vulnerabilities and their analysis for each host (VEX).
std::string to_cyclonedx_vex(const Assessment& assessment, Lang lang);

}  // namespace bansoko::assess
