// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The numbers of RFC 8446, RFC 5246 and RFC 6520 that we act on.
namespace bansoko::proto::tls {

enum ContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24,
};

enum MessageType : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  sslv2_server_hello = 4,  // in a record of SSL 2.0 alone
  certificate = 11,
  server_key_exchange = 12,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
};

enum Version : std::uint16_t { ssl2 = 0x0002, ssl3 = 0x0300, tls1_2 = 0x0303, tls1_3 = 0x0304 };

/// Whether a server that has chosen it encrypts all that follows its hello. Drafts are 0x7f00 and a number.
constexpr bool is_tls13(std::uint16_t version) noexcept {
  return version >= Version::tls1_3 && (version == Version::tls1_3 || version >> 8 == 0x7f);
}

constexpr std::uint8_t kMajorVersion = 3;
constexpr std::uint8_t kMaxMinorVersion = 4;
constexpr std::uint32_t kMaxPlainRecord = 1 << 14;
constexpr std::uint32_t kMaxRecord = kMaxPlainRecord + 2048;  // RFC 5246 section 6.2.3

/// How far a side of a handshake has come.
enum Step : std::uint8_t { step_hello = 10, step_certificates = 20, step_verified = 30 };

}  // namespace bansoko::proto::tls
