// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/claimed_system.h"

#include <array>
#include <string>

#include "assess/inventory/text.h"
#include "assess/inventory/windows_names.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

/// "Windows Server 2003 3790 Service Pack 2": the last number of four or five digits that is no year.
std::uint32_t build_in(std::string_view os) {
  std::uint32_t found = 0;
  for (const std::string_view word : split(os, ' ', 32))
    if (const auto build = number(word);
        build && word.size() >= 4 && word.size() <= 5 && (*build < 2000 || *build > 2030))
      found = *build;
  return found;
}

/// What SMB1 calls by another name than people do.
struct Renamed {
  std::string_view said, name;
};
constexpr std::array kRenamed{Renamed{"Windows 2002", "Windows XP"}, Renamed{"Windows 5.0", "Windows 2000"},
                              Renamed{"Windows 5.1", "Windows XP"},
                              Renamed{"Windows .NET", "Windows Server 2003"}};

std::string known_name(std::string_view os) {
  for (const Renamed& row : kRenamed)
    if (same_text(os.substr(0, row.said.size()), row.said))
      return std::string(row.name) + std::string(os.substr(row.said.size()));
  return std::string(os);
}

/// Service packs that have a build number of their own.
struct PackOfBuild {
  std::uint32_t build, pack;
};
constexpr std::array kPacks{PackOfBuild{6000, 0}, PackOfBuild{6001, 1}, PackOfBuild{6002, 2},
                            PackOfBuild{6003, 2}, PackOfBuild{7600, 0}, PackOfBuild{7601, 1}};

}  // namespace

void read_native_os(std::string_view os, std::string_view lanman, assess::OperatingSystem& made) {
  if (has(lanman, "samba") || !has(os, "windows")) return;
  identify_windows({known_name(os), {}, {}}, made);
  if (const std::uint32_t build = build_in(os); build != 0) made.build = build;
  if (const std::size_t pack = os.find("Service Pack "); pack != std::string_view::npos)
    made.service_pack = first_number(os.substr(pack));
  if (has(os, " r2") && made.product == "microsoft:windows_server_2003") made.r2 = true;
  if (!made.product.empty()) made.name = shown(os);
}

bool read_ntlm_version(std::string_view version, assess::OperatingSystem& made) {
  const auto read = windows_version(version);
  if (!read || read->build == 0 || windows_candidates(*read).empty()) return false;
  identify_windows({{}, std::string(version), {}}, made);
  for (const PackOfBuild& row : kPacks)
    if (read->major == 6 && read->build == row.build) made.service_pack = row.pack;
  return true;
}

}  // namespace bansoko::inventory
