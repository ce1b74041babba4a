// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/open_transactions.h"

#include <algorithm>

#include "shield/proto/smb/commands.h"

namespace bansoko::proto::smb {
namespace {

constexpr std::size_t kFirstOpen = 8;                     // room made at first
constexpr std::uint16_t kSetExtendedAttributes = 0x0002;  // SMB_INFO_SET_EAS, [MS-CIFS] section 2.2.2.3.4

}  // namespace

void Prefix::put(std::uint64_t displacement, Bytes bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size() && displacement + i < bytes_.size(); ++i) {
    const auto at = static_cast<std::size_t>(displacement) + i;
    if ((known_ & 1U << at) != 0) continue;
    bytes_[at] = bytes[i];
    known_ = static_cast<std::uint8_t>(known_ | 1U << at);
  }
}

std::optional<std::uint16_t> Prefix::u16le_at(std::size_t offset) const noexcept {
  const unsigned needed = 3U << offset;
  if ((known_ & needed) != needed) return std::nullopt;
  ByteReader in(Bytes(bytes_).subspan(offset));
  return in.u16le();
}

std::optional<std::uint32_t> Prefix::u32le() const noexcept {
  if (known_ != 0x0F) return std::nullopt;
  ByteReader in(bytes_);
  return in.u32le();
}

std::optional<std::uint32_t> OpenTransaction::fea_list_size() const noexcept {
  if (!has_setup || kind == transaction) return std::nullopt;
  switch (setup) {
    case trans2_open2:             // [MS-CIFS] section 2.2.6.1.1
    case trans2_create_directory:  // [MS-CIFS] section 2.2.6.14.1
      return data.u32le();
    case trans2_set_path_information:  // [MS-CIFS] section 2.2.6.7.1
      return parameters.u16le_at(0) == kSetExtendedAttributes ? data.u32le() : std::nullopt;
    case trans2_set_file_information:  // [MS-CIFS] section 2.2.6.9.1
      return parameters.u16le_at(2) == kSetExtendedAttributes ? data.u32le() : std::nullopt;
    default:
      return std::nullopt;
  }
}

OpenTransaction begun_by(const TransactionKey& key, const TransactionPart& part) noexcept {
  OpenTransaction begun;
  begun.key = key;
  begun.kind = part.kind;
  begun.has_setup = part.has_setup;
  begun.setup = part.setup;
  begun.second_setup = part.second_setup;
  begun.function = part.function;
  begun.max_parameters = part.max_parameters;
  begun.max_data = part.max_data;
  begun.total_parameters = part.total_parameters;
  begun.total_data = part.total_data;
  begun.parameters_arrived = part.parameter_count;
  begun.data_arrived = part.data_count;
  return begun;
}

OpenTransaction* OpenTransactions::find(const TransactionKey& key) noexcept {
  const auto found =
      std::find_if(open_.begin(), open_.end(), [&](const auto& one) { return one.key == key; });
  return found == open_.end() ? nullptr : &*found;
}

bool OpenTransactions::is_at_work(const TransactionKey& key, const TransactionPart& more) const noexcept {
  const auto fits = [&](std::uint64_t for_parameters, std::uint64_t for_data) {
    return std::uint64_t{more.parameter_displacement} + more.parameter_count <= for_parameters &&
           std::uint64_t{more.data_displacement} + more.data_count <= for_data;
  };
  const auto open = std::ranges::find(open_, key, &OpenTransaction::key);
  if (open != open_.end())
    return open->is_whole() && fits(std::max(open->total_parameters, open->max_parameters),
                                    std::max(open->total_data, open->max_data));
  return std::ranges::any_of(at_work_, [&](const AtWork& one) {
    return one.is_waiting && one.key == key && fits(one.room_for_parameters, one.room_for_data);
  });
}

void OpenTransactions::clear() noexcept {
  open_.clear();
  at_work_ = {};
  next_at_work_ = 0;
}

bool OpenTransactions::begin(const TransactionKey& key, const TransactionPart& part) noexcept {
  if (OpenTransaction* const earlier = find(key); earlier != nullptr) {
    const bool other_kind = earlier->kind != part.kind && !part.is_whole();
    if (earlier->is_whole() && !other_kind) {
      *earlier = begun_by(key, part);
      return true;
    }
    // A server refuses the second and keeps the first: taking this one for the truth would let a sender
    // cover up how a transaction began.
    ++earlier->answers_ahead;
    earlier->kinds_mixed |= other_kind;
    return true;
  }
  if (part.is_whole()) {
    at_work_[next_at_work_++ % at_work_.size()] = {key, true,
                                                   std::max(part.total_parameters, part.max_parameters),
                                                   std::max(part.total_data, part.max_data)};
    return true;
  }
  if (!make_room()) return false;
  open_.push_back(begun_by(key, part));
  return true;
}

void OpenTransactions::answered(const TransactionKey& key) noexcept {
  for (AtWork& one : at_work_)
    if (one.key == key) one.is_waiting = false;
  OpenTransaction* const found = find(key);
  if (found == nullptr) return;
  if (found->answers_ahead > 0) {
    --found->answers_ahead;
    return;
  }
  *found = open_.back();
  open_.pop_back();
}

void OpenTransactions::release() noexcept {
  budget_.give_back(open_.capacity() * sizeof(OpenTransaction));
  std::vector<OpenTransaction>().swap(open_);
}

bool OpenTransactions::make_room() noexcept {
  if (open_.size() < open_.capacity()) return true;
  const std::size_t held = open_.capacity();
  const std::size_t more = std::min(std::max(held, kFirstOpen), limit_ - held);
  if (more > 0 && budget_.take(more * sizeof(OpenTransaction))) {
    open_.reserve(held + more);
    return true;
  }
  forget_a_whole_one();
  return open_.size() < held;
}

void OpenTransactions::forget_a_whole_one() noexcept {
  const auto whole = std::find_if(open_.begin(), open_.end(), [](const auto& one) { return one.is_whole(); });
  if (whole == open_.end()) return;
  *whole = open_.back();
  open_.pop_back();
}

}  // namespace bansoko::proto::smb
