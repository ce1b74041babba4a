// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/datagram_parser.h"
#include "shield/proto/ike/codes.h"
#include "shield/proto/ike/message.h"

namespace bansoko::proto::ike {
namespace {

using Found = std::optional<Bytes>;
using Number = std::optional<std::uint64_t>;

const IkeMessage& at(const Transaction& transaction) noexcept {
  return static_cast<const IkeMessage&>(transaction);
}

template <auto part>
Found spi(Transaction& transaction, unsigned instance) noexcept {
  const IkeMessage& message = at(transaction);
  const auto& text = message.*part;
  return instance == 0 && message.has_header ? Found(as_bytes({text.data(), text.size()})) : Found();
}
template <auto part>
Found content(Transaction& transaction, unsigned instance) noexcept {
  return instance == 0 ? at(transaction).*part : Found();
}
Found vendor_id(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).vendor(instance);
}

template <auto part>
Number number(const Transaction& transaction) noexcept {
  return at(transaction).has_header ? Number(at(transaction).*part) : Number();
}
template <auto part>
Number size_of(const Transaction& transaction) noexcept {
  const Found found = at(transaction).*part;
  return found ? Number(found->size()) : Number();
}
Number payload_count(const Transaction& transaction) noexcept {
  return at(transaction).has_header ? Number(at(transaction).payload_count()) : Number();
}
Number payload_type(const Transaction& transaction, unsigned instance) noexcept {
  const auto* const payload = at(transaction).payload(instance);
  return payload != nullptr ? Number(payload->type) : Number();
}
Number first_type(const Transaction& transaction) noexcept { return payload_type(transaction, 0); }
Number payload_length(const Transaction& transaction, unsigned instance) noexcept {
  const auto* const payload = at(transaction).payload(instance);
  return payload != nullptr ? Number(payload->length) : Number();
}
Number first_length(const Transaction& transaction) noexcept { return payload_length(transaction, 0); }

/// Of the payload numbered `instance` among those of two types.
const IkeMessage::Payload* payload_of(const Transaction& transaction, std::uint8_t type_1,
                                      std::uint8_t type_2, unsigned instance) noexcept {
  const IkeMessage& message = at(transaction);
  const std::uint8_t wanted = message.version == 1 ? type_1 : type_2;
  for (std::size_t i = 0; i < message.payload_count(); ++i)
    if (message.payload(i)->type == wanted && instance-- == 0) return message.payload(i);
  return nullptr;
}
Number notify_type(const Transaction& transaction, unsigned instance) noexcept {
  const auto* const payload = payload_of(transaction, PayloadType::notify_1, PayloadType::notify, instance);
  if (payload == nullptr) return {};
  ByteReader in(payload->body);
  if (at(transaction).version == 1) in.skip(4);  // domain of interpretation
  in.skip(2);
  const std::uint16_t type = in.u16();
  return in.ok() ? type : 0;
}
Number first_notify_type(const Transaction& transaction) noexcept { return notify_type(transaction, 0); }
Number fragment_length(const Transaction& transaction) noexcept {
  const auto* const payload =
      payload_of(transaction, PayloadType::fragment_1, PayloadType::encrypted_fragment, 0);
  return payload != nullptr ? Number(payload->length) : Number();
}
template <Attribute attribute>
Number chosen(const Transaction& transaction) noexcept {
  return at(transaction).attribute(attribute);
}

constexpr auto kServer = Side::server;

constexpr Buffer entry(std::string_view name, std::string_view help, Side side,
                       Found (*get)(Transaction&, unsigned) noexcept, bool several = false) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get, .several = several};
}

template <Side side>
constexpr std::array<Buffer, 5> buffers_of() noexcept {
  return {entry("ike.init_spi", "the initiator's SPI in hexadecimal", side, spi<&IkeMessage::initiator_spi>),
          entry("ike.resp_spi", "the responder's SPI in hexadecimal", side, spi<&IkeMessage::responder_spi>),
          entry("ike.vendor", "each vendor id in hexadecimal", side, vendor_id, true),
          entry("ike.key_exchange_payload", "the public value of the key exchange", side,
                content<&IkeMessage::key_exchange>),
          entry("ike.nonce_payload", "the nonce", side, content<&IkeMessage::nonce>)};
}
constexpr auto kOfClient = buffers_of<Side::client>();
constexpr auto kOfServer = buffers_of<Side::server>();
constexpr std::array kBuffers{kOfClient[0], kOfServer[0], kOfClient[1], kOfServer[1], kOfClient[2],
                              kOfServer[2], kOfClient[3], kOfServer[3], kOfClient[4], kOfServer[4]};

constexpr Field several(Field field, Number (*more)(const Transaction&, unsigned) noexcept) noexcept {
  field.more = more;
  return field;
}

template <Side side>
constexpr std::array<Field, 13> fields_of() noexcept {
  return {
      message_field("ike.exchtype", "the type of exchange", side, number<&IkeMessage::exchange>,
                    kExchangeNames),
      message_field("ike.version", "1 or 2", side, number<&IkeMessage::version>),
      message_field("ike.flags", "the header's flags", side, number<&IkeMessage::flags>),
      message_field("ike.message_id", "the header's message id", side, number<&IkeMessage::message_id>),
      message_field("ike.length", "the message's length, as stated", side, number<&IkeMessage::length>),
      message_field("ike.payload_count", "payloads in the clear", side, payload_count),
      several(message_field("ike.payload_type", "the type of a payload", side, first_type), payload_type),
      several(message_field("ike.payload_length", "the length of a payload, as stated", side, first_length),
              payload_length),
      several(message_field("ike.notify_type", "the type of a notification", side, first_notify_type),
              notify_type),
      message_field("ike.fragment_length", "the length of a fragment's payload, as stated", side,
                    fragment_length),
      message_field("ike.proposal_count", "proposals of security associations", side,
                    number<&IkeMessage::proposals>),
      message_field("ike.key_exchange_payload_length", "bytes of the key exchange's public value", side,
                    size_of<&IkeMessage::key_exchange>),
      message_field("ike.nonce_payload_length", "bytes of the nonce", side, size_of<&IkeMessage::nonce>),
  };
}

constexpr std::string_view kChosen = "what the responder has chosen (ike.chosen_sa_attribute)";
constexpr std::array<Field, 10> kChosenFields{
    message_field("ike.alg_enc", kChosen, kServer, chosen<Attribute::alg_enc>),
    message_field("ike.alg_hash", kChosen, kServer, chosen<Attribute::alg_hash>),
    message_field("ike.alg_auth", kChosen, kServer, chosen<Attribute::alg_auth>),
    message_field("ike.alg_dh", kChosen, kServer, chosen<Attribute::alg_dh>),
    message_field("ike.alg_prf", kChosen, kServer, chosen<Attribute::alg_prf>),
    message_field("ike.sa_group_type", kChosen, kServer, chosen<Attribute::group_type>),
    message_field("ike.sa_life_type", kChosen, kServer, chosen<Attribute::life_type>),
    message_field("ike.sa_life_duration", kChosen, kServer, chosen<Attribute::life_duration>),
    message_field("ike.sa_key_length", kChosen, kServer, chosen<Attribute::key_length>),
    message_field("ike.sa_field_size", kChosen, kServer, chosen<Attribute::field_size>),
};

constexpr auto kFields = [] {
  constexpr auto kClientFields = fields_of<Side::client>();
  constexpr auto kServerFields = fields_of<Side::server>();
  std::array<Field, 2 * kClientFields.size() + kChosenFields.size()> all{};
  std::size_t at_end = 0;
  for (const Field& field : kClientFields) all[at_end++] = field;
  for (const Field& field : kServerFields) all[at_end++] = field;
  for (const Field& field : kChosenFields) all[at_end++] = field;
  return all;
}();

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }
std::span<const Field> fields() noexcept { return kFields; }

}  // namespace bansoko::proto::ike
