// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "shield/proto/http/body.h"
#include "shield/proto/http/uploads.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

inline constexpr std::uint64_t kKibi = 1024;
inline constexpr std::uint64_t kMebi = kKibi * kKibi;

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"request_body_limit", "of a request's body, decoded, inspected (0: all); the rest passes unread",
          100 * kKibi, 0, 1ULL << 30, true},
    Limit{"response_body_limit", "of a response's body, decoded, inspected (0: all); the rest passes unread",
          100 * kKibi, 0, 1ULL << 30, true},
    Limit{"headers_limit",
          "start line and headers of one message; of later headers only the framing is obeyed", 64 * kKibi,
          1024, kMebi, true},
    Limit{"line_limit", "one start line or header line; the rest of the line is left out", 16 * kKibi, 256,
          kMebi, true},
    Limit{"header_count_limit", "headers of one message; of later ones only the framing is obeyed", 1024, 8,
          8192},
    Limit{"transaction_limit", "requests of one flow awaiting an answer; the oldest is given up", 64, 1,
          4096},
    Limit{"coding_layers", "content codings undone, one inside another; more are left as they are", 2, 0,
          Body::kMostLayers},
    Limit{"decompression_ratio",
          "decoded bytes for one coded (0: any), beyond 64 KiB; then the rest is not decoded", 512, 0, 65536},
    Limit{
        "inflaters",
        "content codings undone at one time, per worker, in all connections: 92 KiB each; bodies beyond are "
        "looked at as they stand",
        64, 1, 1 << 20},
    Limit{"memory",
          "for heads and bodies of all connections, per worker, beyond a fixed part of each; when three "
          "quarters are used up, bodies are kept no further, then of headers only the framing is obeyed",
          64 * kMebi, kMebi, 1ULL << 40, true},
    Limit{"upload_limit", "files of one form told apart; what is in later ones is looked at as body alone",
          Uploads::kMost, 1, Uploads::kMost},
    Limit{"digest_limit", "of a file, decoded, whose digest rules ask for; a larger one has none", 64 * kMebi,
          1024, 1ULL << 40, true},
};

struct Limits {
  BodyLimits request_body, response_body;
  std::size_t head = 0;
  std::size_t line = 0;
  std::size_t headers = 0;
  std::size_t transactions = 0;
  std::size_t inflaters = 0;
  std::size_t memory = 0;
  std::size_t uploads = 0;
  std::uint64_t digest = 0;

  /// Where `values` is short, the defaults.
  static Limits from(std::span<const std::uint64_t> values) noexcept;
};

}  // namespace bansoko::proto::http
