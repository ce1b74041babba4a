// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shield/proto/http/probe.h"
#include "shield/proto/http2/frame.h"
#include "shield/proto/test_dialogue.h"

/// For tests: HTTP/2 in code. The encoder of header blocks knows literals and indexes.
namespace bansoko::proto::http2 {

const Protocol& describe();

inline std::string number(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = size; i-- > 0;) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

inline std::string frame(FrameType type, std::uint8_t flags, std::uint32_t stream,
                         std::string_view payload = {}) {
  std::string bytes = number(payload.size(), 3) + number(static_cast<std::uint8_t>(type), 1) +
                      number(flags, 1) + number(stream, 4);
  return bytes += payload;
}

/// RFC 7541 section 5.1, with the bits above the number.
inline std::string integer(std::uint64_t value, unsigned bits, std::uint8_t above) {
  const std::uint64_t most = (1U << bits) - 1;
  if (value < most) return number(above | value, 1);
  std::string bytes = number(above | most, 1);
  for (value -= most; value >= 0x80; value >>= 7U) bytes += number(0x80 | (value & 0x7f), 1);
  return bytes + number(value, 1);
}

inline std::string text(std::string_view plain) { return integer(plain.size(), 7, 0).append(plain); }

/// A field of the table, by its index.
inline std::string indexed(std::uint64_t index) { return integer(index, 7, 0x80); }

/// A field that does not go into the table.
inline std::string literal(std::string_view name, std::string_view value) {
  return number(0, 1) + text(name) + text(value);
}

/// A field that goes into the table.
inline std::string added(std::string_view name, std::string_view value) {
  return number(0x40, 1) + text(name) + text(value);
}

inline std::string size_update(std::uint64_t size) { return integer(size, 5, 0x20); }

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

inline std::string block_of(const Fields& fields) {
  std::string block;
  for (const auto& [name, value] : fields) block += literal(name, value);
  return block;
}

inline Fields get(std::string_view path, Fields more = {}) {
  Fields fields{{":method", "GET"}, {":scheme", "http"}, {":path", path}, {":authority", "h.example"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

inline Fields post(Fields more = {}) {
  Fields fields{{":method", "POST"}, {":scheme", "http"}, {":path", "/p"}, {":authority", "h.example"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

inline Fields ok(Fields more = {}) {
  Fields fields{{":status", "200"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

constexpr std::uint8_t kWhole = kFlagEndStream | kFlagEndHeaders;  // a message without a body

inline std::string headers(std::uint32_t stream, const Fields& fields, std::uint8_t flags = kFlagEndHeaders) {
  return frame(FrameType::headers, flags, stream, block_of(fields));
}

inline std::string data(std::uint32_t stream, std::string_view bytes, std::uint8_t flags = kFlagEndStream) {
  return frame(FrameType::data, flags, stream, bytes);
}

inline std::string settings(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& rows = {}) {
  std::string payload;
  for (const auto& [setting, value] : rows) payload += number(setting, 2) + number(value, 4);
  return frame(FrameType::settings, 0, 0, payload);
}

/// How both sides begin.
inline std::vector<Said> opened(std::string client_bytes, std::string server_bytes = {}) {
  std::vector<Said> talk{client(std::string(http::kHttp2Preface) + settings() + client_bytes),
                         server(settings() + server_bytes)};
  return talk;
}

}  // namespace bansoko::proto::http2
