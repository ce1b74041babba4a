// SPDX-License-Identifier: Apache-2.0
#include "tests/evasion/transform.h"

#include <fmt/format.h>

namespace bansoko::evasion {

std::vector<Transform> all_transforms() {
  std::vector<Transform> all;
  for (const auto& some : {http_transforms(), smb_transforms(), rpc_transforms(), split_transforms(),
                           decoy_transforms(), ip_transforms()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

std::string name_of(const Transform& transform) {
  return fmt::format("{}/{}", transform.kind, transform.variant);
}

}  // namespace bansoko::evasion
