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
  line_end_invalid,
  header_folded,
  header_name_invalid,
  header_control_character,
  host_ambiguous,
  method_lower_case,
  version_unknown,
  content_length_repeated,
  transfer_coding_unknown,
  transfer_coding_order,
  chunked_in_old_version,
  chunk_size_ambiguous,
  chunk_size_overflow,
  chunk_line_end,
  chunk_end_invalid,
  compressed_members,
  uri_escape_invalid,
  uri_control_character,
  uri_nul,
  uri_double_encoded,
  uri_overlong,
  uri_above_root,
  protocol_missing,
  authorization_unknown,
  too_many_uploads,
  file_without_digest,
};

inline constexpr std::array<std::string_view, 47> kAnomalies{
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
    "http.line_end_invalid",
    "http.header_folded",
    "http.header_name_invalid",
    "http.header_control_character",
    "http.host_ambiguous",
    "http.method_lower_case",
    "http.version_unknown",
    "http.content_length_repeated",
    "http.transfer_coding_unknown",
    "http.transfer_coding_order",
    "http.chunked_in_old_version",
    "http.chunk_size_ambiguous",
    "http.chunk_size_overflow",
    "http.chunk_line_end",
    "http.chunk_end_invalid",
    "http.compressed_members",
    "http.uri_escape_invalid",
    "http.uri_control_character",
    "http.uri_nul",
    "http.uri_double_encoded",
    "http.uri_overlong",
    "http.uri_above_root",
    "http.protocol_missing",
    "http.authorization_unknown",
    "http.too_many_uploads",
    "http.file_without_digest",
};

static_assert(kAnomalies.size() == static_cast<std::size_t>(Anomaly::file_without_digest) + 1);

/// What is wrong with a message, in the order it was found.
class AnomalySet {
 public:
  void add(Anomaly anomaly) noexcept {
    if (has(anomaly)) return;
    known_ |= bit(anomaly);
    found_[size_++] = anomaly;
  }
  bool has(Anomaly anomaly) const noexcept { return (known_ & bit(anomaly)) != 0; }
  /// Calls `tell` for each that is new since the last time; whether there were any.
  template <class Tell>
  bool drain(Tell tell) noexcept {
    const bool is_new = told_ < size_;
    for (; told_ < size_; ++told_) tell(static_cast<std::size_t>(found_[told_]));
    return is_new;
  }
  std::size_t size() const noexcept { return size_; }
  Anomaly operator[](std::size_t index) const noexcept { return found_[index]; }
  void clear() noexcept {
    known_ = 0;
    size_ = told_ = 0;
  }

 private:
  static_assert(kAnomalies.size() <= 64);
  static std::uint64_t bit(Anomaly anomaly) noexcept {
    return std::uint64_t{1} << static_cast<unsigned>(anomaly);
  }

  std::uint64_t known_ = 0;
  std::array<Anomaly, kAnomalies.size()> found_{};
  std::uint8_t size_ = 0;
  std::uint8_t told_ = 0;
};

}  // namespace bansoko::proto::http
