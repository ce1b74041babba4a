// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lockdown/identity/file_kind.h"
#include "lockdown/identity/file_state.h"
#include "lockdown/identity/language.h"
#include "lockdown/identity/sha256.h"
#include "lockdown/trust/package_index.h"

namespace bansoko::scan {

/// Why a file deserves a look before it is approved.
enum class Suspicion : std::uint8_t {
  malware,         // the scanner of --malware-scan says so
  altered,         // not what its package's record says
  setuid,          // runs with the rights of its owner, and no package has it as it is
  unpackaged,      // in a folder of the system, and of no package
  temporary,       // in /tmp, /var/tmp or /dev/shm
  hidden,          // a dot file, or in a dot folder, of the system
  open_to_all,     // anybody may write it, or replace it
  unverified,      // its package says nothing of its content
  config_changed,  // a package's configuration that somebody changed
  recent,          // younger than --recent, and not as a package has it
};
inline constexpr std::size_t kSuspicions = static_cast<std::size_t>(Suspicion::recent) + 1;
/// "malware" and so on.
std::string_view name_of(Suspicion suspicion) noexcept;

/// A set of them.
class Suspicions {
 public:
  constexpr void add(Suspicion suspicion) noexcept { bits_ |= 1U << static_cast<unsigned>(suspicion); }
  constexpr bool has(Suspicion suspicion) const noexcept {
    return (bits_ & 1U << static_cast<unsigned>(suspicion)) != 0;
  }
  constexpr bool any() const noexcept { return bits_ != 0; }
  friend bool operator==(const Suspicions&, const Suspicions&) = default;

 private:
  unsigned bits_ = 0;
};

/// A file that can execute.
struct Found {
  std::string path = {};  // absolute within the root, any bytes but NUL
  identity::FileState state = {};
  identity::FileKind kind = identity::FileKind::data;
  identity::Language language = identity::Language::none;  // that its name says
  identity::Sha256 digest{};
  std::string package = {};  // "coreutils 9.1-1"; empty: of none
  trust::Match match = trust::Match::unowned;
  bool in_open_folder = false;  // a folder above it is one that anybody may write, and is not sticky
  bool compiled = false;        // byte code that names the source of a package as what it was made from
  Suspicions suspicions = {};
  std::string malware = {};  // as the scanner calls it
};

/// Why something was not looked at, or is not in the list.
enum class Reason : std::uint8_t {
  unreadable,  // the system refused
  too_large,   // larger than the lockdown itself would read
  changing,    // changed each time it was read
  long_path,   // longer than the kernel takes
  filesystem,  // of the kernel, or of another host
  own_state,   // the state folder of the lockdown
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::own_state) + 1;
std::string_view name_of(Reason reason) noexcept;

struct LeftOut {
  std::string path = {};
  Reason reason = Reason::unreadable;
  std::string detail = {};  // what the system said, how large it is
};

/// Files that look like code by their names, and lie where no interpreter looks.
struct Outside {
  std::string folder = {};
  std::uint64_t files = 0;
};

struct Totals {
  std::uint64_t files = 0, folders = 0;
  std::uint64_t bytes = 0;     // read for digests
  std::uint64_t digested = 0;  // files whose content was read
  std::uint64_t reused = 0;    // files unchanged since they were read before
};

/// What a scan saw. Plain data.
struct Scan {
  static constexpr std::size_t kMaxLeftOut = 100'000;
  static constexpr std::size_t kMaxOutside = 10'000;

  std::string root = "/";
  std::vector<std::string> paths = {};
  std::int64_t begun = 0, ended = 0;  // seconds since 1970
  std::vector<Found> found = {};      // by path
  std::vector<LeftOut> left_out = {};
  std::uint64_t left_out_more = 0;  // beyond kMaxLeftOut
  std::vector<Outside> outside = {};
  std::uint64_t outside_more = 0;  // files in folders beyond kMaxOutside
  std::vector<std::string> faults = {};
  std::string malware_scanner = {};  // its name and version; empty: none ran
  Totals totals = {};
};

}  // namespace bansoko::scan
