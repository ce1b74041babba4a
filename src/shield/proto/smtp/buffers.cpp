// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/smtp/mail.h"

namespace bansoko::proto::smtp {
namespace {

using Found = std::optional<Bytes>;

template <Single kind>
Found single(Transaction& transaction, unsigned instance) noexcept {
  return instance == 0 ? static_cast<const Mail&>(transaction).single(kind) : Found();
}

template <Listed kind>
Found listed(Transaction& transaction, unsigned instance) noexcept {
  return static_cast<const Mail&>(transaction).listed(kind, instance);
}

Found file(Transaction& transaction, unsigned instance) noexcept {
  return static_cast<const Mail&>(transaction).file(instance);
}

Found file_name(Transaction& transaction, unsigned instance) noexcept {
  return static_cast<const Mail&>(transaction).file_name(instance);
}

template <SumKind kind>
Found file_sum(Transaction& transaction, unsigned instance) noexcept {
  return static_cast<const Mail&>(transaction).sums.get(kind, instance);
}

template <Single kind>
constexpr Buffer one(std::string_view name, std::string_view help, std::uint8_t ready_at) {
  return {name, help, Side::client, ready_at, false, single<kind>};
}

using Getter = Found (*)(Transaction&, unsigned) noexcept;
constexpr Buffer many(std::string_view name, std::string_view help, std::uint8_t ready_at, Getter get) {
  return {name, help, Side::client, ready_at, true, get, true};
}

template <SumKind kind>
constexpr Buffer sum() {
  constexpr auto kRow = static_cast<std::size_t>(kind);
  return many(kSumNames[kRow], kSumHelp[kRow], kHeaders, file_sum<kind>);
}

constexpr std::array kBuffers{
    one<Single::helo>("smtp.helo", "what the client calls itself", kGreeted),
    one<Single::mail_from>("smtp.mail_from", "the sender in the envelope: \"<a@b.example>\"", kEnvelope),
    many("smtp.rcpt_to", "each recipient in the envelope", kEnvelope, listed<Listed::recipient>),
    one<Single::from>("email.from", "From, unfolded", kHeaders),
    one<Single::to>("email.to", "To", kHeaders),
    one<Single::cc>("email.cc", "Cc", kHeaders),
    one<Single::subject>("email.subject", "Subject, as it stands", kHeaders),
    one<Single::date>("email.date", "Date", kHeaders),
    one<Single::message_id>("email.message_id", "Message-ID", kHeaders),
    one<Single::x_mailer>("email.x_mailer", "X-Mailer", kHeaders),
    Buffer{"email.received", "each Received header", Side::client, kHeaders, false, listed<Listed::received>,
           true},
    many("email.url", "each link in a text, without http:// before it", kHeaders, listed<Listed::link>),
    many("file.data", "each part of the mail, decoded", kHeaders, file),
    many("file.name", "what such a part is called", kHeaders, file_name),
    sum<SumKind::size>(),
    sum<SumKind::md5>(),
    sum<SumKind::sha1>(),
    sum<SumKind::sha256>(),
};

constexpr std::size_t row_of(std::string_view name) {
  std::size_t row = 0;
  while (kBuffers[row].name != name) ++row;
  return row;
}

constexpr std::uint64_t bit(std::string_view name) { return std::uint64_t{1} << row_of(name); }

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }

Wanted Wanted::from(std::uint64_t bits) noexcept {
  constexpr std::uint64_t kFiles = bit("file.data") | bit("file.name") | bit("email.url") | bit("file.size") |
                                   bit("file.md5") | bit("file.sha1") | bit("file.sha256");
  return {.mail = bits >> row_of("email.from") != 0,
          .files = (bits & kFiles) != 0,
          .links = (bits & bit("email.url")) != 0,
          .sums = wanted_sums(kBuffers, bits, Side::client)};
}

}  // namespace bansoko::proto::smtp
