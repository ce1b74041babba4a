// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ldap/message.h"

#include <algorithm>
#include <array>

namespace bansoko::proto::ldap {
namespace {

enum Choice : std::uint8_t { choice_0 = 0x80, choice_1 = 0x81, sasl_choice = 0xa3, referral_choice = 0xa3 };
constexpr std::uint8_t kControls = 0xa0;
constexpr std::uint8_t kApplication = 0x40, kConstructed = 0x20, kTagNumber = 0x1f;

constexpr std::array kOperations{bind_request,
                                 bind_response,
                                 unbind_request,
                                 search_request,
                                 search_result_entry,
                                 search_result_done,
                                 modify_request,
                                 modify_response,
                                 add_request,
                                 add_response,
                                 del_request,
                                 del_response,
                                 mod_dn_request,
                                 mod_dn_response,
                                 compare_request,
                                 compare_response,
                                 abandon_request,
                                 extended_request,
                                 search_result_reference,
                                 extended_response,
                                 intermediate_response};

// Those whose type is NULL, a string or a number.
constexpr bool is_primitive(std::uint8_t operation) noexcept {
  return operation == unbind_request || operation == del_request || operation == abandon_request;
}

Number number_in(BerReader& in, std::uint8_t tag) noexcept {
  const std::uint64_t value = in.integer(tag);
  return in.ok() ? Number(value) : std::nullopt;
}

std::optional<Bytes> string_in(BerReader& in) noexcept {
  const Bytes text = in.take(BerReader::kOctets);
  return in.ok() ? std::optional(text) : std::nullopt;
}

}  // namespace

std::optional<Operation> operation_of(std::uint8_t tag) noexcept {
  const std::uint8_t number = tag & kTagNumber;
  const auto found = std::ranges::find(kOperations, number);
  if (found == kOperations.end()) return std::nullopt;
  const std::uint8_t form = is_primitive(number) ? kApplication : kApplication | kConstructed;
  return (tag & ~kTagNumber) == form ? std::optional(*found) : std::nullopt;
}

bool is_request(std::uint64_t operation) noexcept {
  switch (operation) {
    case bind_request:
    case unbind_request:
    case search_request:
    case modify_request:
    case add_request:
    case del_request:
    case mod_dn_request:
    case compare_request:
    case abandon_request:
    case extended_request:
      return true;
    default:
      return false;
  }
}

Message::Message(const Limits& limits)
    : attribute_types(limits.values),
      attribute_values(limits.values),
      controls(limits.values),
      filter(limits.filter_size, limits.filter_depth),
      referrals(limits.values) {}

void Message::clear() noexcept {
  for (Number* const number : {&operation, &id, &version, &authentication, &abandoned, &scope, &deref_aliases,
                               &size_limit, &time_limit, &result_code, &count})
    number->reset();
  for (std::optional<Bytes>* const text :
       {&dn, &mechanism, &credentials, &new_rdn, &diagnostic, &name, &value})
    text->reset();
  for (Views* const views : {&attribute_types, &attribute_values, &controls, &referrals}) views->clear();
  filter.clear();
  anomalies_ = 0;
}

AnomalyBits Message::read(Bytes bytes, bool is_cut) noexcept {
  clear();
  at_end_ = is_cut ? BerReader::TooLong::is_cut : BerReader::TooLong::fails;
  BerReader outer = reader(bytes);
  BerReader in = reader(outer.take(BerReader::kSequence));
  id = number_in(in, BerReader::kInteger);
  bool is_whole = outer.ok() && id && read_operation(in);
  if (const auto list = in.take_if(kControls)) is_whole = read_controls(*list) && is_whole;
  if (!is_whole) anomalies_ |= bit(malformed_data);
  // Where it ends for us is not where it ends.
  return is_cut ? anomalies_ & ~bit(malformed_data) : anomalies_;
}

bool Message::read_operation(BerReader& in) noexcept {
  const BerElement element = in.next();
  const auto known = operation_of(element.tag);
  if (!in.ok() || !known) return false;
  operation = *known;
  const BerReader content = reader(element.content);
  switch (*known) {
    case bind_request:
      return read_bind(content);
    case unbind_request:
      return true;
    case search_request:
      return read_search(content);
    case search_result_entry:
    case add_request:
      return read_entry(content);
    case search_result_reference:
      return read_uris(content);
    case modify_request:
      return read_modify(content);
    case del_request:
      dn = element.content;
      return true;
    case mod_dn_request:
      return read_mod_dn(content);
    case compare_request:
      return read_compare(content);
    case abandon_request:
      abandoned = read_int32(element.content);
      return abandoned.has_value();
    case extended_request:
    case intermediate_response:
      return read_extended(content);
    default:
      return read_result(content);
  }
}

bool Message::read_bind(BerReader in) noexcept {
  version = number_in(in, BerReader::kInteger);
  dn = string_in(in);
  const BerElement proof = in.next();
  if (!in.ok()) return false;
  authentication = proof.tag & kTagNumber;
  if (proof.tag != sasl_choice) {
    credentials = proof.content;
    return true;
  }
  BerReader sasl = reader(proof.content);
  mechanism = string_in(sasl);
  credentials = sasl.take_if(BerReader::kOctets);
  return sasl.ok();
}

bool Message::read_search(BerReader in) noexcept {
  dn = string_in(in);
  scope = number_in(in, BerReader::kEnumerated);
  deref_aliases = number_in(in, BerReader::kEnumerated);
  size_limit = number_in(in, BerReader::kInteger);
  time_limit = number_in(in, BerReader::kInteger);
  in.take(BerReader::kBoolean);  // typesOnly
  const BerElement whole_filter = in.next();
  if (!in.ok()) return false;
  anomalies_ |= filter.write(whole_filter, at_end_);
  BerReader wanted = reader(in.take(BerReader::kSequence));
  while (!wanted.at_end()) {
    const Bytes type = wanted.take(BerReader::kOctets);
    if (wanted.ok()) add(attribute_types, type);
  }
  return in.ok() && wanted.ok();
}

/// A type and the set of its values.
bool Message::read_attribute(Bytes content) noexcept {
  BerReader in = reader(content);
  const auto type = string_in(in);
  if (!type) return false;
  add(attribute_types, *type);
  BerReader values = reader(in.take(BerReader::kSet));
  while (!values.at_end()) {
    const Bytes one = values.take(BerReader::kOctets);
    if (values.ok()) add(attribute_values, one);
  }
  return in.ok() && values.ok();
}

bool Message::read_attributes(Bytes list) noexcept {
  BerReader in = reader(list);
  while (!in.at_end())
    if (!read_attribute(in.take(BerReader::kSequence))) return false;
  return in.ok();
}

bool Message::read_entry(BerReader in) noexcept {
  dn = string_in(in);
  const Bytes list = in.take(BerReader::kSequence);
  return in.ok() && read_attributes(list);
}

bool Message::read_modify(BerReader in) noexcept {
  dn = string_in(in);
  BerReader changes = reader(in.take(BerReader::kSequence));
  while (!changes.at_end()) {
    BerReader change = reader(changes.take(BerReader::kSequence));
    change.take(BerReader::kEnumerated);  // add, delete, replace
    const Bytes attribute = change.take(BerReader::kSequence);
    if (!change.ok() || !read_attribute(attribute)) return false;
  }
  return in.ok() && changes.ok();
}

bool Message::read_mod_dn(BerReader in) noexcept {
  dn = string_in(in);
  new_rdn = string_in(in);
  in.take(BerReader::kBoolean);  // deleteoldrdn
  value = in.take_if(choice_0);  // newSuperior
  return in.ok();
}

bool Message::read_compare(BerReader in) noexcept {
  dn = string_in(in);
  BerReader assertion = reader(in.take(BerReader::kSequence));
  const auto type = string_in(assertion);
  const auto wanted = string_in(assertion);
  if (type) add(attribute_types, *type);
  if (wanted) add(attribute_values, *wanted);
  return in.ok() && assertion.ok();
}

// RFC 4511 section 4.1.9, and what a BindResponse and an ExtendedResponse add (sections 4.2.2 and 4.12).
bool Message::read_result(BerReader in) noexcept {
  constexpr std::uint8_t kServerSaslCredentials = 0x87, kName = 0x8a, kValue = 0x8b;
  result_code = number_in(in, BerReader::kEnumerated);
  dn = string_in(in);
  diagnostic = string_in(in);
  bool is_whole = in.ok();
  if (const auto uris = in.take_if(referral_choice)) is_whole = read_uris(reader(*uris)) && is_whole;
  if (const auto answer = in.take_if(kServerSaslCredentials)) value = answer;
  name = in.take_if(kName);
  if (const auto answer = in.take_if(kValue)) value = answer;
  return is_whole && in.ok();
}

bool Message::read_extended(BerReader in) noexcept {
  name = in.take_if(choice_0);
  value = in.take_if(choice_1);
  return in.ok() && (name || *operation != extended_request);
}

bool Message::read_uris(BerReader in) noexcept {
  while (!in.at_end()) {
    const Bytes uri = in.take(BerReader::kOctets);
    if (in.ok()) add(referrals, uri);
  }
  return in.ok();
}

bool Message::read_controls(Bytes list) noexcept {
  BerReader in = reader(list);
  while (!in.at_end()) {
    BerReader control = reader(in.take(BerReader::kSequence));
    const auto type = string_in(control);
    if (!type) return false;
    add(controls, *type);
  }
  return in.ok();
}

}  // namespace bansoko::proto::ldap
