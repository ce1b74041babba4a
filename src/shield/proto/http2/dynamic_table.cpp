// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/dynamic_table.h"

#include <algorithm>

namespace bansoko::proto::http2 {

void DynamicTable::reset(std::size_t size) noexcept {
  clear();
  is_partial_ = false;
  size_ = size;
  // Most connections stay with the first size: their memory is kept, others' is not.
  if (bytes_.size() <= kFixed) return;
  std::vector<char>().swap(bytes_);
  std::vector<Entry>().swap(entries_);
  budget_.give_back(charged_);
  charged_ = 0;
}

void DynamicTable::clear() noexcept { used_ = texts_ = write_ = next_ = count_ = 0; }

void DynamicTable::lose() noexcept {
  clear();
  is_partial_ = true;
}

void DynamicTable::resize(std::uint32_t size) noexcept {
  size_ = size;
  while (used_ > size_) evict();
}

/// Rings of the size that is stated now, as far as they may be had; what is in them moves.
void DynamicTable::make_room() {
  const std::size_t size = std::max(std::min(size_, most_), kFixed);
  if (bytes_.size() >= size) return;
  const std::size_t most_entries = size / kOverhead + 1;
  const std::size_t charge = size == kFixed ? 0 : size + most_entries * sizeof(Entry);
  if (!budget_.take(charge)) {
    if (!bytes_.empty()) return;
    bytes_.resize(kFixed);
    entries_.resize(kFixed / kOverhead + 1);
    return;
  }
  budget_.give_back(charged_);
  charged_ = charge;
  std::vector<char> bytes(size);
  std::vector<Entry> entries(most_entries);
  auto end = bytes.begin();
  for (std::size_t i = 0; i < count_; ++i) {
    Entry moved = entry(count_ - 1 - i);
    const Text text = text_at(moved.at, moved.name_size + moved.value_size);
    moved.at = static_cast<std::uint32_t>(end - bytes.begin());
    end = std::ranges::copy(text.second, std::ranges::copy(text.first, end).out).out;
    entries[i] = moved;
  }
  write_ = static_cast<std::size_t>(end - bytes.begin());
  next_ = count_;
  bytes_.swap(bytes);
  entries_.swap(entries);
}

void DynamicTable::add(std::string_view name, std::string_view value, std::size_t size) {
  const std::size_t cost = size + kOverhead;
  // RFC 7541 section 4.4: what does not fit empties it.
  if (cost > size_) return clear();
  make_room();
  while (used_ + cost > size_) evict();
  const bool is_hole = name.size() + value.size() > bytes_.size();
  if (is_hole) name = value = {};
  while (count_ == entries_.size() || texts_ + name.size() + value.size() > bytes_.size()) {
    is_partial_ = true;
    evict();
  }
  is_partial_ |= is_hole;
  entries_[next_] = {.at = static_cast<std::uint32_t>(write_),
                     .name_size = static_cast<std::uint32_t>(name.size()),
                     .value_size = static_cast<std::uint32_t>(value.size()),
                     .cost = static_cast<std::uint32_t>(cost),
                     .is_hole = is_hole};
  next_ = (next_ + 1) % entries_.size();
  ++count_;
  used_ += cost;
  texts_ += name.size() + value.size();
  put(name);
  put(value);
}

void DynamicTable::evict() noexcept {
  const Entry& oldest = entry(count_ - 1);
  used_ -= oldest.cost;
  texts_ -= oldest.name_size + oldest.value_size;
  --count_;
}

void DynamicTable::put(std::string_view text) noexcept {
  const auto first = text.substr(0, bytes_.size() - write_);
  std::ranges::copy(first, bytes_.begin() + static_cast<std::ptrdiff_t>(write_));
  std::ranges::copy(text.substr(first.size()), bytes_.begin());
  write_ = (write_ + text.size()) % bytes_.size();
}

const DynamicTable::Entry& DynamicTable::entry(std::size_t back) const noexcept {
  return entries_[(next_ + entries_.size() - 1 - back) % entries_.size()];
}

DynamicTable::Text DynamicTable::text_at(std::size_t at, std::size_t size) const noexcept {
  const std::string_view ring(bytes_.data(), bytes_.size());
  at %= std::max<std::size_t>(ring.size(), 1);
  const auto first = ring.substr(at, size);
  return {first, ring.substr(0, size - first.size())};
}

DynamicTable::Text DynamicTable::name(std::size_t back) const noexcept {
  const Entry& of = entry(back);
  return text_at(of.at, of.name_size);
}

DynamicTable::Text DynamicTable::value(std::size_t back) const noexcept {
  const Entry& of = entry(back);
  return text_at(of.at + of.name_size, of.value_size);
}

}  // namespace bansoko::proto::http2
