// SPDX-License-Identifier: Apache-2.0
#include "tests/traffic/smb1.h"

#include <algorithm>
#include <cassert>

namespace bansoko::traffic::smb1 {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

enum Command : std::uint8_t {
  transaction_command = 0x25,
  transaction_secondary_command = 0x26,
  echo_command = 0x2B,
  write_andx_command = 0x2F,
  transaction2_command = 0x32,
  transaction2_secondary_command = 0x33,
  negotiate_command = 0x72,
  session_setup_command = 0x73,
  tree_connect_command = 0x75,
  nt_transact_command = 0xA0,
  nt_transact_secondary_command = 0xA1,
  nt_create_command = 0xA2,
};

constexpr std::size_t kHeaderSize = 32;
constexpr std::uint8_t kCaselessPaths = 0x18;
constexpr std::uint8_t kReply = 0x80;
constexpr std::uint16_t kLongNamesNtStatus = 0x4001;

std::string u8(std::uint8_t value) { return {static_cast<char>(value)}; }

std::string little_endian(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (; bytes.size() < size; value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
  return bytes;
}
std::string u16(std::uint64_t value) { return little_endian(value, 2); }
std::string u32(std::uint64_t value) { return little_endian(value, 4); }

std::string header(std::uint8_t command, const Ids& ids, std::uint32_t status, std::uint8_t flags) {
  return "\xFFSMB"s + u8(command) + u32(status) + u8(flags) + u16(kLongNamesNtStatus) + u16(0) +
         std::string(8, '\0') + u16(0) + u16(ids.tree) + u16(ids.process) + u16(ids.user) +
         u16(ids.multiplex);
}

std::string block(std::string_view words, std::string_view data) {
  assert(words.size() % 2 == 0);
  return u8(static_cast<std::uint8_t>(words.size() / 2)) + std::string(words) + u16(data.size()) +
         std::string(data);
}

constexpr std::uint8_t kNoAndx = 0xFF;
std::string andx(std::uint8_t command = kNoAndx, std::size_t offset = 0) {
  return u8(command) + u8(0) + u16(offset);
}

// [MS-CIFS] section 2.2.4.53.1, no user name, no passwords.
std::string session_setup_words(const std::string& next) {
  constexpr std::uint32_t kNtStatusAndLargeFiles = 0x00000040 | 0x00000008;
  return next + u16(0xFFFF) + u16(2) + u16(0) + u32(0) + u16(0) + u16(0) + u32(0) +
         u32(kNtStatusAndLargeFiles);
}
std::string session_setup_data() { return "\0\0Unix\0bansoko\0"s; }

// [MS-CIFS] section 2.2.4.55.1: a share password of one byte.
std::string tree_connect_words() { return andx() + u16(0) + u16(1); }
std::string tree_connect_data(std::string_view path) { return "\0"s + std::string(path) + "\0?????\0"s; }

// Where a transaction's parameters and data stand in its message: right after ByteCount.
struct Layout {
  std::size_t parameters;
  std::size_t data;
};
Layout layout(std::size_t words, std::size_t parameters) {
  const std::size_t begin = kHeaderSize + 1 + words * 2 + 2;
  return {begin, begin + parameters};
}

std::string primary16(std::uint8_t command, const Ids& ids, const Primary& primary, std::string_view name) {
  constexpr std::size_t kWords = 15;
  const Layout at = layout(kWords, primary.parameters.size());
  const std::string words = u16(primary.total_parameters) + u16(primary.total_data) + u16(10) + u16(1024) +
                            u8(1) + u8(0) + u16(0) + u32(0) + u16(0) + u16(primary.parameters.size()) +
                            u16(at.parameters + name.size()) + u16(primary.data.size()) +
                            u16(at.data + name.size()) + u8(1) + u8(0) + u16(primary.setup);
  return message(command, ids, words,
                 std::string(name) + std::string(primary.parameters) + std::string(primary.data));
}

std::string secondary16(std::uint8_t command, const Ids& ids, const Secondary& secondary,
                        std::string_view fid) {
  const std::size_t words_count = 8 + fid.size() / 2;
  const Layout at = layout(words_count, 0);
  const std::string words = u16(secondary.total_parameters) + u16(secondary.total_data) + u16(0) + u16(0) +
                            u16(0) + u16(secondary.data.size()) + u16(at.data) + u16(secondary.displacement) +
                            std::string(fid);
  return message(command, ids, words, secondary.data);
}

// TRANS2_OPEN2's parameters ([MS-CIFS] section 2.2.6.1.1): create or open "\filler".
std::string open2_parameters() {
  return u16(0) + u16(0x0042) + u16(0) + u16(0) + u32(0) + u16(0x0011) + u32(0) + std::string(10, '\0') +
         "\\filler\0"s;
}

}  // namespace

std::string framed(std::string_view message) {
  assert(message.size() < 0x1000000);
  std::string length = little_endian(message.size(), 3);
  std::reverse(length.begin(), length.end());
  return "\0"s + length + std::string(message);
}

std::string message(std::uint8_t command, const Ids& ids, std::string_view words, std::string_view data) {
  return framed(header(command, ids, 0, kCaselessPaths) + block(words, data));
}

std::string response(std::uint8_t command, const Ids& ids, std::uint32_t status, std::string_view words,
                     std::string_view data) {
  return framed(header(command, ids, status, kCaselessPaths | kReply) + block(words, data));
}

std::string negotiate(const Ids& ids) { return message(negotiate_command, ids, "", "\2NT LM 0.12\0"s); }

std::string session_setup_anonymous(const Ids& ids) {
  return message(session_setup_command, ids, session_setup_words(andx()), session_setup_data());
}

std::string tree_connect(const Ids& ids, std::string_view path) {
  return message(tree_connect_command, ids, tree_connect_words(), tree_connect_data(path));
}

std::string setup_and_connect(const Ids& ids, std::string_view path) {
  const std::string first_size = block(session_setup_words(andx()), session_setup_data());
  const std::string next = andx(tree_connect_command, kHeaderSize + first_size.size());
  return framed(header(session_setup_command, ids, 0, kCaselessPaths) +
                block(session_setup_words(next), session_setup_data()) +
                block(tree_connect_words(), tree_connect_data(path)));
}

// [MS-CIFS] section 2.2.4.64.1: read, share everything, open.
std::string nt_create(const Ids& ids, std::string_view name) {
  constexpr std::uint32_t kGenericRead = 0x80000000;
  const std::string words = andx() + u8(0) + u16(name.size()) + u32(0) + u32(0) + u32(kGenericRead) +
                            little_endian(0, 8) + u32(0) + u32(7) + u32(1) + u32(0) + u32(2) + u8(0);
  return message(nt_create_command, ids, words, std::string(name) + '\0');
}

std::string echo(const Ids& ids, std::string_view payload) {
  return message(echo_command, ids, u16(1), payload);
}

// [MS-CIFS] section 2.2.4.43.1.
std::string write_andx(const Ids& ids, std::uint16_t fid, std::uint16_t mode, std::string_view data) {
  constexpr std::size_t kWords = 12;
  const std::string words = andx() + u16(fid) + u32(0) + u32(0) + u16(mode) + u16(data.size()) + u16(0) +
                            u16(data.size()) + u16(layout(kWords, 0).data);
  return message(write_andx_command, ids, words, data);
}

// [MS-CIFS] section 2.2.4.62.1.
std::string nt_transact(const Ids& ids, const Primary& primary) {
  constexpr std::size_t kWords = 20;
  const Layout at = layout(kWords, primary.parameters.size());
  const std::string words = u8(1) + u16(0) + u32(primary.total_parameters) + u32(primary.total_data) +
                            u32(30) + u32(0) + u32(primary.parameters.size()) + u32(at.parameters) +
                            u32(primary.data.size()) + u32(at.data) + u8(1) + u16(primary.function) +
                            u16(primary.setup);
  return message(nt_transact_command, ids, words,
                 std::string(primary.parameters) + std::string(primary.data));
}

std::string transaction2(const Ids& ids, const Primary& primary) {
  return primary16(transaction2_command, ids, primary, "");
}
std::string transaction(const Ids& ids, const Primary& primary) {
  return primary16(transaction_command, ids, primary, "\\PIPE\\\0"s);
}

// [MS-CIFS] section 2.2.4.63.1.
std::string nt_transact_secondary(const Ids& ids, const Secondary& secondary) {
  const Layout at = layout(18, 0);
  const std::string words = std::string(3, '\0') + u32(secondary.total_parameters) +
                            u32(secondary.total_data) + u32(0) + u32(0) + u32(0) +
                            u32(secondary.data.size()) + u32(at.data) + u32(secondary.displacement) + u8(0);
  return message(nt_transact_secondary_command, ids, words, secondary.data);
}

std::string transaction2_secondary(const Ids& ids, const Secondary& secondary) {
  return secondary16(transaction2_secondary_command, ids, secondary, "\xFF\xFF");
}
std::string transaction_secondary(const Ids& ids, const Secondary& secondary) {
  return secondary16(transaction_secondary_command, ids, secondary, "");
}

std::string fea_list(std::uint32_t stated, std::size_t size) {
  constexpr std::size_t kOverhead =
      4 + 4 + 2;  // size of list; flags, name length, value length; name "A" and its end
  assert(size >= kOverhead && size - kOverhead <= 0xFFFF);
  const std::size_t value = size - kOverhead;
  return u32(stated) + u8(0) + u8(1) + u16(value) + "A\0"s + std::string(value, 'A');
}

std::vector<Step> ms17_010(const Ids& ids) {
  constexpr std::uint16_t kCreate = 1;
  constexpr std::uint32_t kTotal = 0x10400;
  constexpr std::size_t kFirst = 976;
  constexpr std::size_t kPart = 4096;
  const std::string parameters = open2_parameters();
  const auto whole_parameters = static_cast<std::uint32_t>(parameters.size());
  const std::string list = fea_list(0x10000, 0x10000) + std::string(kTotal - 0x10000, 'A');
  std::vector<Step> steps;
  steps.push_back({"NT_TRANSACT that announces 66,560 bytes, its attribute list 65,536",
                   nt_transact(ids, {.function = kCreate,
                                     .total_parameters = whole_parameters,
                                     .total_data = kTotal,
                                     .parameters = parameters,
                                     .data = std::string_view(list).substr(0, kFirst)})});
  for (std::size_t at = kFirst; at < kTotal; at += kPart) {
    const std::string_view part = std::string_view(list).substr(at, kPart);
    steps.push_back({"TRANSACTION2_SECONDARY for the same transaction",
                     transaction2_secondary(ids, {.total_data = static_cast<std::uint32_t>(part.size()),
                                                  .displacement = static_cast<std::uint32_t>(at),
                                                  .data = part})});
  }
  return steps;
}

std::vector<Step> nt_transact_in_parts(const Ids& ids) {
  constexpr std::uint16_t kSetSecurity = 3;
  const std::string data(20000, 'S');
  std::vector<Step> steps;
  steps.push_back({"NT_TRANSACT", nt_transact(ids, {.function = kSetSecurity,
                                                    .total_parameters = 8,
                                                    .total_data = 20000,
                                                    .parameters = "\1\0\0\0\4\0\0\0"sv,
                                                    .data = std::string_view(data).substr(0, 4000)})});
  for (std::uint32_t at = 4000; at < data.size(); at += 4000)
    steps.push_back({"NT_TRANSACT_SECONDARY",
                     nt_transact_secondary(ids, {.total_parameters = 8,
                                                 .total_data = 20000,
                                                 .displacement = at,
                                                 .data = std::string_view(data).substr(at, 4000)})});
  return steps;
}

std::vector<Step> transaction2_in_parts(const Ids& ids) {
  const std::string parameters = open2_parameters();
  const auto whole_parameters = static_cast<std::uint32_t>(parameters.size());
  const std::string list = fea_list(9000, 9000);
  const std::string_view all = list;
  return {{"TRANSACTION2", transaction2(ids, {.total_parameters = whole_parameters,
                                              .total_data = 9000,
                                              .parameters = parameters,
                                              .data = all.substr(0, 3000)})},
          {"TRANSACTION2_SECONDARY", transaction2_secondary(ids, {.total_parameters = whole_parameters,
                                                                  .total_data = 9000,
                                                                  .displacement = 3000,
                                                                  .data = all.substr(3000, 3000)})},
          {"TRANSACTION2_SECONDARY", transaction2_secondary(ids, {.total_parameters = whole_parameters,
                                                                  .total_data = 9000,
                                                                  .displacement = 6000,
                                                                  .data = all.substr(6000)})}};
}

std::vector<Step> open2_with_attributes(const Ids& ids) {
  const std::string parameters = open2_parameters();
  const std::string list = fea_list(64, 64);
  return {
      {"TRANSACTION2", transaction2(ids, {.total_parameters = static_cast<std::uint32_t>(parameters.size()),
                                          .total_data = 64,
                                          .parameters = parameters,
                                          .data = list})}};
}

}  // namespace bansoko::traffic::smb1
