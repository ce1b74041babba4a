// SPDX-License-Identifier: Apache-2.0
#include "base/free_memory.h"

#ifdef BANSOKO_JEMALLOC
#include <fmt/core.h>
#include <jemalloc/jemalloc.h>
#else
#include <malloc.h>
#endif

namespace bansoko {

void give_back_free_memory() noexcept {
#ifdef BANSOKO_JEMALLOC
  // "arena.<i>.purge" of jemalloc(3); this index stands for all.
  const auto name = fmt::format("arena.{}.purge", MALLCTL_ARENAS_ALL);
  mallctl(name.c_str(), nullptr, nullptr, nullptr, 0);
#else
  malloc_trim(0);
#endif
}

}  // namespace bansoko
