// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// DCE/RPC packets ([C706] chapter 12), little-endian unless told otherwise.
namespace bansoko::traffic::dcerpc {

inline constexpr std::uint8_t kFirst = 1, kLast = 2, kOnly = 3, kObject = 0x80;

/// Writes numbers in one of the byte orders.
struct Order {
  bool little = true;

  std::string number(std::uint64_t value, std::size_t size) const {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
      bytes[little ? i : size - 1 - i] = static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
  }
  std::string u16(std::uint64_t value) const { return number(value, 2); }
  std::string u32(std::uint64_t value) const { return number(value, 4); }
};

/// A UUID by its number alone: xxxxxxxx-0102-0304-0506-0708090a0b0c.
inline std::string uuid(std::uint32_t number, Order order = {}) {
  return order.u32(number) + order.u16(0x0102) + order.u16(0x0304) + "\5\6\7\10\11\12\13\14";
}

struct Pdu {
  std::uint8_t type = 0;
  std::uint8_t flags = kOnly;
  std::uint32_t call = 1;
  std::string body = {};
  Order order = {};
  std::string verifier = {};  // its head included
};

inline std::string pdu(const Pdu& pdu) {
  const auto auth = pdu.verifier.size() < 8 ? 0 : pdu.verifier.size() - 8;
  std::string bytes = "\5";
  bytes += '\0';
  bytes += static_cast<char>(pdu.type);
  bytes += static_cast<char>(pdu.flags);
  bytes += pdu.order.little ? '\x10' : '\0';
  bytes += std::string(3, '\0');
  return bytes + pdu.order.u16(16 + pdu.body.size() + pdu.verifier.size()) + pdu.order.u16(auth) +
         pdu.order.u32(pdu.call) + pdu.body + pdu.verifier;
}

struct Offer {
  std::uint16_t context = 0;
  std::uint32_t interface = 0;  // for uuid()
  std::uint32_t version = 1;
  std::vector<std::string> syntaxes = {};  // none: NDR alone
};

inline std::string ndr(Order order = {}) { return uuid(0x8a885d04, order) + order.u32(2); }
/// [MS-RPCE] section 2.2.4.12.
inline std::string ndr64(Order order = {}) {
  return order.u32(0x71710533) + order.u16(0xbeba) + order.u16(0x4937) + "\x83\x19\xb5\xdb\xef\x9c\xcc\x36" +
         order.u32(1);
}

inline std::string bind(const std::vector<Offer>& offers, Order order = {}, std::uint8_t type = 11) {
  std::string body = order.u16(5840) + order.u16(5840) + order.u32(0);
  body += static_cast<char>(offers.size());
  body += std::string(3, '\0');
  for (const Offer& offer : offers) {
    const std::vector<std::string> only{ndr(order)};
    const auto& syntaxes = offer.syntaxes.empty() ? only : offer.syntaxes;
    body += order.u16(offer.context) + order.number(syntaxes.size(), 1) + std::string(1, '\0') +
            uuid(offer.interface, order) + order.u32(offer.version);
    for (const std::string& syntax : syntaxes) body += syntax;
  }
  return pdu({.type = type, .body = body, .order = order});
}

inline std::string bind_ack(const std::vector<std::uint16_t>& results, Order order = {},
                            std::uint8_t type = 12, const std::string& syntax = ndr()) {
  std::string body =
      order.u16(5840) + order.u16(5840) + order.u32(7) + order.u16(4) + std::string("135\0", 4);
  while (body.size() % 4 != 0) body += '\0';
  body += static_cast<char>(results.size());
  body += std::string(3, '\0');
  for (const std::uint16_t result : results) body += order.u16(result) + order.u16(0) + syntax;
  return pdu({.type = type, .body = body, .order = order});
}

struct Request {
  std::uint16_t context = 0;
  std::uint16_t opnum = 0;
  std::string stub = {};
  std::uint8_t flags = kOnly;
  std::uint32_t call = 2;
  Order order = {};
  std::string verifier = {};
};

inline std::string request(const Request& request) {
  const std::string object = (request.flags & kObject) != 0 ? std::string(16, 'o') : "";
  return pdu({.type = 0,
              .flags = request.flags,
              .call = request.call,
              .body = request.order.u32(0xFFFFFFFF) + request.order.u16(request.context) +
                      request.order.u16(request.opnum) + object + request.stub,
              .order = request.order,
              .verifier = request.verifier});
}

inline std::string response(std::string_view stub, std::uint32_t call = 2, std::uint8_t flags = kOnly,
                            std::uint16_t context = 0) {
  const Order order;
  return pdu({.type = 2,
              .flags = flags,
              .call = call,
              .body = order.u32(0) + order.u16(context) + std::string(2, '\0') + std::string(stub)});
}

struct Datagram {
  std::uint32_t interface = 0;
  std::uint16_t opnum = 0;
  std::string body = {};
  std::uint32_t sequence = 1;
  std::uint16_t fragment = 0;
  std::uint8_t flags = 0;  // 4: a fragment, 2: the last
  std::uint8_t type = 0;
  Order order = {};
};

inline std::string datagram(const Datagram& of) {
  std::string bytes = "\4";
  bytes += static_cast<char>(of.type);
  bytes += static_cast<char>(of.flags);
  bytes += '\0';
  bytes += of.order.little ? '\x10' : '\0';
  bytes += std::string(3, '\0');
  return bytes + std::string(16, '\0') + uuid(of.interface, of.order) + std::string(16, 'a') +
         of.order.u32(0) + of.order.u32(1) + of.order.u32(of.sequence) + of.order.u16(of.opnum) +
         std::string(4, '\xFF') + of.order.u16(of.body.size()) + of.order.u16(of.fragment) +
         std::string(2, '\0') + of.body;
}

}  // namespace bansoko::traffic::dcerpc
