// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// For tests: messages of TLS and elements of certificates, built in code.
namespace bansoko::proto::tls::wire {

using namespace std::string_literals;

inline std::string number(std::uint64_t value, unsigned size) {
  std::string bytes;
  while (size-- > 0) bytes += static_cast<char>(value >> (8 * size));
  return bytes;
}
inline std::string u8(std::uint64_t value) { return number(value, 1); }
inline std::string u16(std::uint64_t value) { return number(value, 2); }

/// Bytes behind their length, which takes `size` bytes.
inline std::string sized(unsigned size, const std::string& bytes) {
  return number(bytes.size(), size) + bytes;
}

inline std::string record(unsigned type, const std::string& bytes, unsigned version = 0x0301) {
  return u8(type) + u16(version) + sized(2, bytes);
}
/// The bytes in records of at most `most` bytes each.
inline std::string records(unsigned type, std::string_view bytes, std::size_t most) {
  std::string all;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(most, bytes.size())))
    all += record(type, std::string(bytes.substr(0, most)));
  return all;
}

inline std::string message(unsigned type, const std::string& body) { return u8(type) + sized(3, body); }
inline std::string extension(unsigned type, const std::string& content) {
  return u16(type) + sized(2, content);
}

inline std::string sni(const std::string& name) { return extension(0, sized(2, u8(0) + sized(2, name))); }
inline std::string alpn(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += sized(1, name);
  return extension(16, sized(2, list));
}
inline std::string versions(const std::string& list) { return extension(43, sized(1, list)); }

inline const std::string kRandom = "TIMEabcdefghijklmnopqrstuvwxyz01";

struct ClientHello {
  unsigned version = 0x0303;
  std::string ciphers = u16(0xc02f) + u16(0x009c);
  std::string extensions = {};
  std::string random = kRandom;

  std::string body() const {
    const std::string tail = extensions.empty() ? "" : sized(2, extensions);
    return u16(version) + random + sized(1, "") + sized(2, ciphers) + sized(1, "\0"s) + tail;
  }
  std::string wire() const { return message(1, body()); }
};

struct ServerHello {
  unsigned version = 0x0303;
  unsigned cipher = 0xc02f;
  std::string extensions = {};
  std::string random = kRandom;

  std::string wire() const {
    const std::string tail = extensions.empty() ? "" : sized(2, extensions);
    return message(2, u16(version) + random + sized(1, "") + u16(cipher) + u8(0) + tail);
  }
};

inline std::string chain(const std::vector<std::string>& certificates) {
  std::string list;
  for (const std::string& one : certificates) list += sized(3, one);
  return message(11, sized(3, list));
}

inline std::string der(unsigned tag, const std::string& content) {
  const std::size_t size = content.size();
  const std::string length = size < 0x80    ? u8(size)
                             : size < 0x100 ? u8(0x81) + u8(size)
                                            : u8(0x82) + u16(size);
  return u8(tag) + length + content;
}
inline std::string sequence(const std::string& content) { return der(0x30, content); }

/// An attribute of a name: `id` as DER holds it.
inline std::string attribute(const std::string& id, const std::string& value, unsigned tag = 0x0c) {
  return sequence(der(0x06, id) + der(tag, value));
}
inline std::string name_part(const std::string& id, const std::string& value, unsigned tag = 0x0c) {
  return der(0x31, attribute(id, value, tag));
}
inline const std::string kCountry = "\x55\x04\x06";
inline const std::string kOrganization = "\x55\x04\x0a";
inline const std::string kCommonName = "\x55\x04\x03";

/// The parts of a certificate, each a whole element.
struct TestCertificate {
  std::string version = der(0xa0, der(0x02, "\x02"));
  std::string serial = der(0x02, "\0\xab\xcd"s);
  std::string algorithm = sequence("");
  std::string issuer = sequence(name_part(kCountry, "US", 0x13) + name_part(kOrganization, "Issuer"));
  std::string validity = sequence(der(0x17, "200102030405Z") + der(0x18, "20510102030405Z"));
  std::string subject = sequence(name_part(kCountry, "JP", 0x13) + name_part(kCommonName, "example.org"));
  std::string key = sequence("");
  std::string extensions = {};

  std::string wire() const {
    const std::string all = version + serial + algorithm + issuer + validity + subject + key +
                            (extensions.empty() ? "" : der(0xa3, sequence(extensions)));
    return sequence(sequence(all) + sequence("") + der(0x03, "\0"s));
  }
};

/// The extension subjectAltName.
inline std::string other_names(const std::string& names) {
  return sequence(der(0x06, "\x55\x1d\x11") + der(0x01, "\xff") + der(0x04, sequence(names)));
}

inline constexpr unsigned kChange = 20, kAlert = 21, kHandshake = 22, kData = 23, kHeartbeat = 24;

inline std::string change() { return record(kChange, "\1"); }
inline std::string beat(unsigned type, unsigned stated, const std::string& rest) {
  return record(kHeartbeat, u8(type) + u16(stated) + rest);
}

}  // namespace bansoko::proto::tls::wire
