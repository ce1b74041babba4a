// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace bansoko::proto::dns::wire {

inline std::string u16(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xFFU), static_cast<char>(value & 0xFFU)};
}

/// "www.example.test" as labels, with the end.
inline std::string name(std::string_view text) {
  std::string wire;
  while (!text.empty()) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    wire += static_cast<char>(dot);
    wire += text.substr(0, dot);
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return wire + '\0';
}

inline std::string pointer(unsigned to) { return u16(0xC000U | to); }

inline std::string question(const std::string& owner, unsigned type = 1) {
  return owner + u16(type) + u16(1);
}
inline std::string record(const std::string& owner, unsigned type, const std::string& data) {
  return owner + u16(type) + u16(1) + u16(0) + u16(60) + u16(static_cast<unsigned>(data.size())) + data;
}

/// A message under construction: its sections in order.
struct TestMessage {
  unsigned id = 1;
  unsigned flags = 0x0100;
  unsigned questions = 0, answers = 0, authorities = 0, additionals = 0;
  std::string body = {};

  TestMessage& ask(const std::string& owner, unsigned type = 1) {
    ++questions;
    body += question(owner, type);
    return *this;
  }
  TestMessage& answer(const std::string& owner, unsigned type, const std::string& data) {
    ++answers;
    body += record(owner, type, data);
    return *this;
  }
  TestMessage& authority(const std::string& owner, unsigned type, const std::string& data) {
    ++authorities;
    body += record(owner, type, data);
    return *this;
  }
  TestMessage& additional(const std::string& owner, unsigned type, const std::string& data) {
    ++additionals;
    body += record(owner, type, data);
    return *this;
  }
  TestMessage& raw(const std::string& bytes) {
    body += bytes;
    return *this;
  }

  std::string bytes() const {
    return u16(id) + u16(flags) + u16(questions) + u16(answers) + u16(authorities) + u16(additionals) + body;
  }
  /// As TCP has it.
  std::string framed() const { return u16(static_cast<unsigned>(bytes().size())) + bytes(); }
};

inline TestMessage request(std::string_view asked, unsigned id = 1, unsigned type = 1) {
  return TestMessage{.id = id}.ask(name(asked), type);
}
inline TestMessage response(std::string_view asked, unsigned id = 1) {
  return TestMessage{.id = id, .flags = 0x8180}.ask(name(asked));
}

constexpr unsigned kFirstName = 12;  // where the first question's name is

}  // namespace bansoko::proto::dns::wire
