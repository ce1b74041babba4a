// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

inline void fuzz_require(bool claim) {
  if (!claim) std::abort();
}

/// Reads bytes as a document and requires what every reader promises, whatever they are.
inline void fuzz_source(const Source& source, std::string name, std::string bytes) {
  const Document document{std::move(name), std::move(bytes)};
  const Limits limits{.max_hosts = 8, .max_components = 50, .max_text = 64, .max_depth = 8};
  source.recognises(document);
  const auto hosts = source.read(document, limits);
  if (!hosts) {
    fuzz_require(!hosts.error().message.empty());
    return;
  }
  fuzz_require(hosts->size() <= limits.max_hosts);
  for (const assess::Host& host : *hosts) {
    fuzz_require(host.components.size() <= limits.max_components && host.missing.size() <= 200);
    for (const assess::Component& one : host.components) {
      fuzz_require(!one.name.empty() && one.name.size() <= limits.max_text);
      fuzz_require(one.version.size() <= limits.max_text && one.evidence.text.size() <= 200);
    }
    for (const auto& [key, setting] : host.settings) fuzz_require(setting.value.size() <= limits.max_text);
    for (const assess::Missing& one : host.missing) fuzz_require(!one.what.empty());
  }
}

}  // namespace bansoko::inventory
