// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "shield/proto/http/limits.h"
#include "shield/proto/http2/field_list.h"

namespace bansoko::proto::http2 {

/// Those of HTTP/1 first, in its order, with streams where it has requests; then those of HTTP/2 alone.
inline constexpr std::array kLimits{
    http::kLimits[0],
    http::kLimits[1],
    Limit{"headers_limit", "names and values of one header block; later fields are left out",
          64 * http::kKibi, 1024, http::kMebi, true},
    Limit{"line_limit", "one name or value; the rest of it is left out", 16 * http::kKibi, 256, http::kMebi,
          true},
    Limit{"header_count_limit", "fields of one header block; later ones are left out", 1024, 8, 8192},
    Limit{"stream_limit",
          "open streams of one connection; the oldest is given up: what comes on it is looked at as a body "
          "without headers",
          256, 1, 4096},
    http::kLimits[6],
    http::kLimits[7],
    http::kLimits[8],
    Limit{"memory",
          "for headers, bodies and HPACK tables of all connections, per worker, beyond a fixed part of each; "
          "when three quarters are used up, bodies are kept no further, then of headers 1 KiB",
          64 * http::kMebi, http::kMebi, 1ULL << 40, true},
    http::kLimits[10],
    http::kLimits[11],
    Limit{
        "table_size",
        "of each side's dynamic table of HPACK held; of a larger one references to older fields are unknown",
        64 * http::kKibi, 4096, http::kMebi, true},
    Limit{"continuation_limit", "CONTINUATION frames of one header block before it is told; it is read on",
          16, 1, 65536},
    Limit{"control_limit",
          "PING, SETTINGS or other frames without content of one side between frames with content before "
          "it is told, once more for each so many",
          1000, 10, 1 << 20},
    Limit{
        "reset_limit",
        "streams that the client ends unanswered, beyond those it lets end, before it is told, once more for "
        "each so many",
        100, 1, 1 << 20},
};

struct Limits {
  http::Limits http;
  FieldLimits fields;
  std::size_t table = 0;
  std::uint32_t continuations = 0;
  std::uint32_t control = 0;
  std::uint32_t resets = 0;

  /// Where `values` is short, the defaults.
  static Limits from(std::span<const std::uint64_t> values) noexcept;
};

}  // namespace bansoko::proto::http2
