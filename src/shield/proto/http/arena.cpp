// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/arena.h"

#include <algorithm>

namespace bansoko::proto::http {
namespace {
constexpr std::size_t kLeastBlock = 1024;
}

std::span<char> Arena::take(std::size_t size) {
  while (current_ < blocks_.size()) {
    Block& block = blocks_[current_];
    if (block.size - used_ >= size) {
      const std::span<char> taken(block.bytes.get() + used_, size);
      used_ += size;
      return taken;
    }
    ++current_;
    used_ = 0;
  }
  const std::size_t block_size = std::max(size, kLeastBlock);
  blocks_.push_back({std::unique_ptr<char[]>(new char[block_size]), block_size});
  total_ += block_size;
  used_ = size;
  return {blocks_.back().bytes.get(), size};
}

std::string_view Arena::join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  const auto joined = take(size);
  auto out = joined.begin();
  for (const auto part : parts) out = std::copy(part.begin(), part.end(), out);
  return {joined.data(), joined.size()};
}

void Arena::reset() noexcept {
  current_ = 0;
  used_ = 0;
}

void Arena::shrink(std::size_t most) noexcept {
  if (total_ > most) {
    blocks_.clear();
    total_ = 0;
  }
  reset();
}

}  // namespace bansoko::proto::http
