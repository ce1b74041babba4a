// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/both_sides.h"
#include "shield/proto/krb5/krb5_parser.h"

namespace bansoko::proto::krb5 {
namespace {

const Message* message_of(const Transaction& transaction) noexcept {
  return static_cast<const Krb5Transaction&>(transaction).message;
}

template <auto kPart>
std::optional<Bytes> text(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr || instance != 0 ? std::nullopt : message->*kPart;
}
template <auto kName>
std::optional<Bytes> name(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : (message->*kName).at(instance);
}
template <auto kNumber>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : message->*kNumber;
}
template <auto kNumbers>
std::optional<std::uint64_t> later(const Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  return message == nullptr ? std::nullopt : (message->*kNumbers).at(instance);
}
template <auto kNumbers>
std::optional<std::uint64_t> first(const Transaction& transaction) noexcept {
  return later<kNumbers>(transaction, 0);
}

constexpr Buffer buffer(std::string_view called, std::string_view help,
                        std::optional<Bytes> (*get)(Transaction&, unsigned) noexcept,
                        bool several = false) noexcept {
  return {.name = called,
          .help = help,
          .side = Side::client,
          .ready_at = kComplete,
          .get = get,
          .several = several};
}

constexpr std::array kRows{
    buffer("krb5.cname", "the client's name, part by part", name<&Message::cname>, true),
    buffer("krb5.sname", "the service's name, part by part", name<&Message::sname>, true),
    buffer("krb5.realm", "the service's realm; of an answer that of its ticket", text<&Message::realm>),
    buffer("krb5.crealm", "the client's realm, in answers", text<&Message::client_realm>),
    buffer("krb5.error_text", "what an error says in words", text<&Message::error_text>),
};

constexpr std::array kTypeNames{NamedValue{"as_req", as_req},   NamedValue{"as_rep", as_rep},
                                NamedValue{"tgs_req", tgs_req}, NamedValue{"tgs_rep", tgs_rep},
                                NamedValue{"ap_req", ap_req},   NamedValue{"ap_rep", ap_rep},
                                NamedValue{"error", krb_error}};

constexpr Field field(std::string_view called, std::string_view help,
                      std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                      std::span<const NamedValue> names = {}) noexcept {
  return {
      .name = called, .help = help, .side = Side::client, .ready_at = kComplete, .names = names, .get = get};
}
template <auto kNumbers>
constexpr Field numbers(std::string_view called, std::string_view help) noexcept {
  Field several = field(called, help, first<kNumbers>);
  several.more = later<kNumbers>;
  return several;
}

constexpr std::array kNumbers{
    field("krb5.msg_type", "the message's type", number<&Message::type>, kTypeNames),
    field("krb5.err_code", "an error's code", number<&Message::error_code>),
    field("krb5.kdc_options", "the flags of a request", number<&Message::options>),
    field("krb5.cname_type", "the type of the client's name", number<&Message::cname_type>),
    field("krb5.sname_type", "the type of the service's name", number<&Message::sname_type>),
    numbers<&Message::encryption>("krb5.encryption", "each type that a request offers, or that of an answer"),
    field("krb5.ticket_encryption", "the type that a ticket is encrypted by",
          number<&Message::ticket_encryption>),
    field("krb5.authorization_encryption", "the type of the authorization data in a request",
          number<&Message::authorization_encryption>),
    numbers<&Message::padata_types>("krb5.padata_type", "each type of pre-authentication data"),
    field("krb5.include_pac", "whether a request asks for a PAC, if it says so: 0 or 1",
          number<&Message::include_pac>),
};

constexpr auto kBuffers = for_both_sides(kRows);
constexpr auto kFields = for_both_sides(kNumbers);

}  // namespace

std::span<const Buffer> message_buffers() noexcept { return kBuffers; }
std::span<const Field> message_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::krb5
