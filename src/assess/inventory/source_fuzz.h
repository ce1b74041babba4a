// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "assess/inventory/inventory.h"
#include "assess/inventory/roles.h"

namespace bansoko::inventory {

inline void require(bool claim) {
  if (!claim) std::abort();
}

/// One document for one source: within the limits, all texts fit for a screen, and no list of updates that is
/// empty without a gap.
inline int fuzz_source(const Source& source, const std::uint8_t* data, std::size_t size) {
  const Document document{"fuzz.txt", std::string(reinterpret_cast<const char*>(data), size)};
  const Limits limits{
      .max_bytes = 1U << 20U, .max_hosts = 20, .max_components = 50, .max_text = 200, .max_depth = 16};
  static_cast<void>(source.recognises(document));
  auto hosts = source.read(document, limits);
  if (!hosts) {
    require(!hosts.error().message.empty());
    return 0;
  }
  require(hosts->size() <= limits.max_hosts);
  for (assess::Host& host : *hosts) {
    require(host.components.size() <= limits.max_components + 8 &&
            host.updates.size() <= limits.max_components);
    const bool windows = host.os.product.starts_with("microsoft:");
    require(!windows || !host.updates.empty() || host.lacks(assess::Gap::no_updates) ||
            host.lacks(assess::Gap::updates_cut));
    require(!host.os.product.empty() || host.lacks(assess::Gap::no_os));
    for (const assess::Update& one : host.updates)
      require(one.kb.size() >= 4 && one.kb.size() <= 8 &&
              one.kb.find_first_not_of("0123456789") == std::string::npos);
    for (const assess::Component& one : host.components)
      require(one.name.find_first_of(std::string("\0\n\x1b", 3)) == std::string::npos &&
              one.evidence.text.size() <= 200);
    assess::Host other = host;
    merge(host, std::move(other));
    add_features(host);
    static_cast<void>(roles_of(host));
  }
  return 0;
}

}  // namespace bansoko::inventory
