// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <type_traits>
#include <vector>

#include "shield/proto/smb/message.h"

/// What the tables of buffers and of fields have in common.
namespace bansoko::proto::smb {

/// Null: it is a call in a pipe, or a file.
template <class Of>
auto* message_of(Of& transaction) noexcept {
  constexpr bool kIsConst = std::is_const_v<Of>;
  using Carrier = std::conditional_t<kIsConst, const dcerpc::CarrierTransaction, dcerpc::CarrierTransaction>;
  using Own = std::conditional_t<kIsConst, const SmbTransaction, SmbTransaction>;
  using Found = std::conditional_t<kIsConst, const Message, Message>;
  auto& carried = static_cast<Carrier&>(transaction);
  if (carried.is_call() || static_cast<Own&>(carried).is_file()) return static_cast<Found*>(nullptr);
  return static_cast<Found*>(&carried);
}

/// A table of messages, and behind it that of calls in pipes.
template <class Row>
std::vector<Row> with_calls(std::span<const Row> own, std::span<const Row> calls) {
  std::vector<Row> all(own.begin(), own.end());
  all.insert(all.end(), calls.begin(), calls.end());
  return all;
}

}  // namespace bansoko::proto::smb
