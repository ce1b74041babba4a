// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "assess/advice/priority.h"
#include "assess/applicability/finding.h"
#include "assess/applicability/software.h"
#include "assess/applicability/support.h"
#include "assess/model/host.h"

namespace bansoko::assess {

/// What to do, in the order in which it is told: the real patch before the plaster, the plaster before the
/// fence.
enum class Step : std::uint8_t {
  ask_vendor,     // before anything is installed
  service_pack,   // what must be there before the official patch
  official,       // the vendor's patch
  virtual_patch,  // the shield drops what goes for the hole
  lockdown,       // only registered programs start
  isolate,        // who may reach the host
  service_off,    // what the hole is in, where the host does not need it
  migrate,
};

/// Why a step is advised, or what it brings; the report has a sentence for each.
enum class Because : std::uint8_t {
  install,   // what to install
  file,      // the file, with its language
  replaces,  // what the update supersedes
  restarts_system,
  restarts_services,  // which
  restart_unknown,
  still_mapped,   // library, programs that hold its old version
  after_support,  // issued although support had ended
  not_verified,   // no source was opened for it
  no_official_patch,
  until_patched,    // the virtual patch until the official one is in
  restart_feared,   // the official patch wants a restart that may have to wait
  covers,           // patch id, title
  sees_only_clear,  // what the virtual patch cannot see
  local_hole,       // never reaches the wire
  user_assisted,
  reachable_by_few,
  past_support,   // since
  successor,      // product, its last day of support
  confirm_first,  // what must be found out
  certifies,      // the vendor with what is theirs on the host, why in English and Japanese
  not_needed,     // what, how to switch it off, both in English and Japanese
  os_forbids,     // program, the version with the fix, why it does not run here in English and Japanese
};

struct AdviceReason {
  Because because = Because::install;
  std::vector<std::string> words = {};
};

struct Advice {
  Step step = Step::official;
  std::vector<AdviceReason> reasons = {};
};

/// What the shield's library has against a CVE.
struct Plaster {
  std::string patch = {};  // "ms17-010"
  Words title = {};
  std::string visible = {};  // "tcp/445 clear, SMB3 encryption sealed"
  bool fully_visible = true;
};
using Plasters = std::multimap<std::string, Plaster, std::less<>>;  // by CVE

/// Systems to go to, with their last day of support; the first is the nearest.
struct Successor {
  Words name = {};
  std::optional<Date> last_day = {};
};

struct AdviceInputs {
  const Subject& subject;
  const SupportState& support;
  const Plasters& plasters;
  std::span<const Successor> successors;
  std::span<const ReachedCeiling> ceilings = {};
  std::span<const AskFirst> ask_first = {};
  bool isolated = false;  // the operator says that it is
};

/// For one finding, in the order of Step. Nothing where nothing is to be done.
std::vector<Advice> advise(const Finding& finding, const Priority& priority, const AdviceInputs& inputs);

}  // namespace bansoko::assess
