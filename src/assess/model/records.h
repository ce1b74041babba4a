// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assess/model/date.h"
#include "assess/model/host.h"

/// What feeds say, one record per fact. A reader of a format gives these; the knowledge file keeps them.
namespace bansoko::assess {

struct Cvss {
  double score = 0;         // 0.0 to 10.0
  std::string vector = {};  // "AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.1/AV:N/..."
};

struct Vulnerability {
  std::string cve = {};  // "CVE-2008-4250"
  std::optional<Date> published = {};
  std::optional<Date> modified = {};
  std::string title = {};        // short; may be empty
  std::string description = {};  // English
  std::optional<Cvss> cvss2 = {};
  std::optional<Cvss> cvss3 = {};  // 3.0, 3.1 or 4.0
  bool rejected = false;
};

/// Which versions of one product a vulnerability is in, of one cpeMatch that is "vulnerable". What the
/// product must run on (the other side of an AND) is a condition, and is never a product with the hole.
struct AffectedProduct {
  std::string cve = {};
  char part = 'a';           // 'a' application, 'o' operating system, 'h' hardware
  ProductId product = {};    // as the feed spells it, in lower case, without escapes
  std::string version = {};  // exactly this; "*": any within the range; "-": no version
  std::string update = {};   // "sp2", "*"
  std::string edition =
      {};  // edition, sw_edition or target_hw that is not "*": "itanium", "x64"; joined by a blank
  std::string from = {};
  bool from_included = true;
  std::string to = {};
  bool to_included = false;
  std::vector<ProductId> running_on = {};  // any of these; empty: no condition
};

struct KnownExploited {
  std::string cve = {};
  std::string vendor = {}, product = {}, name = {};
  std::optional<Date> added = {};
  std::optional<Date> due = {};
  bool ransomware = false;
};

struct ExploitProbability {
  std::string cve = {};
  double probability = 0;  // within 30 days
  double percentile = 0;
};

/// What CISA says for Stakeholder-Specific Vulnerability Categorization.
struct Ssvc {
  std::string cve = {};
  std::string exploitation = {};      // "none", "poc", "active"
  std::string automatable = {};       // "no", "yes"
  std::string technical_impact = {};  // "partial", "total"
  std::optional<Date> decided = {};
};

/// One row of Microsoft's product × KB × CVE.
struct MicrosoftFix {
  std::string cve = {};      // may be empty
  std::string kb = {};       // digits alone
  std::string product = {};  // as written: "Microsoft Windows Server 2003 Service Pack 2"
  std::string component = {};
  std::string bulletin = {};  // "MS14-002"; may be empty
  std::string title = {};
  std::string severity = {};
  std::string impact = {};
  std::vector<std::string> supersedes = {};  // KBs, digits alone
  std::optional<Date> posted = {};
};

enum class FixStatus : std::uint8_t { fixed, affected, not_affected, will_not_fix, undetermined };

/// What a distribution says of one package in one of its releases.
struct PackageFix {
  std::string distribution = {};  // "debian", "ubuntu", "redhat", "suse", "osv:npm"
  std::string release = {};       // "bullseye", "22.04", "el7"
  std::string package = {};
  bool is_source = false;  // the name of a source package
  FixStatus status = FixStatus::undetermined;
  std::string fixed_version = {};  // where fixed: the first version that has it not
  std::string introduced = {};     // the first version that has it; empty: all before the fix
  std::string last_affected = {};  // where affected: the last version that has it; empty: not known
  std::string advisory = {};       // "DSA-3032-1", "RHSA-2023:7435", "USN-..."; may be empty
  std::string cve = {};
  std::string severity = {};
  std::string arch = {};    // empty: any
  std::string module = {};  // of modular rpm: "nodejs:18"
  std::optional<Date> published = {};
};

/// Support of one cycle of a product.
struct Lifecycle {
  std::string product = {};  // endoflife.date's slug, or a ProductId
  std::string cycle = {};    // "2003-sp2", "7"
  std::string label = {};    // "Windows Server 2003 SP2"
  std::optional<Date> released = {};
  std::optional<Date> mainstream_end = {};
  std::optional<Date> end = {};           // the last day of security support
  std::optional<Date> extended_end = {};  // of support that is paid for
  bool ended = false;                     // without a date: support is over
  std::string latest = {};
  std::string link = {};
};

/// A vulnerability as JVN iPedia describes it, in Japanese.
struct JapaneseEntry {
  std::string id = {};  // "JVNDB-2021-000001"
  std::vector<std::string> cves = {};
  std::string title = {};
  std::string overview = {};
  std::string solution = {};
  std::optional<Date> published = {};
  std::optional<Cvss> cvss2 = {};
  std::optional<Cvss> cvss3 = {};
  std::string link = {};
};

}  // namespace bansoko::assess
