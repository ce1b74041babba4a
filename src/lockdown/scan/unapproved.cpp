// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/unapproved.h"

namespace bansoko::scan {

std::vector<std::size_t> unapproved(const Scan& scan, const approved::List& list, std::int64_t since) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < scan.found.size(); ++i) {
    const Found& found = scan.found[i];
    if (found.state.changed >= since * kNanoseconds && list.find(found.digest) == approved::List::npos)
      places.push_back(i);
  }
  return places;
}

}  // namespace bansoko::scan
