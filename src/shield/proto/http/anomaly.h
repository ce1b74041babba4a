// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bansoko::proto::http {

/// What can be wrong with HTTP traffic: indexes into kAnomalies.
enum class Anomaly : std::uint8_t {
  request_line_invalid,
  status_line_missing,
  start_line_too_long,
  header_too_long,
  headers_too_large,
  too_many_headers,
  header_without_name,
  content_length_invalid,
  content_length_ambiguous,
  chunk_size_invalid,
  coding_unknown,
  too_many_codings,
  compressed_body_invalid,
  decompression_limit,
  request_body_limit,
  response_body_limit,
  too_many_transactions,
  response_without_request,
  lost_in_gap,
  inflater_limit,
  memory_limit,
};

inline constexpr std::array<std::string_view, 21> kAnomalies{
    "http.request_line_invalid",
    "http.status_line_missing",
    "http.start_line_too_long",
    "http.header_too_long",
    "http.headers_too_large",
    "http.too_many_headers",
    "http.header_without_name",
    "http.content_length_invalid",
    "http.content_length_ambiguous",
    "http.chunk_size_invalid",
    "http.coding_unknown",
    "http.too_many_codings",
    "http.compressed_body_invalid",
    "http.decompression_limit",
    "http.request_body_limit",
    "http.response_body_limit",
    "http.too_many_transactions",
    "http.response_without_request",
    "http.lost_in_gap",
    "http.inflater_limit",
    "http.memory_limit",
};

/// Anomalies found and not yet told.
class AnomalySet {
 public:
  void add(Anomaly anomaly) noexcept {
    const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(anomaly);
    fresh_ |= bit & ~known_;
    known_ |= bit;
  }
  /// Calls `tell` for each that is new since the last time.
  template <class Tell>
  void drain(Tell tell) noexcept {
    for (std::size_t i = 0; fresh_ != 0; ++i, fresh_ >>= 1U)
      if ((fresh_ & 1U) != 0) tell(i);
  }
  void clear() noexcept { fresh_ = known_ = 0; }

 private:
  std::uint32_t fresh_ = 0;
  std::uint32_t known_ = 0;
};

}  // namespace bansoko::proto::http
