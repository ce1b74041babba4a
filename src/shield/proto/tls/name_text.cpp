// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/name_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "shield/proto/tls/der.h"

namespace bansoko::proto::tls {
namespace {

using namespace std::string_view_literals;

struct Attribute {
  std::string_view id;  // as DER holds it
  std::string_view name;
};

// The short names that people write; of the rest the numbers are written.
constexpr std::array kAttributes{
    Attribute{"\x55\x04\x03"sv, "CN"},
    Attribute{"\x55\x04\x04"sv, "surname"},
    Attribute{"\x55\x04\x05"sv, "serialNumber"},
    Attribute{"\x55\x04\x06"sv, "C"},
    Attribute{"\x55\x04\x07"sv, "L"},
    Attribute{"\x55\x04\x08"sv, "ST"},
    Attribute{"\x55\x04\x09"sv, "streetAddress"},
    Attribute{"\x55\x04\x0a"sv, "O"},
    Attribute{"\x55\x04\x0b"sv, "OU"},
    Attribute{"\x55\x04\x0c"sv, "title"},
    Attribute{"\x55\x04\x0d"sv, "description"},
    Attribute{"\x55\x04\x0f"sv, "businessCategory"},
    Attribute{"\x55\x04\x10"sv, "postalAddress"},
    Attribute{"\x55\x04\x11"sv, "postalCode"},
    Attribute{"\x55\x04\x29"sv, "name"},
    Attribute{"\x55\x04\x2a"sv, "givenName"},
    Attribute{"\x55\x04\x2b"sv, "initials"},
    Attribute{"\x55\x04\x2e"sv, "dnQualifier"},
    Attribute{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01"sv, "msJurisdictionLocality"},
    Attribute{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02"sv, "msJurisdictionStateOrProvince"},
    Attribute{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03"sv, "msJurisdictionCountry"},
    Attribute{"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"sv, "DC"},
    Attribute{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"sv, "Email"},
    Attribute{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02"sv, "unstructuredName"},
};

void write(std::string_view words, BudgetedBytes& text) {
  constexpr std::size_t kAmple = 1 << 20;  // it grows by doubling
  text.append(as_bytes(words), kAmple);
}

void write_number(std::uint64_t number, BudgetedBytes& text) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  write({digits.data(), end}, text);
}

// Two numbers in the first byte, seven bits in each further one (ITU-T X.690 section 8.19).
void write_object_id(Bytes id, BudgetedBytes& text) {
  std::uint64_t number = 0;
  bool is_first = true;
  for (const std::uint8_t byte : id) {
    number = number << 7 | (byte & 0x7fU);
    if ((byte & 0x80U) != 0) continue;
    const std::uint64_t top = is_first ? std::min<std::uint64_t>(number / 40, 2) : 0;
    if (is_first) write_number(top, text);
    write(".", text);
    write_number(is_first ? number - top * 40 : number, text);
    is_first = false;
    number = 0;
  }
}

void write_attribute_name(Bytes id, BudgetedBytes& text) {
  const auto known = std::ranges::find(kAttributes, as_text(id), &Attribute::id);
  known != kAttributes.end() ? write(known->name, text) : write_object_id(id, text);
}

// Characters of two bytes, as UTF-8; what is a half of one is left out.
void write_wide(Bytes characters, BudgetedBytes& text) {
  ByteReader in(characters);
  for (std::size_t i = 0; i < characters.size() / 2; ++i) {
    const unsigned c = in.u16();
    if (c >= 0xd800 && c < 0xe000) continue;
    std::array<std::uint8_t, 3> utf8{};
    std::size_t size = 0;
    if (c < 0x80) {
      utf8[size++] = static_cast<std::uint8_t>(c);
    } else {
      if (c >= 0x800) utf8[size++] = static_cast<std::uint8_t>(0xe0U | c >> 12U);
      utf8[size++] = static_cast<std::uint8_t>(c >= 0x800 ? 0x80U | (c >> 6U & 0x3fU) : 0xc0U | c >> 6U);
      utf8[size++] = static_cast<std::uint8_t>(0x80U | (c & 0x3fU));
    }
    write(as_text(Bytes(utf8).first(size)), text);
  }
}

}  // namespace

void write_name(Bytes name, BudgetedBytes& text) {
  BerReader sets(name);
  for (std::string_view between = ""; !sets.at_end(); between = ", ") {
    BerReader attributes(sets.take(der_set));
    if (!sets.ok()) return;
    for (; !attributes.at_end(); between = " + ") {
      BerReader attribute(attributes.take(der_sequence));
      const Bytes id = attribute.take(der_object_id);
      const BerElement value = attribute.next();
      if (!attribute.ok()) return;
      write(between, text);
      write_attribute_name(id, text);
      write("=", text);
      value.tag == der_bmp_string ? write_wide(value.content, text) : write(as_text(value.content), text);
    }
  }
}

void write_hexadecimal(Bytes bytes, Digits digits, BudgetedBytes& text) {
  const std::string_view signs = digits == Digits::upper ? "0123456789ABCDEF" : "0123456789abcdef";
  bool is_first = true;
  for (const std::uint8_t byte : bytes) {
    const std::array<char, 3> written{':', signs[byte >> 4U], signs[byte & 0xfU]};
    write(std::string_view(written.data(), written.size()).substr(is_first ? 1 : 0), text);
    is_first = false;
  }
}

}  // namespace bansoko::proto::tls
