// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/proto/rpc/rpc_parser.h"

namespace bansoko::proto::rpc {
namespace {

constexpr std::size_t kCallHead = 32;  // up to the length of the credentials
constexpr std::uint32_t kMostMessage = 16 << 20;

struct Head {
  std::array<std::uint8_t, kCallHead> bytes{};
  std::size_t size = 0;
  bool is_over = false;  // the message ends here
  bool is_valid = true;
};

/// The first bytes of a message, put together from its fragments.
Head head_of(Bytes stream, Transports transport) noexcept {
  Head head;
  ByteReader in(stream);
  while (head.size < kCallHead && !in.rest().empty()) {
    std::uint32_t left = kMostMessage;
    if (transport == kOverTcp) {
      const std::uint32_t mark = in.u32();
      if (!in.ok()) break;
      left = mark & 0x7fffffffU;
      head.is_over = (mark >> 31U) != 0;
      if (left > kMostMessage) head.is_valid = false;
      if (!head.is_valid) break;
    }
    const std::size_t size = std::min({std::size_t{left}, in.rest().size(), kCallHead - head.size});
    const Bytes part = in.take(size);
    std::copy(part.begin(), part.end(), head.bytes.begin() + static_cast<std::ptrdiff_t>(head.size));
    head.size += size;
    // The rest of a message that is short would be another one.
    if (transport == kOverUdp || size < left || head.is_over) {
      head.is_over = transport == kOverUdp || (head.is_over && size == left);
      break;
    }
  }
  return head;
}

/// RFC 5531 section 13: what is assigned, and what sites and programs may choose.
bool is_program(std::uint32_t number) noexcept { return number >= 100000 && number < 0x60000000; }

bool is_flavor(std::uint32_t number) noexcept {
  constexpr std::uint32_t kLastUsual = 7;
  return number <= kLastUsual || (number >= 390000 && number < 401000);  // of RPCSEC_GSS
}

}  // namespace

Guess probe_call(Bytes bytes, Transports transport) noexcept {
  const Head head = head_of(bytes, transport);
  ByteReader in(Bytes(head.bytes).first(head.size));
  const auto refuses = [&in](bool is_right) { return in.ok() && !is_right; };
  in.skip(4);
  const bool is_wrong = !head.is_valid || refuses(in.u32() == 0) || refuses(in.u32() == 2) ||
                        refuses(is_program(in.u32())) || refuses(in.u32() <= 64) ||
                        refuses(in.u32() <= 1024) || refuses(is_flavor(in.u32())) ||
                        refuses(in.u32() <= 0xffff);
  if (is_wrong) return Guess::no;
  if (in.ok() && head.size == kCallHead) return Guess::yes;
  return head.is_over ? Guess::no : Guess::maybe;
}

Guess probe_reply(Bytes bytes, Transports transport) noexcept {
  const Head head = head_of(bytes, transport);
  ByteReader in(Bytes(head.bytes).first(head.size));
  const auto refuses = [&in](bool is_right) { return in.ok() && !is_right; };
  in.skip(4);
  bool is_wrong = !head.is_valid || refuses(in.u32() == 1);
  const std::uint32_t status = in.u32();
  is_wrong |= refuses(status <= 1);
  if (is_wrong) return Guess::no;
  if (!in.ok()) return head.is_over ? Guess::no : Guess::maybe;
  if (status == 1) return Guess::yes;
  is_wrong = refuses(is_flavor(in.u32())) || refuses(in.u32() <= 400);
  if (is_wrong) return Guess::no;
  if (in.ok()) return Guess::yes;
  return head.is_over ? Guess::no : Guess::maybe;
}

}  // namespace bansoko::proto::rpc
