// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/buffers.h"

namespace bansoko::proto::dns {
namespace {

constexpr std::uint8_t kUpdate = 5;

Message* message_of(Transaction& transaction) noexcept {
  return static_cast<DnsTransaction&>(transaction).message;
}
const Message* message_of(const Transaction& transaction) noexcept {
  return static_cast<const DnsTransaction&>(transaction).message;
}

std::optional<Bytes> owner(Transaction& transaction, Section section, unsigned instance) noexcept {
  Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : message->owner(section, instance);
}

}  // namespace

std::optional<Bytes> query(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || message->header().is_response()) return std::nullopt;
  return owner(transaction, Section::question, instance);
}

std::optional<Bytes> question(Transaction& transaction, unsigned instance) noexcept {
  return owner(transaction, Section::question, instance);
}
std::optional<Bytes> answer(Transaction& transaction, unsigned instance) noexcept {
  return owner(transaction, Section::answer, instance);
}
std::optional<Bytes> authority(Transaction& transaction, unsigned instance) noexcept {
  return owner(transaction, Section::authority, instance);
}
std::optional<Bytes> additional(Transaction& transaction, unsigned instance) noexcept {
  return owner(transaction, Section::additional, instance);
}

std::optional<Bytes> answer_name(Transaction& transaction, unsigned instance) noexcept {
  Message* const message = message_of(transaction);
  if (message == nullptr || !message->header().is_response()) return std::nullopt;
  return message->any_name(instance);
}

std::optional<std::uint64_t> opcode(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : std::optional<std::uint64_t>(message->header().opcode());
}

std::optional<std::uint64_t> rcode(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : std::optional<std::uint64_t>(message->header().rcode());
}

std::optional<std::uint64_t> first_type(const Transaction& transaction) noexcept {
  return later_type(transaction, 0);
}

std::optional<std::uint64_t> later_type(const Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr) return std::nullopt;
  const Section section = message->header().is_response() ? Section::answer : Section::question;
  return message->type(section, instance);
}

std::optional<std::uint64_t> is_response(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : std::optional<std::uint64_t>(message->header().is_response());
}

// Updates (RFC 2136 section 2.4) say with a record's class what is to become of it.
std::optional<std::uint64_t> class_mismatch(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || message->header().opcode() == kUpdate) return std::nullopt;
  return message->facts().is_class_mixed();
}

std::optional<std::uint64_t> tsig_error(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : std::optional<std::uint64_t>(message->facts().tsig_error());
}

std::optional<std::uint64_t> tsig_names_size(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : std::optional<std::uint64_t>(message->facts().tsig_names_size());
}

std::optional<std::uint64_t> signature_size(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : std::optional<std::uint64_t>(message->facts().signature_size());
}

std::optional<std::uint64_t> tkey_missing(const Transaction& transaction) noexcept {
  Message* const message = static_cast<const DnsTransaction&>(transaction).message;
  return message == nullptr ? std::nullopt : std::optional<std::uint64_t>(message->lacks_tkey());
}

}  // namespace bansoko::proto::dns
