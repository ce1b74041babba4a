// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/redis/message.h"

#include <algorithm>

namespace bansoko::proto::redis {
namespace {
constexpr std::size_t kFixed = 512;
}

Message::Message(MemoryBudget& budget, std::size_t most_size, std::size_t most_texts)
    : most_size_(most_size), bytes_(budget, std::min(kFixed, most_size)), texts_(most_texts) {}

void Message::reset() noexcept {
  progress = {};
  notes = {};
  element_count = 0;
  is_inline = is_kept_ = false;
  type = 0;
  count_ = 0;
  bytes_.clear();
}

void Message::release() {
  reset();
  bytes_.release();
}

Message::Kept Message::begin_text(std::uint64_t length, bool is_error) {
  is_kept_ = count_ < texts_.size();
  if (!is_kept_) return Kept::beyond_count;
  Text& text = texts_[count_++];
  text.at = static_cast<std::uint32_t>(bytes_.size());
  text.size = 0;
  text.length = length & (~std::uint64_t{0} >> 1U);
  text.is_error = is_error ? 1 : 0;
  return Kept::all;
}

Message::Kept Message::append(Bytes bytes) {
  if (!is_kept_) return Kept::all;  // said when it began, or when it was cut
  const Bytes fitting = bytes.first(std::min(bytes.size(), most_size_ - bytes_.size()));
  if (!bytes_.append(fitting, most_size_)) {
    is_kept_ = false;
    return Kept::no_memory;
  }
  texts_[count_ - 1].size += static_cast<std::uint32_t>(fitting.size());
  is_kept_ = fitting.size() == bytes.size();
  return is_kept_ ? Kept::all : Kept::beyond_size;
}

void Message::set_length(std::uint64_t length) noexcept {
  if (count_ > 0) texts_[count_ - 1].length = length & (~std::uint64_t{0} >> 1U);
}

std::optional<Bytes> Message::text(std::size_t place) const noexcept {
  if (place >= count_) return {};
  return bytes_.bytes().subspan(texts_[place].at, texts_[place].size);
}

std::optional<Bytes> Message::reply_text(unsigned instance, bool is_error) const noexcept {
  for (std::size_t i = 0; i < count_; ++i)
    if ((texts_[i].is_error != 0) == is_error && instance-- == 0) return text(i);
  return {};
}

std::optional<std::uint64_t> Message::length(std::size_t place) const noexcept {
  return place < count_ ? std::optional<std::uint64_t>(texts_[place].length) : std::nullopt;
}

Bytes Message::capitals(std::size_t place) noexcept {
  const Bytes plain = text(place).value_or(Bytes());
  auto& into = capitals_[place];
  const std::size_t size = std::min(plain.size(), into.size());
  std::transform(
      plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(size), into.begin(),
      [](std::uint8_t c) { return static_cast<std::uint8_t>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c); });
  return Bytes(into).first(size);
}

}  // namespace bansoko::proto::redis
