// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/approval.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "lockdown/identity/language.h"

namespace bansoko::scan {
namespace {

bool is_at_or_below(std::string_view path, std::string_view folder) noexcept {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

approved::Entry entry_of(const Found& found) noexcept {
  return {.digest = found.digest,
          .kind = found.kind,
          .language = identity::language_of_program(found.path),
          .origin = trust::is_match(found.match) ? approved::Origin::package : approved::Origin::scan,
          .path = found.path,
          .package = found.package};
}

}  // namespace

Approval approval_of(const Scan& scan, const Chosen& chosen) {
  Approval approval;
  std::set<identity::Sha256> malware;
  for (const Found& found : scan.found)
    if (found.suspicions.has(Suspicion::malware)) malware.insert(found.digest);
  std::vector<bool> met(chosen.paths.size());
  for (const Found& found : scan.found) {
    bool is_chosen = chosen.all_suspicious;
    for (std::size_t i = 0; i < chosen.paths.size(); ++i)
      if (is_at_or_below(found.path, chosen.paths[i])) is_chosen = met[i] = true;
    if (malware.contains(found.digest))
      ++approval.malware;
    else if (found.suspicions.any() && !is_chosen)
      ++approval.suspicious;
    else
      approval.entries.push_back(entry_of(found));
  }
  for (std::size_t i = 0; i < met.size(); ++i)
    if (!met[i]) approval.not_found.push_back(chosen.paths[i]);
  return approval;
}

}  // namespace bansoko::scan
