// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::proto::http2 {

/// RFC 9113 section 6.
enum class FrameType : std::uint8_t {
  data,
  headers,
  priority,
  rst_stream,
  settings,
  push_promise,
  ping,
  goaway,
  window_update,
  continuation,
};
inline constexpr std::size_t kFrameTypes = 10;

inline constexpr std::uint8_t kFlagEndStream = 0x01, kFlagAck = 0x01, kFlagEndHeaders = 0x04,
                              kFlagPadded = 0x08, kFlagPriority = 0x20;

/// RFC 9113 section 6.5.2.
enum class Setting : std::uint16_t {
  header_table_size = 1,
  enable_push,
  max_concurrent_streams,
  initial_window_size,
  max_frame_size,
  max_header_list_size,
};

inline constexpr std::size_t kFrameHeaderSize = 9;
inline constexpr std::size_t kSettingSize = 6;
inline constexpr std::uint32_t kFirstMaxFrameSize = 16384;  // until a side asks for another
inline constexpr std::uint32_t kFirstTableSize = 4096;      // likewise

struct FrameHeader {
  std::uint32_t length = 0;
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  bool is_reserved_set = false;

  static FrameHeader from(const std::array<std::uint8_t, kFrameHeaderSize>& bytes) noexcept {
    ByteReader in(bytes);
    FrameHeader header;
    header.length = in.u24();
    header.type = in.u8();
    header.flags = in.u8();
    const std::uint32_t stream = in.u32();
    header.stream = stream & 0x7fffffffU;
    header.is_reserved_set = stream != header.stream;
    return header;
  }
  bool is(FrameType of) const noexcept { return type == static_cast<std::uint8_t>(of); }
  bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
  /// Its payload is, or has, a piece of a header block.
  bool has_block() const noexcept {
    return is(FrameType::headers) || is(FrameType::push_promise) || is(FrameType::continuation);
  }
};

}  // namespace bansoko::proto::http2
