// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/applicability/finding.h"
#include "assess/model/records.h"

namespace bansoko::assess {

/// A release of a distribution, as its feeds name it.
struct Release {
  std::string distribution = {};  // "debian", "redhat"
  std::string name = {};          // "bookworm", "el7"; empty: the host does not say
};

/// Whose feeds speak of a host, and for which release: those of Red Hat also of what is built from its
/// sources (CentOS, Alma, Rocky, Oracle: `rebuilt`), with less confidence. Nothing to ask where the
/// distribution is empty.
struct ReleaseOf {
  Release release = {};
  bool rebuilt = false;
};
ReleaseOf release_of(const OperatingSystem& os);

/// What a distribution says of the packages of one release, made ready once for all hosts that run it.
class PackageTable {
 public:
  /// The records are copied.
  explicit PackageTable(std::vector<PackageFix> fixes);

  /// Those about a package by its own name, and those about the source that it is built from.
  std::span<const PackageFix> binary(std::string_view name) const;
  std::span<const PackageFix> source(std::string_view name) const;
  bool empty() const noexcept { return fixes_.empty(); }

 private:
  using Places = std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>>;
  std::vector<PackageFix> fixes_;  // sorted by (is_source, package)
  Places binaries_, sources_;

  std::span<const PackageFix> find(const Places& places, std::string_view name) const;
};

/// One finding for each CVE or advisory and package that the distribution speaks of. A package whose version
/// has the fix is `fixed` however old its number looks: the distribution's own order and fixed version
/// decide.
std::vector<Finding> judge_packages(const Host& host, const PackageTable& table, bool rebuilt);

}  // namespace bansoko::assess
