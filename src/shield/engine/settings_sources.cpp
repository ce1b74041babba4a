// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/settings_sources.h"

namespace bansoko::engine {

void bind_sources(settings::Section& section, SourceSettings& s) {
  constexpr std::uint64_t kKiB = 1U << 10U;
  constexpr std::uint64_t kGiB = 1U << 30U;
  section.text(
      "folder", s.folder,
      "One folder below it for each source. To have the engine load them, add \"FOLDER/*/*.rules\" to "
      "rule_files.");
  section.text("choices", s.choices,
               "The folder of disable.conf, enable.conf, modify.conf and drop.conf, in the form that "
               "suricata-update reads. Each may be absent.");
  section.size(
      "max_bytes", s.max_bytes, kKiB, 4 * kGiB,
      "All files of a source together, unpacked; a larger one is refused, and so is a larger archive.");
  section.size("max_file_bytes", s.max_file_bytes, kKiB, kGiB,
               "One file of a source. A source with a larger one that is needed is refused.");
  section.number("max_files", s.max_files, 1, 1000000,
                 "Files and folders of a source; one with more is refused.");
}

}  // namespace bansoko::engine
