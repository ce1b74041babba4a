// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>

/// For tests: messages of Kerberos, field by field.
namespace bansoko::proto::krb5::wire {

inline std::string element(int tag, const std::string& content) {
  const std::size_t size = content.size();
  std::string length(1, static_cast<char>(size));
  if (size >= 128)
    length = std::string("\x82") + static_cast<char>(size >> 8) + static_cast<char>(size & 0xff);
  return static_cast<char>(tag) + length + content;
}
inline std::string field(int number, const std::string& content) { return element(0xa0 + number, content); }
inline std::string number(int value) {
  return element(2, (value > 127 ? std::string(1, '\0') : "") + static_cast<char>(value));
}
inline std::string sequence(const std::string& content) { return element(0x30, content); }
inline std::string text(const std::string& characters) { return element(0x1b, characters); }
inline std::string octets(const std::string& bytes) { return element(4, bytes); }
inline std::string message(int type, const std::string& fields) {
  return element(0x60 + type, sequence(fields));
}

inline std::string principal(int type, std::initializer_list<std::string> parts) {
  std::string strings;
  for (const std::string& part : parts) strings += text(part);
  return sequence(field(0, number(type)) + field(1, sequence(strings)));
}
inline std::string encrypted(int type) {
  return sequence(field(0, number(type)) + field(2, octets("cipher")));
}
inline std::string ticket(int type) {
  return element(0x61, sequence(field(0, number(5)) + field(1, text("TEST")) +
                                field(2, principal(2, {"krbtgt", "TEST"})) + field(3, encrypted(type))));
}
inline std::string padata(int type, const std::string& value) {
  return sequence(field(1, number(type)) + field(2, octets(value)));
}
inline std::string body(const std::string& encryption_types, const std::string& more = "") {
  return sequence(field(0, element(3, std::string("\0\x40\x81\0\x10", 5))) +
                  field(1, principal(1, {"user"})) + field(2, text("TEST")) +
                  field(3, principal(2, {"krbtgt", "TEST"})) + field(8, sequence(encryption_types)) + more);
}
inline std::string request(int type, const std::string& all_padata, const std::string& its_body) {
  return message(type, field(1, number(5)) + field(2, number(type)) +
                           (all_padata.empty() ? "" : field(3, sequence(all_padata))) + field(4, its_body));
}
inline std::string answer(int type, int ticket_type, int encryption_type) {
  return message(type, field(0, number(5)) + field(1, number(type)) + field(3, text("TEST")) +
                           field(4, principal(1, {"user"})) + field(5, ticket(ticket_type)) +
                           field(6, encrypted(encryption_type)));
}
inline std::string error(int code) {
  return message(30, field(0, number(5)) + field(1, number(30)) + field(6, number(code)) +
                         field(9, text("TEST")) + field(10, principal(2, {"krbtgt", "TEST"})) +
                         field(11, text("no")));
}
inline std::string framed(const std::string& bytes) {
  return std::string(2, '\0') + static_cast<char>(bytes.size() >> 8) +
         static_cast<char>(bytes.size() & 0xff) + bytes;
}

}  // namespace bansoko::proto::krb5::wire
