// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "shield/proto/tls/anomaly.h"

namespace bansoko::proto::tls {

/// What a hello says. Everything is a view into its message.
struct Hello {
  static constexpr std::size_t kMostNames = 4;

  bool is_here = false;
  std::uint16_t stated_version = 0;  // its old version field
  std::uint16_t version = 0;         // that of supported_versions, where it has one
  Bytes random = {};
  Bytes ciphers = {};  // two bytes each; of a server the one chosen
  Bytes extensions = {};
  Bytes groups = {};         // two bytes each
  Bytes point_formats = {};  // one byte each
  Bytes signatures = {};     // two bytes each
  Bytes protocols = {};      // of ALPN: each behind a byte of length
  std::array<Bytes, kMostNames> server_names{};
  std::uint8_t server_name_count = 0;
  bool has_names = false;     // the extension is there, whatever it holds
  bool offers_tls13 = false;  // a client: somewhere among its versions
  bool has_early_data = false;
  bool is_retry = false;  // a server: the client is to say hello again (RFC 8446 section 4.1.4)

  std::span<const Bytes> names() const noexcept { return std::span(server_names).first(server_name_count); }
};

/// Reads the body of a ClientHello, as far as it can be read.
Hello read_client_hello(Bytes body, Faults& faults) noexcept;
/// Reads the body of a ServerHello, as far as it can be read.
Hello read_server_hello(Bytes body, Faults& faults) noexcept;

/// Reads a ClientHello in the form of SSL 2.0, which may ask for a later version (RFC 5246 appendix E.2).
Hello read_sslv2_client_hello(Bytes record, Faults& faults) noexcept;
/// The server's hello of SSL 2.0. `certificate` is the one it holds.
Hello read_sslv2_server_hello(Bytes record, Bytes& certificate, Faults& faults) noexcept;

enum Extension : std::uint16_t {
  server_name = 0,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  alpn = 16,
  early_data = 42,
  supported_versions = 43,
};

/// Goes through the extensions of a hello: each() is given the type and the content.
template <class Each>
bool for_each_extension(Bytes extensions, Each each) noexcept {
  ByteReader in(extensions);
  while (!in.rest().empty()) {
    const std::uint16_t type = in.u16();
    const Bytes content = in.take(in.u16());
    if (!in.ok()) return false;
    each(type, content);
  }
  return true;
}

/// Goes through numbers of two bytes.
template <class Each>
void for_each_number(Bytes numbers, Each each) noexcept {
  ByteReader in(numbers);
  for (std::size_t i = 0; i < numbers.size() / 2; ++i) each(in.u16());
}

/// Whether a number means nothing and is there to keep receivers tolerant (RFC 8701).
constexpr bool is_grease(std::uint16_t number) noexcept {
  return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff);
}

}  // namespace bansoko::proto::tls
