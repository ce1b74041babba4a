// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shield/proto/http/anomaly.h"

namespace bansoko::proto::http2 {

/// What can be wrong with HTTP/2 beside what can be with any HTTP: indexes into kOwnAnomalies.
enum class Anomaly : std::uint8_t {
  invalid_client_magic,
  invalid_frame_header,
  invalid_frame_length,
  invalid_frame_data,
  long_frame_data,
  data_stream_zero,
  stream_id_reuse,
  stream_closed,
  stream_unknown,
  too_many_streams,
  too_many_frames,
  too_many_continuations,
  too_many_settings,
  ping_flood,
  settings_flood,
  rapid_reset,
  invalid_header,
  header_integer_overflow,
  header_size_update,
  header_block_limit,
  header_unknown,
  header_upper_case,
  pseudo_header_invalid,
  connection_header,
  authority_host_mismatch,
  userinfo_in_uri,
  content_length_mismatch,
  lost_in_gap,
};

inline constexpr std::array<std::string_view, 28> kOwnAnomalies{
    "http2.invalid_client_magic",    "http2.invalid_frame_header",
    "http2.invalid_frame_length",    "http2.invalid_frame_data",
    "http2.long_frame_data",         "http2.data_stream_zero",
    "http2.stream_id_reuse",         "http2.stream_closed",
    "http2.stream_unknown",          "http2.too_many_streams",
    "http2.too_many_frames",         "http2.too_many_continuations",
    "http2.too_many_settings",       "http2.ping_flood",
    "http2.settings_flood",          "http2.rapid_reset",
    "http2.invalid_header",          "http2.header_integer_overflow",
    "http2.header_size_update",      "http2.header_block_limit",
    "http2.header_unknown",          "http2.header_upper_case",
    "http2.pseudo_header_invalid",   "http2.connection_header",
    "http2.authority_host_mismatch", "http2.userinfo_in_uri",
    "http2.content_length_mismatch", "http2.lost_in_gap",
};

static_assert(kOwnAnomalies.size() == static_cast<std::size_t>(Anomaly::lost_in_gap) + 1);

/// Those of any HTTP come first, so that a message's own mean the same here.
inline constexpr auto kAnomalies = [] {
  std::array<std::string_view, http::kAnomalies.size() + kOwnAnomalies.size()> all{};
  std::ranges::copy(kOwnAnomalies, std::ranges::copy(http::kAnomalies, all.begin()).out);
  return all;
}();

constexpr std::size_t index_of(Anomaly anomaly) noexcept {
  return http::kAnomalies.size() + static_cast<std::size_t>(anomaly);
}

}  // namespace bansoko::proto::http2
