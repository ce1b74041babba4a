// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/microsoft_rows.h"

#include <algorithm>
#include <array>

#include "assess/applicability/programs.h"
#include "base/map_reader.h"
#include "base/text.h"

namespace bansoko::assess {
namespace {

struct Build {
  std::uint32_t build;
  std::string_view version;
};
/// https://learn.microsoft.com/windows/release-health/release-information
constexpr std::array<Build, 17> kBuilds{{{10240, "1507"},
                                         {10586, "1511"},
                                         {14393, "1607"},
                                         {15063, "1703"},
                                         {16299, "1709"},
                                         {17134, "1803"},
                                         {17763, "1809"},
                                         {18362, "1903"},
                                         {18363, "1909"},
                                         {19041, "2004"},
                                         {19042, "20h2"},
                                         {19043, "21h1"},
                                         {19044, "21h2"},
                                         {19045, "22h2"},
                                         {22621, "22h2"},
                                         {22631, "23h2"},
                                         {26100, "24h2"}}};

bool same_version(const content::MicrosoftName& name, const OperatingSystem& os) noexcept {
  const std::string_view version = windows_10_version(os.build);
  // The first Windows 10 is named without one.
  if (name.version.empty())
    return version.empty() || version == "1507" || os.product.find("server") != std::string::npos;
  return same_text(name.version, version);
}

/// Number by number: SQL Server 2008 is "10.00" and says of itself "10.0.1600.22".
bool begins_with(std::string_view version, std::string_view beginning) noexcept {
  const auto take = [](std::string_view& text) {
    const auto dot = text.find('.');
    const std::uint32_t number = settings::number_in(text.substr(0, dot));
    text = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
    return number;
  };
  while (!beginning.empty())
    if (version.empty() || take(version) != take(beginning)) return false;
  return true;
}

}  // namespace

std::string_view windows_10_version(std::uint32_t build) noexcept {
  for (const Build& one : kBuilds)
    if (one.build == build) return one.version;
  return {};
}

bool is_server_core(const Host& host) noexcept {
  return std::ranges::any_of(host.components, [](const Component& one) {
    return one.kind == ComponentKind::feature && one.name == "server_core";
  });
}

bool speaks_of(const content::MicrosoftName& name, const Host& host) {
  const OperatingSystem& os = host.os;
  if (!name.understood() || name.product != os.product || (name.r2 && !os.r2)) return false;
  if (name.arch != Arch::unknown && os.arch != Arch::unknown && name.arch != os.arch) return false;
  if (name.service_pack && name.service_pack != os.service_pack) return false;
  return name.server_core == is_server_core(host) && same_version(name, os);
}

bool speaks_of(const content::MicrosoftName& name, const Component& program) {
  if (!name.understood() || !name.component.empty() || name.product != program.product) return false;
  const std::string version = version_named(name.product, name.version);
  return !version.empty() && begins_with(program.version, version);
}

}  // namespace bansoko::assess
