// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/hello.h"

#include <algorithm>

#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

constexpr std::size_t kRandomSize = 32;

// SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
constexpr std::array<std::uint8_t, kRandomSize> kRetryRandom{
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

constexpr bool is_known_version(std::uint16_t version) noexcept {
  return (version >= Version::ssl3 && version <= Version::tls1_3) || version >> 8 == 0x7f;
}

void read_server_names(Bytes content, Hello& hello, Faults& faults) noexcept {
  if (hello.has_names) faults.add(multiple_sni_extensions);
  hello.has_names = true;
  ByteReader list(content);
  ByteReader in(list.take(list.u16()));
  if (!list.ok()) return faults.add(invalid_sni_length);
  while (!in.rest().empty()) {
    const std::uint8_t type = in.u8();
    const Bytes name = in.take(in.u16());
    if (!in.ok()) return faults.add(invalid_sni_length);
    if (type != 0) {
      faults.add(invalid_sni_type);
    } else if (hello.server_name_count < Hello::kMostNames) {
      hello.server_names[hello.server_name_count++] = name;
    }
  }
}

// The first that we know counts, as it is the one that the client likes best.
void read_versions(Bytes content, Hello& hello) noexcept {
  ByteReader in(content);
  bool has_first = false;
  for_each_number(in.take(in.u8()), [&](std::uint16_t version) {
    if (is_grease(version) || !is_known_version(version)) return;
    hello.offers_tls13 |= is_tls13(version);
    if (!has_first) hello.version = version;
    has_first = true;
  });
}

// Behind a length of one or two bytes.
Bytes list8(Bytes content) noexcept {
  ByteReader in(content);
  return in.take(in.u8());
}
Bytes list16(Bytes content) noexcept {
  ByteReader in(content);
  return in.take(in.u16());
}

void read_extension(std::uint16_t type, Bytes content, bool from_client, Hello& hello,
                    Faults& faults) noexcept {
  switch (type) {
    case server_name:  // a server answers with an empty one
      if (from_client) read_server_names(content, hello, faults);
      break;
    case supported_groups:
      hello.groups = list16(content);
      break;
    case ec_point_formats:
      hello.point_formats = list8(content);
      break;
    case signature_algorithms:
      hello.signatures = list16(content);
      break;
    case alpn:
      hello.protocols = list16(content);
      break;
    case early_data:
      hello.has_early_data = true;
      break;
    case supported_versions:
      if (from_client) {
        read_versions(content, hello);
      } else if (content.size() == 2) {
        hello.version = ByteReader(content).u16();
      }
      break;
    default:
      break;
  }
}

void read_extensions(ByteReader& in, bool from_client, Hello& hello, Faults& faults) noexcept {
  if (in.rest().empty()) return;
  const std::size_t size = in.u16();
  if (size > in.rest().size()) faults.add(handshake_invalid_length);
  hello.extensions = in.take(std::min(size, in.rest().size()));
  const bool whole = for_each_extension(hello.extensions, [&](std::uint16_t type, Bytes content) {
    read_extension(type, content, from_client, hello, faults);
  });
  if (!whole || !in.rest().empty()) faults.add(handshake_invalid_length);
}

}  // namespace

Hello read_client_hello(Bytes body, Faults& faults) noexcept {
  Hello hello;
  ByteReader in(body);
  hello.stated_version = hello.version = in.u16();
  hello.random = in.take(kRandomSize);
  in.skip(in.u8());  // session
  const Bytes ciphers = in.take(in.u16());
  in.skip(in.u8());  // compression methods
  if (!in.ok()) {
    faults.add(handshake_invalid_length);
    faults.add(invalid_handshake_message);
    return {};
  }
  hello.is_here = true;
  hello.ciphers = ciphers;
  read_extensions(in, true, hello, faults);
  return hello;
}

Hello read_server_hello(Bytes body, Faults& faults) noexcept {
  Hello hello;
  ByteReader in(body);
  hello.stated_version = hello.version = in.u16();
  hello.random = in.take(kRandomSize);
  // Until draft 22 of TLS 1.3 a server's hello had neither session nor compression method.
  const bool is_old_draft = hello.version >> 8 == 0x7f;
  if (!is_old_draft) in.skip(in.u8());
  hello.ciphers = in.take(2);
  if (!is_old_draft) in.skip(1);
  if (!in.ok()) {
    faults.add(handshake_invalid_length);
    faults.add(invalid_handshake_message);
    return {};
  }
  hello.is_here = true;
  hello.is_retry = std::ranges::equal(hello.random, kRetryRandom);
  read_extensions(in, false, hello, faults);
  return hello;
}

Hello read_sslv2_client_hello(Bytes record, Faults& faults) noexcept {
  Hello hello;
  ByteReader in(record);
  in.skip(1);  // the message type
  hello.stated_version = hello.version = in.u16();
  const std::size_t ciphers = in.u16();
  const std::size_t session = in.u16();
  const std::size_t challenge = in.u16();
  in.skip(ciphers + session);  // three bytes each: they are no cipher suites of TLS
  hello.random = in.take(challenge);
  hello.is_here = in.ok();
  if (!hello.is_here) faults.add(invalid_sslv2_header);
  return hello;
}

Hello read_sslv2_server_hello(Bytes record, Bytes& certificate, Faults& faults) noexcept {
  Hello hello;
  ByteReader in(record);
  in.skip(1 + 1 + 1);  // message type, whether the session is known, certificate type
  hello.stated_version = hello.version = in.u16();
  const std::size_t size = in.u16();
  in.skip(2 + 2);  // the sizes of what follows the certificate
  certificate = in.take(size);
  hello.is_here = in.ok();
  if (!hello.is_here) faults.add(invalid_sslv2_header);
  return hello;
}

}  // namespace bansoko::proto::tls
