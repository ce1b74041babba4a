// SPDX-License-Identifier: Apache-2.0
#include "event/spool_settings.h"

#include <cstdint>

namespace bansoko::event {
namespace {

constexpr std::uint64_t kKiB = 1U << 10U;
constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kGiB = 1U << 30U;
constexpr std::uint64_t kTiB = std::uint64_t{1} << 40U;

}  // namespace

void bind_spool(settings::Section& section, SpoolSettings& spool) {
  section.text("directory", spool.directory, "Where events are written, one line of JSON each.");
  section.size("segment_bytes", spool.segment_bytes, 64 * kKiB, kGiB, "A new file is begun at this size.");
  section.size("max_bytes", spool.max_bytes, kMiB, kTiB, "Bytes of all files. The oldest file is removed.");
  section.number("max_days", spool.max_days, 1, 3650, "Days after which events are removed.");
  section.require("max_bytes", spool.max_bytes >= 2 * spool.segment_bytes,
                  "must be at least twice segment_bytes");
}

}  // namespace bansoko::event
