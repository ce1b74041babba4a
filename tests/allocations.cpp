// SPDX-License-Identifier: Apache-2.0
#include "tests/allocations.h"

#include <cstdlib>
#include <new>

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables,cppcoreguidelines-owning-memory): the
// operators have no other place to count in, and are what others own memory by.
namespace {
thread_local std::size_t allocations = 0;
}

namespace bansoko {
std::size_t allocations_on_this_thread() noexcept { return allocations; }
}  // namespace bansoko

// The thread sanitizer brings its own operators; the tsan preset defines BANSOKO_TSAN.
#ifndef BANSOKO_TSAN
void* operator new(std::size_t size) {
  ++allocations;
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
#endif
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables,cppcoreguidelines-owning-memory)
