// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/settings.h"

namespace bansoko::engine {

/// Where `bansoko rules import` keeps rules of others, and the most that it takes. The engine itself reads
/// rule_files alone.
struct SourceSettings {
  std::string folder = "/var/lib/bansoko/rules";
  std::string choices = "/etc/bansoko";
  std::uint64_t max_bytes = std::uint64_t{256} << 20U;
  std::uint64_t max_file_bytes = std::uint64_t{64} << 20U;
  std::uint32_t max_files = 10000;
};

/// The section `shield.sources`.
void bind_sources(settings::Section& section, SourceSettings& settings);

}  // namespace bansoko::engine
