// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/message.h"

#include <algorithm>
#include <cassert>

namespace bansoko::proto::smb {

void Name::append(Bytes bytes) noexcept {
  for (const std::uint8_t letter : bytes)
    if (letter != 0 && size_ < letters_.size()) letters_[size_++] = letter;
}

Message::Message(std::size_t capacity, MemoryBudget& budget)
    : SmbTransaction(false), bytes_(budget, std::min(capacity, kAlwaysKept)), capacity_(capacity) {}

void Message::begin(std::uint64_t number, std::uint32_t length, std::size_t keep) noexcept {
  id = number;
  progress = {};
  notes = {};
  dialect = Dialect::unknown;
  header = {};
  smb2 = {};
  encryption.reset();
  compression.reset();
  command_count = 0;
  findings = {};
  opened.reset();
  over.reset();
  answers_ending = false;
  closed.reset();
  is_about_pipes.reset();
  data_count = 0;
  keep_ = std::min({keep, capacity_, std::size_t{length}});
  bytes_.clear();
  is_cut_ = false;
  length_ = length;
  received_ = 0;
}

void Message::append(Bytes bytes) noexcept {
  assert(bytes.size() <= length_ - received_);
  const Bytes wanted = bytes.first(std::min(bytes.size(), keep_ - bytes_.size()));
  if (!bytes_.append(wanted, keep_)) {
    bytes_.append(wanted.first(bytes_.capacity() - bytes_.size()), keep_);
    keep_ = bytes_.size();
    is_cut_ = true;
  }
  received_ += static_cast<std::uint32_t>(bytes.size());
}

void Message::keep_only(std::size_t size) noexcept { keep_ = std::max(bytes_.size(), std::min(keep_, size)); }

void Message::keep_more(std::size_t size) noexcept {
  if (bytes_.size() != received_ || is_cut_) return;
  keep_ = std::max(keep_, std::min({size, capacity_, std::size_t{length_}}));
}

void Message::shorten(std::uint32_t length) noexcept {
  assert(length >= received_);
  length_ = length;
  keep_ = std::min(keep_, std::size_t{length});
}

Bytes Message::part(std::uint64_t offset, std::uint64_t size) const noexcept {
  const Bytes all = kept();
  if (offset >= all.size()) return {};
  const auto begin = static_cast<std::size_t>(offset);
  return all.subspan(begin, static_cast<std::size_t>(std::min<std::uint64_t>(size, all.size() - begin)));
}

std::optional<Bytes> Message::data(const CommandBlock& block) const noexcept {
  ByteReader in(part(block.words_offset + block.words_size, 2));
  const std::uint16_t byte_count = in.u16le();
  if (!in.ok()) return std::nullopt;
  return part(block.bytes_offset(), byte_count);
}

}  // namespace bansoko::proto::smb
