// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assess/model/host.h"

namespace bansoko::inventory {

/// "bash 5.2-1 amd64 <bash 5.2>; ..." for tests to compare with.
inline std::string packages_of(const assess::Host& host) {
  std::string text;
  for (const assess::Component& one : host.components) {
    text += (text.empty() ? "" : "; ") + one.name + " " + one.version;
    if (!one.arch.empty()) text += " " + one.arch;
    if (!one.source_package.empty())
      text += " <" + one.source_package + (one.source_version.empty() ? "" : " " + one.source_version) + ">";
  }
  return text;
}

inline std::string gaps_of(const assess::Host& host, assess::Gap gap) {
  std::string text;
  for (const assess::Missing& one : host.missing)
    if (one.gap == gap) text += (text.empty() ? "" : "; ") + one.what;
  return text;
}

inline std::string system_of(const assess::Host& host) { return host.os.product + " " + host.os.version; }

}  // namespace bansoko::inventory
