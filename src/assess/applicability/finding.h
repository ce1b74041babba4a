// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assess/model/advisory.h"
#include "assess/model/host.h"
#include "assess/model/records.h"

namespace bansoko::assess {

enum class State : std::uint8_t {
  missing,      // the hole is there: no fix is on the host
  unconfirmed,  // the inventory does not tell
  fixed,
  not_applicable,  // the host has not what the hole is in
};

/// How a hole was closed.
enum class How : std::uint8_t { none, installed, superseded, rollup, service_pack, package, build };

enum class Confidence : std::uint8_t { high, medium, low };

/// Why an answer is what it is. The report has a sentence for each, in both languages, with places for
/// `words`.
enum class Cause : std::uint8_t {
  kb_installed,          // KB
  kb_superseded,         // installed KB, the fix's KB
  kb_in_rollup,          // installed KB, the fix's KB
  kb_superseded_by_way,  // installed KB, the fix's KB, what it supersedes on the way
  kb_in_rollup_by_way,   // installed KB, the fix's KB, the roll-up that it stands for
  in_service_pack,       // service pack, the fix's KB
  kb_absent,             // KB: the list is complete and does not name it
  updates_cut,           // how, the fix's KB
  no_update_list,        // the fix's KB
  condition_open,        // what would have to be known
  condition_false,       // nothing of the vendor's list of products holds for this host
  vendor_not_affected,
  no_fix_published,  // why
  package_older,     // package, its version, the version that is fixed
  package_fixed,     // package, its version, the version that is fixed
  package_unfixed,   // package, its version: the distribution has no fix
  package_not_affected,
  version_in_range,      // product, version, range
  version_unknown,       // product
  needs_before,          // what must be installed before the fix
  after_support,         // the fix's KB
  contradiction,         // what
  build_at_least,        // the host's build, the build with the fix
  has_it,                // what the host has, in English and Japanese, that holds the fix
  distribution_unknown,  // the package's product: no feed of the distribution tells whether its package is
                         // fixed
  fixed_in_version,      // the first version without the hole
  claimed_only,          // where the host says, from outside, which system it is
};

struct Reason {
  Cause cause = Cause::kb_absent;
  std::vector<std::string> words = {};
};

/// The answer to one question: has this host this hole?
struct Finding {
  std::string id = {};  // "MS08-067", or the CVE where no bulletin is known
  std::vector<std::string> cves = {};
  Words title = {};
  State state = State::missing;
  How how = How::none;
  Confidence confidence = Confidence::high;
  Reach reach = Reach::network;
  bool reach_known = false;
  bool only_if_there = false;  // unconfirmed, and nothing in the inventory says that the host has it at all
  std::vector<Reason> reasons = {};
  std::vector<Evidence> evidence = {};
  std::vector<std::string> fixes = {};  // what to install: "KB4012598", "bash 4.2+dfsg-0.1+deb7u3"
  std::string fixed_version = {};  // of a program that is judged by its version: the first without the hole
  std::string component = {};      // "bash", "Internet Explorer 8"; empty: the system itself
  std::string severity = {};       // the vendor's word
  std::optional<Date> published = {};
  const Advisory* advisory = nullptr;     // of content; outlives the finding
  const OfficialFix* official = nullptr;  // the one for this host
};

/// Something is to be done, or to be found out.
inline bool is_open(const Finding& finding) noexcept {
  return finding.state == State::missing || finding.state == State::unconfirmed;
}

}  // namespace bansoko::assess
