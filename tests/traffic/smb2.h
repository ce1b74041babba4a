// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// SMB2 messages ([MS-SMB2] section 2.2) without their transport's length: smb1::framed() puts it in front.
namespace bansoko::traffic::smb2 {

inline std::string little_endian(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (; bytes.size() < size; value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
  return bytes;
}
inline std::string u16(std::uint64_t value) { return little_endian(value, 2); }
inline std::string u32(std::uint64_t value) { return little_endian(value, 4); }
inline std::string u64(std::uint64_t value) { return little_endian(value, 8); }

/// UTF-16 of ASCII.
inline std::string wide(std::string_view text) {
  std::string bytes;
  for (const char letter : text) (bytes += letter) += '\0';
  return bytes;
}

struct Head {
  std::uint16_t command = 0;
  std::uint64_t message = 1;
  bool is_answer = false;
  bool is_related = false;
  std::uint32_t status = 0;
};

inline std::string message(const Head& head, std::string_view body) {
  const std::uint32_t flags = (head.is_answer ? 1U : 0U) | (head.is_related ? 4U : 0U);
  return "\xFESMB" + u16(64) + u16(1) + u32(head.status) + u16(head.command) + u16(1) + u32(flags) + u32(0) +
         u64(head.message) + u32(0) + u32(7) + u64(0x1234) + std::string(16, '\0') + std::string(body);
}

/// Chains messages: each but the last is padded to eight bytes and tells where the next one begins.
inline std::string compound(const std::vector<std::string>& messages) {
  std::string all;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    std::string one = messages[i];
    if (i + 1 < messages.size()) {
      one.resize((one.size() + 7) / 8 * 8);
      one.replace(20, 4, u32(one.size()));
    }
    all += one;
  }
  return all;
}

inline constexpr std::uint64_t kRelated = ~std::uint64_t{0};
inline std::string file_id(std::uint64_t file) { return u64(file == kRelated ? file : 1) + u64(file); }

inline std::string tree_connect(std::string_view path, Head head = {}) {
  head.command = 3;
  return message(head, u16(9) + u16(0) + u16(72) + u16(path.size() * 2) + wide(path));
}

inline std::string create(std::string_view name, Head head = {}) {
  head.command = 5;
  return message(head,
                 u16(57) + std::string(42, '\0') + u16(120) + u16(name.size() * 2) + u64(0) + wide(name));
}
inline std::string tree_connected(std::uint32_t tree, Head head = {}) {
  head.command = 3;
  head.is_answer = true;
  return message(head, u16(16) + std::string(14, '\0')).replace(36, 4, u32(tree));
}

inline std::string created(std::uint64_t file, Head head = {}, std::uint64_t size = 0) {
  head.command = 5;
  head.is_answer = true;
  return message(head, u16(89) + std::string(46, '\0') + u64(size) + u64(0) + file_id(file) + u64(0));
}

inline std::string close(std::uint64_t file, Head head = {}) {
  head.command = 6;
  return message(head, u16(24) + u16(0) + u32(0) + file_id(file));
}

inline std::string write(std::uint64_t file, std::string_view data, Head head = {}, std::uint64_t at = 0) {
  head.command = 9;
  return message(head, u16(49) + u16(112) + u32(data.size()) + u64(at) + file_id(file) +
                           std::string(16, '\0') + std::string(data));
}

inline std::string read(std::uint64_t file, Head head = {}, std::uint64_t at = 0) {
  head.command = 8;
  return message(head, u16(49) + u16(0x50) + u32(4096) + u64(at) + file_id(file) + std::string(17, '\0'));
}
inline std::string was_read(std::string_view data, Head head = {}) {
  head.command = 8;
  head.is_answer = true;
  return message(head, u16(17) + u16(80) + u32(data.size()) + u64(0) + std::string(data));
}

inline constexpr std::uint32_t kPipeTransceive = 0x0011C017;
inline std::string ioctl(std::uint64_t file, std::string_view data, Head head = {},
                         std::uint32_t code = kPipeTransceive) {
  head.command = 11;
  return message(head, u16(57) + u16(0) + u32(code) + file_id(file) + u32(120) + u32(data.size()) + u32(0) +
                           u32(0) + u32(0) + u32(1024) + u32(1) + u32(0) + std::string(data));
}
inline std::string ioctl_answer(std::uint64_t file, std::string_view data, Head head = {}) {
  head.command = 11;
  head.is_answer = true;
  return message(head, u16(49) + u16(0) + u32(kPipeTransceive) + file_id(file) + u32(112) + u32(0) +
                           u32(112) + u32(data.size()) + u32(0) + u32(0) + std::string(data));
}

/// An NTLMSSP AUTHENTICATE_MESSAGE ([MS-NLMP] section 2.2.1.3).
inline std::string ntlm_authenticate(std::string_view domain, std::string_view user) {
  const std::string names = wide(domain) + wide(user);
  const auto field = [](std::size_t size, std::size_t at) { return u16(size) + u16(size) + u32(at); };
  return std::string("NTLMSSP\0\3\0\0\0", 12) + field(0, 64) + field(0, 64) + field(domain.size() * 2, 64) +
         field(user.size() * 2, 64 + domain.size() * 2) + field(0, 64) + field(0, 64) + u32(1) + names;
}
inline std::string session_setup(std::string_view blob, Head head = {}) {
  head.command = 1;
  return message(head,
                 u16(25) + std::string(10, '\0') + u16(88) + u16(blob.size()) + u64(0) + std::string(blob));
}

inline std::string compressed(std::uint32_t original_size, std::uint32_t offset, std::string_view rest) {
  return "\xFCSMB" + u32(original_size) + u16(1) + u16(0) + u32(offset) + std::string(rest);
}
inline std::string encrypted(std::uint32_t original_size, std::string_view rest) {
  return "\xFDSMB" + std::string(32, 'k') + u32(original_size) + u16(0) + u16(1) + u64(0x1234) +
         std::string(rest);
}

}  // namespace bansoko::traffic::smb2
