// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/krb5/message.h"

#include <algorithm>

namespace bansoko::proto::krb5 {
namespace {

constexpr std::uint8_t kApplication = 0x60, kContext = 0xa0, kTagNumber = 0x1f;
constexpr std::uint8_t kTicket = 0x61, kGeneralString = 0x1b, kBitString = 0x03;
constexpr std::array kTypes{as_req, as_rep, tgs_req, tgs_rep, ap_req, ap_rep, krb_error};

}  // namespace

void Message::clear() noexcept {
  for (Number* const each : {&type, &error_code, &options, &cname_type, &sname_type, &ticket_encryption,
                             &include_pac, &authorization_encryption})
    each->reset();
  for (std::optional<Bytes>* const each : {&realm, &client_realm, &error_text}) each->reset();
  cname.clear();
  sname.clear();
  encryption.clear();
  padata_types.clear();
  anomalies_ = 0;
}

AnomalyBits Message::read(Bytes bytes, bool is_cut) noexcept {
  clear();
  at_end_ = is_cut ? BerReader::TooLong::is_cut : BerReader::TooLong::fails;
  BerReader outer = reader(bytes);
  const BerElement message = outer.next();
  const std::uint8_t known = message.tag & kTagNumber;
  if (!outer.ok() || (message.tag & ~kTagNumber) != kApplication ||
      std::ranges::find(kTypes, known) == kTypes.end())
    return bit(malformed_data);
  type = known;
  switch (known) {
    case as_req:
    case tgs_req:
      read_fields(message.content, &Message::read_request_field);
      break;
    case as_rep:
    case tgs_rep:
      read_fields(message.content, &Message::read_answer_field);
      break;
    case krb_error:
      read_fields(message.content, &Message::read_error_field);
      break;
    default:
      read_fields(message.content, &Message::read_ap_field);
      break;
  }
  const bool is_answer = known == as_rep || known == tgs_rep;
  if (const auto chosen = encryption.at(0); is_answer && chosen && is_weak(*chosen))
    anomalies_ |= bit(weak_encryption);
  // Where it ends for us is not where it ends.
  return is_cut ? anomalies_ & ~bit(malformed_data) : anomalies_;
}

/// A sequence of fields, each in a tag of its own.
void Message::read_fields(Bytes content, ReadField read_field) noexcept {
  BerReader outer = reader(content);
  BerReader in = reader(outer.take(BerReader::kSequence));
  while (!in.at_end()) {
    const BerElement field = in.next();
    if (!in.ok() || (field.tag & ~kTagNumber) != kContext) return fail();
    (this->*read_field)(field.tag & kTagNumber, field.content);
  }
  if (!outer.ok() || !in.ok()) fail();
}

Number Message::number(Bytes content) noexcept {
  BerReader in = reader(content);
  const Number value = read_int32(in.take(BerReader::kInteger));
  if (!value) fail();
  return value;
}

std::optional<Bytes> Message::text(Bytes content) noexcept {
  BerReader in = reader(content);
  const Bytes found = in.take(kGeneralString);
  if (in.ok()) return found;
  fail();
  return std::nullopt;
}

// Section 5.2.9: the type is the first field.
Number Message::encryption_of(Bytes encrypted_data) noexcept {
  BerReader outer = reader(encrypted_data);
  BerReader in = reader(outer.take(BerReader::kSequence));
  const Bytes first = in.take(kContext);
  if (in.ok()) return number(first);
  fail();
  return std::nullopt;
}

// Section 5.2.2.
void Message::read_name(Bytes content, Number& name_type, Several<Bytes>& parts) noexcept {
  BerReader outer = reader(content);
  BerReader in = reader(outer.take(BerReader::kSequence));
  const Bytes stated = in.take(kContext);
  if (!in.ok()) return fail();
  name_type = number(stated);
  BerReader strings = reader(in.take(kContext | 1U));
  BerReader each = reader(strings.take(BerReader::kSequence));
  while (!each.at_end()) {
    const Bytes part = each.take(kGeneralString);
    if (each.ok()) add(parts, part);
  }
  if (!in.ok() || !strings.ok() || !each.ok()) fail();
}

// Section 5.3. Only what an answer grants is looked at by name, since the fields of a message say the same.
void Message::read_ticket(Bytes content) noexcept {
  BerReader outer = reader(content);
  BerReader inner = reader(outer.take(kTicket));
  BerReader in = reader(inner.take(BerReader::kSequence));
  in.skip_if(kContext);  // tkt-vno
  const auto issuer = in.take_if(kContext | 1U);
  const auto name = in.take_if(kContext | 2U);
  const Bytes encrypted = in.take(kContext | 3U);
  if (!in.ok()) return fail();
  if (issuer && !realm) realm = text(*issuer);
  if (name) read_name(*name, sname_type, sname);
  ticket_encryption = encryption_of(encrypted);
}

// Section 5.2.7.
void Message::read_padata(Bytes content) noexcept {
  BerReader outer = reader(content);
  BerReader in = reader(outer.take(BerReader::kSequence));
  while (!in.at_end()) {
    const Bytes entry = in.take(BerReader::kSequence);
    if (in.ok()) read_padata_entry(entry);
  }
  if (!outer.ok() || !in.ok()) fail();
}

void Message::read_padata_entry(Bytes content) noexcept {
  constexpr std::uint64_t kTgsRequest = 1, kPacRequest = 128;  // [MS-KILE] section 2.2.3
  BerReader in = reader(content);
  const Bytes stated = in.take(kContext | 1U);
  const Bytes held = in.take(kContext | 2U);
  if (!in.ok()) return fail();
  const Number kind = number(stated);
  if (!kind) return;
  add(padata_types, *kind);
  BerReader value_in = reader(held);
  const Bytes value = value_in.take(BerReader::kOctets);
  if (*kind == kTgsRequest) {
    BerReader request = reader(value);
    read_fields(request.take(kApplication | ap_req), &Message::read_ap_field);
    if (!request.ok()) fail();
  } else if (*kind == kPacRequest) {
    BerReader request = reader(value);
    BerReader fields = reader(request.take(BerReader::kSequence));
    BerReader wanted = reader(fields.take(kContext));
    const Bytes said = wanted.take(BerReader::kBoolean);
    if (wanted.ok() && said.size() == 1) include_pac = said.front() == 0 ? 0 : 1;
  }
}

void Message::read_encryption_types(Bytes content) noexcept {
  BerReader outer = reader(content);
  BerReader in = reader(outer.take(BerReader::kSequence));
  while (!in.at_end()) {
    const Number each = read_int32(in.take(BerReader::kInteger));
    if (!each) return fail();
    add(encryption, *each);
  }
  if (!outer.ok()) fail();
}

// Section 5.4.1.
void Message::read_request_field(std::uint8_t field, Bytes content) noexcept {
  enum Field : std::uint8_t { padata = 3, body = 4 };
  if (field == padata) read_padata(content);
  if (field == body) read_fields(content, &Message::read_body_field);
}

void Message::read_body_field(std::uint8_t field, Bytes content) noexcept {
  enum Field : std::uint8_t {
    kdc_options = 0,
    client = 1,
    of_realm = 2,
    server = 3,
    etype = 8,
    authorization = 10
  };
  switch (field) {
    case kdc_options: {
      BerReader in = reader(content);
      ByteReader bits(in.take(kBitString));
      bits.skip(1);  // how many bits are not used
      const std::uint32_t flags = bits.u32();
      if (bits.ok()) options = flags;
      break;
    }
    case client:
      return read_name(content, cname_type, cname);
    case of_realm:
      realm = text(content);
      break;
    case server:
      // That of the ticket which a TGS-REQ bears is another one.
      sname.clear();
      return read_name(content, sname_type, sname);
    case etype:
      return read_encryption_types(content);
    case authorization:
      authorization_encryption = encryption_of(content);
      break;
    default:
      break;
  }
}

// Section 5.4.2.
void Message::read_answer_field(std::uint8_t field, Bytes content) noexcept {
  enum Field : std::uint8_t { padata = 2, of_client = 3, client = 4, ticket = 5, encrypted = 6 };
  switch (field) {
    case padata:
      return read_padata(content);
    case of_client:
      client_realm = text(content);
      break;
    case client:
      return read_name(content, cname_type, cname);
    case ticket:
      return read_ticket(content);
    case encrypted:
      if (const Number by = encryption_of(content)) add(encryption, *by);
      break;
    default:
      break;
  }
}

// Section 5.9.1.
void Message::read_error_field(std::uint8_t field, Bytes content) noexcept {
  enum Field : std::uint8_t { code = 6, of_client = 7, client = 8, of_realm = 9, server = 10, e_text = 11 };
  switch (field) {
    case code:
      error_code = number(content);
      break;
    case of_client:
      client_realm = text(content);
      break;
    case client:
      return read_name(content, cname_type, cname);
    case of_realm:
      realm = text(content);
      break;
    case server:
      return read_name(content, sname_type, sname);
    case e_text:
      error_text = text(content);
      break;
    default:
      break;
  }
}

// Section 5.5.1.
void Message::read_ap_field(std::uint8_t field, Bytes content) noexcept {
  constexpr std::uint8_t kTicketField = 3;
  if (field == kTicketField && *type != ap_rep) read_ticket(content);
}

// A message begins with a sequence, and that with the version: 5 in a tag of its own, the number of which is
// 1 in requests to a KDC, else 0.
Guess probe_message(Bytes bytes) noexcept {
  if (bytes.empty()) return Guess::maybe;
  ByteReader in(bytes);
  const std::uint8_t known = bytes.front() & kTagNumber;
  const bool is_known =
      std::ranges::find(kTypes, known) != kTypes.end() && known != ap_req && known != ap_rep;
  if ((bytes.front() & ~kTagNumber) != kApplication || !is_known) return Guess::no;
  const auto unfinished = [&in] { return in.rest().empty() ? Guess::maybe : Guess::no; };
  const auto message = read_ber_header(in);
  if (!message) return unfinished();
  const std::uint8_t version_tag = known == as_req || known == tgs_req ? kContext | 1U : kContext;
  for (const std::uint8_t tag : {BerReader::kSequence, version_tag}) {
    const auto header = read_ber_header(in);
    if (!header) return unfinished();
    if (header->first != tag || header->is_indefinite || header->size > message->size) return Guess::no;
  }
  constexpr std::array<std::uint8_t, 3> kFive{BerReader::kInteger, 1, 5};
  const Bytes seen = in.rest().first(std::min(in.rest().size(), kFive.size()));
  if (!std::equal(seen.begin(), seen.end(), kFive.begin())) return Guess::no;
  return seen.size() == kFive.size() ? Guess::yes : Guess::maybe;
}

}  // namespace bansoko::proto::krb5
