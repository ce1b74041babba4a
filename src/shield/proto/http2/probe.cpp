// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/probe.h"

#include <algorithm>

#include "shield/proto/http/probe.h"
#include "shield/proto/http2/frame.h"

namespace bansoko::proto::http2 {
namespace {

constexpr std::uint32_t kMostSettings = 64;      // that a server begins with
constexpr std::uint16_t kHighestSetting = 0x10;  // of those registered
constexpr std::uint32_t kMostSecond = 1U << 16U;

Guess probe_client(std::string_view text) noexcept {
  const auto size = std::min(text.size(), http::kHttp2Preface.size());
  if (text.substr(0, size) != http::kHttp2Preface.substr(0, size)) return Guess::no;
  return size == http::kHttp2Preface.size() ? Guess::yes : Guess::maybe;
}

FrameHeader frame_at(Bytes bytes) noexcept {
  std::array<std::uint8_t, kFrameHeaderSize> head{};
  std::ranges::copy(bytes.first(std::min(bytes.size(), head.size())), head.begin());
  return FrameHeader::from(head);
}

/// Unknown settings are allowed (RFC 9113 section 6.5.2), but not to begin with: a few zeros are no mark.
bool is_setting(std::uint16_t setting) noexcept { return setting > 0 && setting <= kHighestSetting; }

/// An empty SETTINGS is nine bytes of little meaning: the next frame must look like one.
Guess probe_second(Bytes rest) noexcept {
  if (rest.size() < kFrameHeaderSize) return Guess::maybe;
  const FrameHeader second = frame_at(rest);
  const bool is_frame = second.type < kFrameTypes && second.length <= kMostSecond && !second.is_reserved_set;
  const bool is_something = second.length > 0 || second.is(FrameType::settings);
  return is_frame && is_something ? Guess::yes : Guess::no;
}

Guess probe_server(Bytes bytes) noexcept {
  constexpr std::array<std::uint8_t, 2> kMostLength{0, (kMostSettings * kSettingSize) >> 8U};
  if (bytes.size() < kFrameHeaderSize) {
    const bool may_be = (bytes.empty() || bytes[0] == 0) &&
                        (bytes.size() < 2 || bytes[1] <= kMostLength[1]) &&
                        (bytes.size() < 4 || bytes[3] == static_cast<std::uint8_t>(FrameType::settings)) &&
                        std::ranges::all_of(bytes.subspan(std::min<std::size_t>(bytes.size(), 4)),
                                            [](std::uint8_t byte) { return byte == 0; });
    return may_be ? Guess::maybe : Guess::no;
  }
  const FrameHeader first = frame_at(bytes);
  if (!first.is(FrameType::settings) || first.flags != 0 || first.stream != 0 || first.is_reserved_set ||
      first.length % kSettingSize != 0 || first.length > kMostSettings * kSettingSize)
    return Guess::no;
  const Bytes rest = bytes.subspan(kFrameHeaderSize);
  if (first.length == 0) return probe_second(rest);
  if (rest.size() < 2) return Guess::maybe;
  ByteReader in(rest);
  return is_setting(in.u16()) ? Guess::yes : Guess::no;
}

}  // namespace

Guess probe(const StreamChunk& first, const Approach&) noexcept {
  return first.from == Side::client ? probe_client(as_text(first.bytes())) : probe_server(first.bytes());
}

}  // namespace bansoko::proto::http2
