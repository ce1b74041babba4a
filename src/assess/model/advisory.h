// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assess/model/date.h"
#include "assess/model/host.h"

/// What the product itself knows of the history: content/advisories, content/rollups.
namespace bansoko::assess {

struct Words {
  std::string en = {};
  std::string ja = {};

  const std::string& in(Lang lang) const noexcept { return lang == Lang::ja && !ja.empty() ? ja : en; }
};

/// A condition on a host. Conditions about what the inventory lacks are neither true nor false.
struct Condition {
  enum class Kind : std::uint8_t {
    all,
    any,
    negation,
    os,            // texts: any of these ProductIds
    edition,       // texts: any of these
    service_pack,  // least, most
    r2,            // flag
    arch,          // texts: "x86", "x64", "ia64"
    build,         // least, most: of OperatingSystem::build
    language,      // texts
    component,     // texts: any of these names or ProductIds; versions if from or to are given
    feature,       // texts: all of these components of ComponentKind::feature
    role,          // texts
    setting,       // texts[0] the name; compare; an absent name is neither true nor false, but for `absent`
    update,        // texts: any of these KBs is installed
  };

  /// What is asked of a setting. Texts are compared in any case.
  enum class Compare : std::uint8_t {
    is,        // value
    is_not,    // is there, and not value
    bounds,    // a whole number, decimal or "0x1f": least to most; another value is neither true nor false
    contains,  // has value in it
    present,   // is there
    absent,    // others of its group were read (the name up to the last '\\', or else the first ':'), not it
  };

  Kind kind = Kind::all;
  std::vector<Condition> parts = {};  // of all, any, negation (one)
  std::vector<std::string> texts = {};
  std::uint32_t least = 0;
  std::uint32_t most = 0xffffffffU;
  bool flag = false;
  Compare compare = Compare::is;
  std::string value = {};
  std::string from = {};   // first version, included
  std::string to = {};     // first version that no longer holds
  std::uint32_t line = 0;  // of the content file
};

/// What a vendor gives against a hole, for the hosts that `when` holds for.
struct OfficialFix {
  std::string product = {};  // as the vendor's list names it: "Windows 2000 Professional"
  Condition when = {};
  std::string kb = {};       // digits; empty: the vendor has no KBs, or none was published, see `none`
  std::string version = {};  // of what is not patched by KBs: the first without the hole ("2.2.20")
  Words none = {};           // why there is no fix
  std::string file = {};     // "WindowsServer2003-KB958644-{arch}-{language}.exe"; Microsoft's three letters
  std::map<std::string, std::string, std::less<>> files = {};  // seen by somebody: "x86-en" to its name
  std::vector<std::string> supersedes = {};                    // KBs
  std::vector<std::string> contained_in = {};                  // "sp2" or KBs of roll-ups that hold it
  std::string requires_before = {};                            // "sp1": must be installed first
  std::string build = {};      // "14393.953": the build and its first revision with the fix
  Words has_it = {};           // hosts that `when` holds for have the fix, by this
  bool after_support = false;  // issued after the product's end of support
  bool verified = false;       // its source was opened
  std::string source = {};
};

/// What can be switched off against a hole, on hosts that do not need it.
struct SwitchOff {
  Words what = {};                       // "SMB version 1"
  Condition on = {};                     // it is there and on
  std::optional<Condition> needed = {};  // by these hosts; nothing: by none
  Words how = {};
};

enum class Reach : std::uint8_t { network, local, user };  // user: someone must open or visit something
enum class Restart : std::uint8_t { unknown, none, service, system };

struct Advisory {
  std::string id = {};  // "MS08-067"
  std::vector<std::string> cves = {};
  Words title = {};
  std::optional<Date> published = {};  // the vendor's zone
  std::string severity = {};           // the vendor's word: "critical"
  Reach reach = Reach::network;
  bool worm = false;  // spread, or can spread, by itself
  Restart restart = Restart::unknown;
  std::vector<Words> services = {};  // that must stop for the fix
  Words workaround = {};
  std::vector<SwitchOff> switch_off = {};
  std::vector<OfficialFix> fixes = {};
  std::vector<Condition> not_affected = {};  // the vendor says so
  std::vector<std::string> sources = {};
  std::vector<Words> not_verified = {};
};

/// An update that holds others: a service pack, a roll-up.
struct Rollup {
  std::string id = {};  // "sp2", or a KB's digits
  Words title = {};
  Condition when = {};                    // the hosts it is for
  std::vector<std::string> members = {};  // KBs
  std::vector<std::string> sources = {};
  bool verified = false;
};

}  // namespace bansoko::assess
