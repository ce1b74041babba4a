// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/message.h"

#include <algorithm>
#include <cassert>

namespace bansoko::proto::smb {

// The pages of the buffer are touched only as messages fill them.
Message::Message(std::size_t capacity)
    : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(capacity)), capacity_(capacity) {}

void Message::begin(std::uint64_t number, std::uint32_t length, std::size_t keep) noexcept {
  id = number;
  progress = {};
  notes = {};
  dialect = Dialect::unknown;
  header = {};
  smb2_command = 0;
  command_count = 0;
  findings = {};
  keep_ = std::min({keep, capacity_, std::size_t{length}});
  kept_ = 0;
  length_ = length;
  received_ = 0;
}

void Message::append(Bytes bytes) noexcept {
  assert(bytes.size() <= length_ - received_);
  const std::size_t wanted = std::min(bytes.size(), keep_ - kept_);
  std::copy_n(bytes.begin(), wanted, bytes_.get() + kept_);
  kept_ += wanted;
  received_ += static_cast<std::uint32_t>(bytes.size());
}

void Message::keep_only(std::size_t size) noexcept { keep_ = std::max(kept_, std::min(keep_, size)); }

Bytes Message::part(std::uint64_t offset, std::uint64_t size) const noexcept {
  if (offset >= kept_) return {};
  const auto begin = static_cast<std::size_t>(offset);
  return kept().subspan(begin, static_cast<std::size_t>(std::min<std::uint64_t>(size, kept_ - begin)));
}

std::optional<Bytes> Message::data(const CommandBlock& block) const noexcept {
  ByteReader in(part(block.words_offset + block.words_size, 2));
  const std::uint16_t byte_count = in.u16le();
  if (!in.ok()) return std::nullopt;
  return part(block.bytes_offset(), byte_count);
}

}  // namespace bansoko::proto::smb
