// SPDX-License-Identifier: Apache-2.0
#include "tests/traffic/dcom.h"

#include <algorithm>
#include <cassert>
#include <vector>

namespace bansoko::traffic::dcom {
namespace {

enum Kind : std::uint8_t { request_kind = 0, bind_kind = 11, alter_context_kind = 14 };
enum Flag : std::uint8_t { first_fragment = 0x01, last_fragment = 0x02, has_object = 0x80 };

constexpr std::size_t kHeaderSize = 16;
constexpr std::size_t kRequestHeaderSize = kHeaderSize + 8;
constexpr std::string_view kNdr = "8a885d04-1ceb-11c9-9fe8-08002b104860";
constexpr std::uint8_t kNtlm = 10, kConnectLevel = 2;

/// Numbers in the order of one sender.
class Writer {
 public:
  explicit Writer(Order order) : order_(order) {}

  void u8(std::size_t value) { bytes_ += static_cast<char>(value & 0xffU); }
  void u16(std::size_t value) { number(value, 2); }
  void u32(std::size_t value) { number(value, 4); }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  void zeros(std::size_t count) { bytes_.append(count, '\0'); }
  void align(std::size_t to) { zeros((to - bytes_.size() % to) % to); }
  /// The first three fields are numbers, the rest bytes.
  void uuid(std::string_view text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c != '-'; });
    assert(digits.size() == 32);
    const auto value = [&digits](std::size_t at, std::size_t size) {
      return std::stoul(digits.substr(2 * at, 2 * size), nullptr, 16);
    };
    u32(value(0, 4));
    u16(value(4, 2));
    u16(value(6, 2));
    for (std::size_t i = 8; i < 16; ++i) u8(value(i, 1));
  }
  /// UTF-16 of ASCII.
  void wide(std::string_view text) {
    for (const char c : text) u16(static_cast<unsigned char>(c));
  }

  std::size_t size() const noexcept { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  void number(std::size_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) u8(value >> 8 * (order_ == Order::little ? i : size - 1 - i));
  }

  Order order_;
  std::string bytes_;
};

struct Header {
  Kind kind;
  std::uint8_t flags = first_fragment | last_fragment;
  std::uint32_t call;
  std::size_t authentication = 0;
};

std::string pdu(const Header& header, Order order, std::string_view body) {
  Writer out(order);
  out.u8(5);  // version 5.0
  out.u8(0);
  out.u8(header.kind);
  out.u8(header.flags);
  out.u8(order == Order::little ? 0x10 : 0x00);  // the numbers' order, and ASCII
  out.zeros(3);                                  // IEEE
  out.u16(kHeaderSize + body.size());
  out.u16(header.authentication);
  out.u32(header.call);
  out.raw(body);
  return out.take();
}

/// A verifier ([MS-RPCE] section 2.2.2.11) behind what is there, which it pads.
void add_verifier(Writer& out, std::size_t size) {
  if (size == 0) return;
  const std::size_t before = out.size();
  out.align(4);
  const std::size_t padding = out.size() - before;
  out.u8(kNtlm);
  out.u8(kConnectLevel);
  out.u8(padding);
  out.u8(0);
  out.u32(0);
  out.zeros(size);
}

std::string offer(Kind kind, std::uint32_t call, std::span<const Context> contexts, Order order,
                  std::size_t authentication) {
  Writer out(order);
  out.u16(5840);  // largest fragments, sent and received
  out.u16(5840);
  out.u32(0);  // a new association
  out.u8(contexts.size());
  out.zeros(3);
  for (const Context& context : contexts) {
    out.u16(context.id);
    out.u8(1);  // transfer syntaxes
    out.u8(0);
    out.uuid(context.interface);
    out.u32(context.version);
    out.uuid(kNdr);
    out.u32(2);
  }
  add_verifier(out, authentication);
  return pdu({.kind = kind, .call = call, .authentication = authentication}, order, out.take());
}

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

std::string bind(std::uint32_t call, std::span<const Context> contexts, Order order,
                 std::size_t authentication) {
  return offer(bind_kind, call, contexts, order, authentication);
}

std::string alter_context(std::uint32_t call, std::span<const Context> contexts, Order order) {
  return offer(alter_context_kind, call, contexts, order, 0);
}

std::string request(const Request& request) {
  Writer out(request.order);
  out.u32(request.alloc_hint.value_or(static_cast<std::uint32_t>(request.stub.size())));
  out.u16(request.context);
  out.u16(request.opnum);
  if (!request.object.empty()) out.uuid(request.object);
  out.raw(request.stub);
  add_verifier(out, request.authentication);
  std::uint8_t flags = request.object.empty() ? 0 : has_object;
  if (request.first) flags |= first_fragment;
  if (request.last) flags |= last_fragment;
  return pdu(
      {.kind = request_kind, .flags = flags, .call = request.call, .authentication = request.authentication},
      request.order, out.take());
}

Request parse_request(std::string_view pdu) {
  assert(pdu.size() >= kRequestHeaderSize && pdu[2] == request_kind && pdu[4] == 0x10);
  return {.call = static_cast<std::uint32_t>(number_at(pdu, 12, 4)),
          .context = static_cast<std::uint16_t>(number_at(pdu, 20, 2)),
          .opnum = static_cast<std::uint16_t>(number_at(pdu, 22, 2)),
          .stub = std::string(pdu.substr(kRequestHeaderSize))};
}

std::string remote_activation(std::string_view object_name, Order order) {
  Writer out(order);
  out.u16(5);  // ORPCTHIS: version 5.6, no flags, a causality id, no extensions
  out.u16(6);
  out.zeros(8);
  out.uuid("11111111-2222-3333-4444-555555555555");
  out.u32(0);
  out.uuid("00000000-0000-0000-0000-000000000000");  // the class
  out.u32(0x20000);                                  // a unique pointer to a conformant varying string
  out.u32(object_name.size() + 1);
  out.u32(0);
  out.u32(object_name.size() + 1);
  out.wide(object_name);
  out.u16(0);
  out.align(4);
  out.u32(0);  // no storage
  out.u32(2);  // impersonation level
  out.u32(0);  // mode
  out.u32(0);  // interfaces
  return out.take();
}

std::string activated_name(std::string_view stub) {
  constexpr std::size_t kNameAt = 32 + 16 + 4 + 12;
  const std::size_t size = number_at(stub, kNameAt - 4, 4) - 1;
  std::string name;
  for (std::size_t i = 0; i < size; ++i) name += stub[kNameAt + 2 * i];
  return name;
}

}  // namespace bansoko::traffic::dcom
