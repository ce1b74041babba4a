// SPDX-License-Identifier: Apache-2.0
// What a worker with the default settings holds before it has seen traffic: its tables are reserved, not
// filled.
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "shield/engine/pipeline_line.h"

namespace bansoko::engine {
namespace {

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(PipelineResident, AnIdleWorkerIsSmall) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps memory of its own for each byte";
#endif
  const std::size_t before = resident_bytes();
  const Line line("alert ip any any -> any any (sid:1;)\n");
  EXPECT_LT(resident_bytes(), before + (std::size_t{8} << 20U));
}

}  // namespace
}  // namespace bansoko::engine
