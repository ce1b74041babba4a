// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/field_list.h"

#include <algorithm>
#include <utility>

namespace bansoko::proto::http2 {
namespace {

constexpr std::size_t kOverhead = 32;  // RFC 7541 section 4.1
constexpr std::size_t kKept = 4096;    // of memory, from one flow to the next
constexpr std::size_t kLeastWithoutMemory = 1024;

}  // namespace

void FieldList::begin_field() noexcept {
  part_at_ = value_at_ = text_.size();
  name_size_ = whole_name_ = whole_value_ = 0;
  in_value_ = false;
}

void FieldList::append(std::string_view piece, const FieldLimits& limits) {
  (in_value_ ? whole_value_ : whole_name_) += piece.size();
  const std::size_t had = text_.size() - (in_value_ ? value_at_ : part_at_);
  std::size_t room = limits.part - std::min(had, limits.part);
  if (room < piece.size()) losses_.part_limit = true;
  if (budget_.is_full()) {
    const std::size_t capacity = std::max(text_.capacity(), kLeastWithoutMemory);
    const std::size_t left = capacity - std::min(capacity, text_.size());
    if (left < std::min(room, piece.size())) losses_.memory_limit = true;
    room = std::min(room, left);
  }
  text_ += piece.substr(0, room);
}

void FieldList::end_name() {
  name_size_ = text_.size() - part_at_;
  text_ += ": ";
  value_at_ = text_.size();
  in_value_ = true;
}

void FieldList::end_field(const FieldLimits& limits) {
  size_ += whole_name_ + whole_value_ + kOverhead;
  ++count_;
  const bool is_too_large = text_.size() + 2 > limits.text;
  const bool is_too_many = entries_.size() >= limits.count;
  losses_.text_limit |= is_too_large;
  losses_.count_limit |= is_too_many;
  if (is_too_large || is_too_many) {
    text_.resize(part_at_);
    return;
  }
  entries_.push_back({.at = static_cast<std::uint32_t>(part_at_),
                      .name_size = static_cast<std::uint32_t>(name_size_),
                      .value_size = static_cast<std::uint32_t>(value().size())});
  text_ += "\r\n";
}

void FieldList::drop_unknown() noexcept {
  text_.resize(part_at_);
  losses_.unknown = true;
  ++count_;
}

void FieldList::append(const FieldList& other) {
  const auto shift = static_cast<std::uint32_t>(text_.size());
  if (budget_.is_full() &&
      text_.size() + other.text_.size() > std::max(text_.capacity(), kLeastWithoutMemory)) {
    losses_.memory_limit = true;
    return;
  }
  text_ += other.text_;
  for (Entry entry : other.entries_) {
    entry.at += shift;
    entries_.push_back(entry);
  }
  size_ += other.size_;
  count_ += other.count_;
}

void FieldList::swap(FieldList& other) noexcept {
  text_.swap(other.text_);
  entries_.swap(other.entries_);
  std::swap(losses_, other.losses_);
  std::swap(size_, other.size_);
  std::swap(count_, other.count_);
  std::swap(charged_, other.charged_);
}

void FieldList::clear() noexcept {
  text_.clear();
  entries_.clear();
  begin_field();
  losses_ = {};
  size_ = 0;
  count_ = 0;
}

void FieldList::shrink() noexcept {
  const std::size_t kept = budget_.is_tight() ? kFixed / 2 : kKept;
  if (text_.capacity() > kept) std::string().swap(text_);
  if (entries_.capacity() * sizeof(Entry) > kept) std::vector<Entry>().swap(entries_);
  count_memory();
}

void FieldList::shrink_if_tight() noexcept {
  count_memory();
  if (budget_.is_tight()) shrink();
}

void FieldList::count_memory() noexcept {
  const std::size_t held = text_.capacity() + entries_.capacity() * sizeof(Entry);
  const std::size_t charge = held - std::min(held, kFixed);
  if (charge > charged_) budget_.take_anyway(charge - charged_);
  if (charge < charged_) budget_.give_back(charged_ - charge);
  charged_ = charge;
}

}  // namespace bansoko::proto::http2
