// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/preflight.h"

#include <fcntl.h>

#include "base/unique_fd.h"
#include "lockdown/engine/programs.h"
#include "lockdown/identity/sha256.h"

namespace bansoko::lockdown {

std::vector<std::string> running_but_not_approved(const approved::List& list) {
  std::vector<std::string> missing;
  for (const std::string& path : running_code()) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file.valid()) continue;
    const auto digest = identity::digest_of(file.get());
    if (!digest || list.find(*digest) == approved::List::npos) missing.push_back(path);
  }
  return missing;
}

}  // namespace bansoko::lockdown
