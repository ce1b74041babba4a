// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/lockdown_disk.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"
#include "lockdown/scan/scan.h"

namespace bansoko::app {

Result<scan::Scan> scan_of_disk(const lockdown::LockdownSettings& settings, std::vector<std::string> paths) {
  const std::string folder = settings.state_folder + "/scan";
  BANSOKO_CHECK(make_folder(folder, 0700));
  BANSOKO_TRY(auto journal, scan::Journal::open(folder));
  BANSOKO_TRY(const auto packages, trust::PackageIndex::read("/"));
  scan::Options options;
  options.paths = std::move(paths);
  options.code_trees = settings.code_trees;
  options.state_folder = settings.state_folder;
  options.max_size = settings.limits.digest_size;
  const scan::Pacer pacer(false);
  BANSOKO_TRY(auto result, scan::run(options, packages, journal, pacer, [](const scan::Progress&) {}));
  for (const std::string& fault : result.faults) fmt::print(stderr, "bansoko: {}\n", printable(fault));
  for (const scan::LeftOut& left : result.left_out)
    if (left.reason != scan::Reason::filesystem && left.reason != scan::Reason::own_state)
      fmt::print(stderr, "bansoko: {} was left out: {} {}\n", printable(left.path), name_of(left.reason),
                 printable(left.detail));
  return result;
}

std::string line_of(const scan::Found& found) {
  std::string suspicions;
  for (std::size_t i = 0; i < scan::kSuspicions; ++i)
    if (const auto one = static_cast<scan::Suspicion>(i); found.suspicions.has(one))
      suspicions += fmt::format("{}{}", suspicions.empty() ? "  " : ", ", name_of(one));
  return fmt::format("{:.16}  {:<8}  {}{}{}", identity::to_text(found.digest), identity::name_of(found.kind),
                     printable(found.path),
                     found.package.empty() ? "" : fmt::format("  ({})", printable(found.package)),
                     suspicions);
}

}  // namespace bansoko::app
