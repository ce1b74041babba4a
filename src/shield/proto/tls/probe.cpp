// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/probe.h"

#include <algorithm>

#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

// Record type, version 3.x, length.
Guess probe_record(ByteReader in, Side from) noexcept {
  const std::uint8_t type = in.u8();
  const bool by_server = from == Side::server;
  if (type != handshake && !(type == alert && by_server)) return Guess::no;
  const Bytes version = in.rest().first(std::min<std::size_t>(in.rest().size(), 2));
  if (!version.empty() && version[0] != kMajorVersion) return Guess::no;
  if (version.size() == 2 && version[1] > kMaxMinorVersion) return Guess::no;
  in.skip(2);
  const std::uint16_t size = in.u16();
  if (!in.ok()) return Guess::maybe;
  if (type == alert) return size == 2 ? Guess::yes : Guess::no;
  if (size > kMaxRecord) return Guess::no;
  const std::uint8_t message = in.u8();
  if (!in.ok() || size == 0) return Guess::maybe;
  if (!by_server) return message == client_hello ? Guess::yes : Guess::no;
  return message == server_hello || message == hello_request ? Guess::yes : Guess::no;
}

// In a client's hello the sizes of its three parts must add up to that of the record.
Guess probe_sslv2_client(ByteReader in, std::size_t size) noexcept {
  const std::uint16_t version = in.u16();
  const std::size_t ciphers = in.u16();
  const std::size_t session = in.u16();
  const std::size_t challenge = in.u16();
  if (!in.ok()) return Guess::maybe;
  const bool is_version = version == ssl2 || (version >= ssl3 && version <= tls1_3);
  const bool adds_up = 9 + ciphers + session + challenge == size && ciphers > 0 && ciphers % 3 == 0 &&
                       (session == 0 || session == 16) && challenge >= 16 && challenge <= 32;
  return is_version && adds_up ? Guess::yes : Guess::no;
}

Guess probe_sslv2_server(ByteReader in, std::size_t size) noexcept {
  const std::uint8_t is_known_session = in.u8();
  const std::uint8_t certificate_type = in.u8();
  const std::uint16_t version = in.u16();
  const std::size_t certificate = in.u16();
  const std::size_t ciphers = in.u16();
  const std::size_t connection = in.u16();
  if (!in.ok()) return Guess::maybe;
  const bool adds_up = 11 + certificate + ciphers + connection == size;
  return is_known_session <= 1 && certificate_type <= 1 && version == ssl2 && adds_up ? Guess::yes
                                                                                      : Guess::no;
}

Guess probe_sslv2(ByteReader in, Side from) noexcept {
  const std::size_t size = in.u16() & 0x7fffU;
  const std::uint8_t type = in.u8();
  if (!in.ok()) return Guess::maybe;
  if (from == Side::client) return type == client_hello ? probe_sslv2_client(in, size) : Guess::no;
  return type == sslv2_server_hello ? probe_sslv2_server(in, size) : Guess::no;
}

}  // namespace

Guess probe(const StreamChunk& first, const Approach&) noexcept {
  if (first.window.empty()) return Guess::maybe;
  const ByteReader in(first.window);
  return (first.window.front() & 0x80U) != 0 ? probe_sslv2(in, first.from) : probe_record(in, first.from);
}

}  // namespace bansoko::proto::tls
