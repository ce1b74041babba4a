// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "rpmdb/header.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const Bytes blob(data, size);
  std::size_t files = 0;
  const auto done = rpmdb::read_files(blob, [&](const rpmdb::FileRecord&) { ++files; });
  if (files > size || (!done && files != 0)) std::abort();
  static_cast<void>(rpmdb::read_header(blob));
  return 0;
}
