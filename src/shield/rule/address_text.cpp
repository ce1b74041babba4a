// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "base/range.h"
#include "shield/rule/rule_text.h"
#include "shield/rule/set_kinds.h"

namespace bansoko::rule {
namespace {

using packet::Address;

constexpr unsigned kMappedBits = 96;  // ::ffff:0:0/96 holds IPv4

tl::unexpected<TextFault> refuse(std::size_t offset, std::string message, std::string_view valid) {
  return tl::unexpected(TextFault{offset, std::move(message), std::string(valid)});
}

Read<Address> read_address(std::string_view text, std::size_t offset) {
  auto address = packet::parse_address(text);
  if (!address) return refuse(offset, fmt::format("'{}' is not an address", text), AddressKind::valid);
  return *address;
}

AddressSet::Range network(const Address& address, unsigned length) {
  AddressSet::Range range{address, address};
  for (unsigned bit = length; bit < 128; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> bit % 8);
    range.first.bytes[bit / 8] = static_cast<std::uint8_t>(range.first.bytes[bit / 8] & ~mask);
    range.last.bytes[bit / 8] |= mask;
  }
  return range;
}

/// The length of a netmask such as 255.255.255.0.
std::optional<unsigned> mask_length(std::string_view text) {
  const auto mask = packet::parse_address(text);
  if (!mask || text.find(':') != std::string_view::npos) return {};
  unsigned length = kMappedBits;
  const auto is_set = [&](unsigned bit) { return (mask->bytes[bit / 8] & 0x80U >> bit % 8) != 0; };
  while (length < 128 && is_set(length)) ++length;
  for (unsigned bit = length; bit < 128; ++bit)
    if (is_set(bit)) return {};
  return length;
}

/// IPv6 written out, and IPv4 which lives inside its space, are two families: ::/0 does not hold 192.0.2.1.
AddressSet family_only(const AddressSet::Range& range) {
  const auto mapped = network(Address::v4(0, 0, 0, 0), kMappedBits);
  const AddressSet whole({range});
  const bool holds_more = range.first < mapped.first || mapped.last < range.last;
  return holds_more ? whole.without(AddressSet({mapped})) : whole;
}

Read<AddressSet> read_network(std::string_view text, std::size_t slash) {
  const auto address_text = trim(text.substr(0, slash));
  const auto length_text = trim(text.substr(slash + 1));
  const auto address = read_address(address_text, 0);
  if (!address) return tl::unexpected(address.error());
  const bool v4 = address_text.find(':') == std::string_view::npos;
  if (v4 && length_text.find('.') != std::string_view::npos) {
    if (const auto length = mask_length(length_text)) return AddressSet({network(*address, *length)});
    return refuse(slash + 1, fmt::format("'{}' is not a netmask", length_text), "/24 or /255.255.255.0");
  }
  const auto length = parse_number(length_text);
  const bool decimal = length_text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!length || !decimal || *length > (v4 ? 32 : 128))
    return refuse(slash + 1, fmt::format("'{}' is not a network length", length_text),
                  v4 ? "0 to 32" : "0 to 128");
  return family_only(network(*address, static_cast<unsigned>(*length) + (v4 ? kMappedBits : 0)));
}

Read<AddressSet> read_range(std::string_view text, std::size_t dash) {
  const auto first = read_address(trim(text.substr(0, dash)), 0);
  if (!first) return tl::unexpected(first.error());
  const auto last = read_address(trim(text.substr(dash + 1)), dash + 1);
  if (!last) return tl::unexpected(last.error());
  if (first->is_v4() != last->is_v4())
    return refuse(0, fmt::format("'{}' goes from one IP version to the other", text), "192.0.2.1-192.0.2.9");
  if (*last < *first)
    return refuse(0, fmt::format("'{}' ends before it begins", text), "the lower address first");
  return family_only({*first, *last});
}

}  // namespace

Read<AddressSet> AddressKind::literal(std::string_view text) {
  if (const auto slash = text.find('/'); slash != std::string_view::npos) return read_network(text, slash);
  if (const auto dash = text.find('-'); dash != std::string_view::npos) return read_range(text, dash);
  const auto address = read_address(text, 0);
  if (!address) return tl::unexpected(address.error());
  return AddressSet({{*address, *address}});
}

Result<AddressSet> parse_addresses(std::string_view text, const Variables& variables,
                                   std::size_t& error_offset) {
  auto set = AddressReader(variables.addresses, variables.ports).read(text);
  if (set) return std::move(*set);
  error_offset = set.error().offset;
  return fail(Errc::invalid, "{} (valid: {})", set.error().message, set.error().valid);
}

}  // namespace bansoko::rule
