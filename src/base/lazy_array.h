// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include <sys/mman.h>

namespace bansoko {

/// Zeroed memory that becomes resident only where it is touched.
template <class T>
class LazyArray {
 public:
  static_assert(std::is_trivially_copyable_v<T>, "all zero bytes must be a value");
  /// Not from the heap, which may hand out memory that is resident already.
  explicit LazyArray(std::size_t size)
      : items_(static_cast<T*>(
                   ::mmap(nullptr, bytes(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)),
               Unmap{bytes(size)}),
        size_(size) {
    if (items_.get() == MAP_FAILED) {
      static_cast<void>(items_.release());
      throw std::bad_alloc();
    }
  }
  T& operator[](std::size_t at) noexcept { return items_.get()[at]; }
  const T& operator[](std::size_t at) const noexcept { return items_.get()[at]; }
  std::span<T> part(std::size_t at, std::size_t size) noexcept { return {items_.get() + at, size}; }
  std::span<const T> part(std::size_t at, std::size_t size) const noexcept {
    return {items_.get() + at, size};
  }
  std::size_t size() const noexcept { return size_; }

 private:
  struct Unmap {
    std::size_t bytes = 0;
    void operator()(T* items) const noexcept { ::munmap(items, bytes); }
  };

  static std::size_t bytes(std::size_t size) noexcept { return std::max<std::size_t>(size * sizeof(T), 1); }

  std::unique_ptr<T, Unmap> items_;
  std::size_t size_;
};

}  // namespace bansoko
