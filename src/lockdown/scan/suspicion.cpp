// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/suspicion.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace bansoko::scan {
namespace {

constexpr std::array<std::string_view, 10> kSystem{"/bin/",    "/sbin/", "/lib/",  "/lib32/", "/lib64/",
                                                   "/libx32/", "/usr/",  "/boot/", "/etc/",   "/libo32/"};
/// Below those, what the operator fills.
constexpr std::array<std::string_view, 2> kOperators{"/usr/local/", "/usr/src/"};
constexpr std::array<std::string_view, 4> kTemporary{"/tmp/", "/var/tmp/", "/dev/shm/", "/run/shm/"};

template <std::size_t N>
bool is_below(std::string_view path, const std::array<std::string_view, N>& folders) noexcept {
  return std::ranges::any_of(folders, [path](std::string_view folder) { return path.starts_with(folder); });
}

}  // namespace

Suspicions suspicions_of(const Found& found, std::int64_t recent_since) {
  const bool as_packaged = trust::is_match(found.match);
  const bool is_system = is_below(found.path, kSystem) && !is_below(found.path, kOperators);
  const bool is_executable = (found.state.mode & 0111U) != 0;
  Suspicions result;
  const auto add_if = [&result](bool speaks, Suspicion suspicion) {
    if (speaks) result.add(suspicion);
  };
  add_if(!found.malware.empty(), Suspicion::malware);
  add_if(found.match == trust::Match::altered, Suspicion::altered);
  add_if(is_executable && (found.state.mode & (S_ISUID | S_ISGID)) != 0 && !as_packaged, Suspicion::setuid);
  add_if(is_system && found.match == trust::Match::unowned && !found.compiled, Suspicion::unpackaged);
  add_if(is_below(found.path, kTemporary), Suspicion::temporary);
  add_if(is_system && !as_packaged && found.path.find("/.") != std::string::npos, Suspicion::hidden);
  add_if((found.state.mode & S_IWOTH) != 0 || found.in_open_folder, Suspicion::open_to_all);
  add_if(is_system && found.match == trust::Match::no_record, Suspicion::unverified);
  add_if(found.match == trust::Match::config_changed, Suspicion::config_changed);
  add_if(!as_packaged && !found.compiled && found.state.changed > recent_since, Suspicion::recent);
  return result;
}

}  // namespace bansoko::scan
