// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "base/bytes.h"
#include "event/spool.h"
#include "event/spool_segment.h"

namespace {

std::string folder_of_this_process() {
  const auto folder =
      std::filesystem::temp_directory_path() / ("bansoko-spool-fuzz-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  return folder.string();
}

void put(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

}  // namespace

// The input is what two segments hold behind their headers, cut at its first 0xff; the second begins at 5.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  static const std::string folder = folder_of_this_process();
  const std::string_view text = as_text({data, size});
  const auto cut = std::min(text.find('\xff'), text.size());
  const std::chrono::sys_seconds begun{};
  put(event::segment_path(folder, "f", 1), event::header_line(1, begun) + std::string(text.substr(0, cut)));
  put(event::segment_path(folder, "f", 5), event::header_line(5, begun) + std::string(text.substr(cut)));

  auto reader = event::SpoolReader::open(folder, "f", size % 8);
  if (!reader) std::abort();
  std::uint64_t last = 0;
  for (;;) {
    const auto record = reader->next();
    if (!record) std::abort();
    if (!*record) break;
    const std::string& line = (*record)->line;
    if ((*record)->sequence <= last || line.size() > event::kMaxRecord) std::abort();
    if (line.find('\n') != std::string::npos || line.ends_with(event::kCancelled)) std::abort();
    last = (*record)->sequence;
  }
  if (last != 0 && reader->cursor() <= last) std::abort();

  auto resumed = event::SpoolReader::open(folder, "f", reader->cursor());
  if (!resumed || !resumed->next()) std::abort();
  return 0;
}
