// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ldap/filter_text.h"

#include <algorithm>

namespace bansoko::proto::ldap {
namespace {

// RFC 4511 section 4.5.1.
enum Choice : std::uint8_t {
  choice_and = 0xa0,
  choice_or = 0xa1,
  choice_not = 0xa2,
  choice_equal = 0xa3,
  choice_substrings = 0xa4,
  choice_greater_or_equal = 0xa5,
  choice_less_or_equal = 0xa6,
  choice_present = 0x87,
  choice_approximate = 0xa8,
  choice_extensible = 0xa9,
};

enum Substring : std::uint8_t { initial = 0x80, any = 0x81, last = 0x82 };
enum MatchingRule : std::uint8_t { rule_id = 0x81, rule_type = 0x82, rule_value = 0x83, rule_of_dn = 0x84 };

}  // namespace

void FilterText::clear() noexcept {
  size_ = 0;
  depth_ = 0;
  is_here_ = false;
}

AnomalyBits FilterText::write(const BerElement& filter, BerReader::TooLong at_end) noexcept {
  clear();
  is_here_ = true;
  at_end_ = at_end;
  anomalies_ = 0;
  write_part(filter, 1);
  return anomalies_;
}

void FilterText::write_part(const BerElement& part, std::size_t depth) noexcept {
  depth_ = std::max<std::uint64_t>(depth_, depth);
  if (depth > most_depth_) {
    anomalies_ |= bit(filter_depth);
    return;
  }
  put('(');
  switch (part.tag) {
    case choice_and:
      write_parts('&', part.content, depth);
      break;
    case choice_or:
      write_parts('|', part.content, depth);
      break;
    case choice_not:
      write_parts('!', part.content, depth);
      break;
    case choice_equal:
      write_assertion("=", part.content);
      break;
    case choice_substrings:
      write_substrings(part.content);
      break;
    case choice_greater_or_equal:
      write_assertion(">=", part.content);
      break;
    case choice_less_or_equal:
      write_assertion("<=", part.content);
      break;
    case choice_approximate:
      write_assertion("~=", part.content);
      break;
    case choice_present:
      put_escaped(part.content);
      put("=*");
      break;
    case choice_extensible:
      write_extensible(part.content);
      break;
    default:
      anomalies_ |= bit(malformed_data);
      break;
  }
  put(')');
}

void FilterText::write_parts(char sign, Bytes parts, std::size_t depth) noexcept {
  put(sign);
  BerReader in = reader(parts);
  while (!in.at_end()) {
    const BerElement part = in.next();
    if (in.ok()) write_part(part, depth + 1);
  }
  if (!in.ok()) anomalies_ |= bit(malformed_data);
}

void FilterText::write_assertion(std::string_view sign, Bytes assertion) noexcept {
  BerReader in = reader(assertion);
  put_escaped(in.take(BerReader::kOctets));
  put(sign);
  put_escaped(in.take(BerReader::kOctets));
  if (!in.ok()) anomalies_ |= bit(malformed_data);
}

void FilterText::write_substrings(Bytes assertion) noexcept {
  BerReader in = reader(assertion);
  put_escaped(in.take(BerReader::kOctets));
  put('=');
  BerReader pieces = reader(in.take(BerReader::kSequence));
  std::uint8_t before = any;
  while (!pieces.at_end()) {
    const BerElement piece = pieces.next();
    if (piece.tag != initial) put('*');
    put_escaped(piece.content);
    before = piece.tag;
  }
  if (before != last) put('*');
  if (!in.ok() || !pieces.ok()) anomalies_ |= bit(malformed_data);
}

// "type:dn:rule:=value", of which all but the value may be missing.
void FilterText::write_extensible(Bytes assertion) noexcept {
  BerReader in = reader(assertion);
  const auto rule = in.take_if(rule_id);
  const auto type = in.take_if(rule_type);
  const Bytes wanted = in.take(rule_value);
  const auto of_dn = in.take_if(rule_of_dn);
  if (!in.ok()) anomalies_ |= bit(malformed_data);
  if (type) put_escaped(*type);
  if (of_dn && !of_dn->empty() && of_dn->front() != 0) put(":dn");
  if (rule) {
    put(':');
    put_escaped(*rule);
  }
  put(":=");
  put_escaped(wanted);
}

void FilterText::put(char c) noexcept {
  if (size_ == text_.size()) {
    anomalies_ |= bit(filter_limit);
    return;
  }
  text_[size_++] = static_cast<std::uint8_t>(c);
}

void FilterText::put(std::string_view text) noexcept {
  for (const char c : text) put(c);
}

void FilterText::put_escaped(Bytes value) noexcept {
  constexpr std::string_view kEscaped{"*()\\\0", 5};
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const std::uint8_t byte : value) {
    const char c = static_cast<char>(byte);
    if (kEscaped.find(c) == std::string_view::npos) {
      put(c);
    } else {
      put('\\');
      put(kDigits[byte >> 4U]);
      put(kDigits[byte & 0xfU]);
    }
  }
}

}  // namespace bansoko::proto::ldap
