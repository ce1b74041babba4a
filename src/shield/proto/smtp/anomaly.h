// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bansoko::proto::smtp {

/// What can be wrong with mail traffic: indexes into kAnomalies.
enum class Anomaly : std::uint8_t {
  invalid_reply,
  unmatched_reply,
  command_line_limit,
  reply_line_limit,
  invalid_pipelining,
  invalid_bdat,
  no_welcome,
  tls_rejected,
  data_rejected,
  data_end_ambiguous,
  mime_malformed,
  mime_invalid_base64,
  mime_invalid_qp,
  mime_long_line,
  mime_long_encoded_line,
  mime_long_header_name,
  mime_long_header_value,
  mime_long_boundary,
  mime_long_filename,
  mime_depth_limit,
  text_limit,
  list_limit,
  file_limit,
  file_size_limit,
  memory_limit,
  gap,
  file_without_digest,
};

/// Where Suricata has an event for the same, its name.
inline constexpr std::array<std::string_view, 27> kAnomalies{
    "smtp.invalid_reply",
    "smtp.unable_to_match_reply_with_request",
    "smtp.max_command_line_len_exceeded",
    "smtp.max_reply_line_len_exceeded",
    "smtp.invalid_pipelined_sequence",
    "smtp.invalid_bdat",
    "smtp.no_server_welcome_message",
    "smtp.tls_rejected",
    "smtp.data_command_rejected",
    "smtp.data_end_ambiguous",
    "smtp.mime_malformed_msg",
    "smtp.mime_invalid_base64",
    "smtp.mime_invalid_qp",
    "smtp.mime_long_line",
    "smtp.mime_long_enc_line",
    "smtp.mime_long_header_name",
    "smtp.mime_long_header_value",
    "smtp.mime_long_boundary",
    "smtp.mime_long_filename",
    "smtp.mime_depth_limit",
    "smtp.text_limit",
    "smtp.list_limit",
    "smtp.file_limit",
    "smtp.file_size_limit",
    "smtp.memory_limit",
    "smtp.gap",
    "smtp.file_without_digest",
};
static_assert(kAnomalies.size() == static_cast<std::size_t>(Anomaly::file_without_digest) + 1);

/// What was found since the last drain(); each once until clear().
class AnomalySet {
 public:
  void add(Anomaly anomaly) noexcept { found_ |= std::uint32_t{1} << static_cast<unsigned>(anomaly); }
  template <class Tell>
  void drain(Tell tell) noexcept {
    for (std::size_t i = 0; i < kAnomalies.size(); ++i)
      if (((found_ & ~told_) >> i & 1U) != 0) tell(i);
    told_ = found_;
  }
  void clear() noexcept { found_ = told_ = 0; }

 private:
  std::uint32_t found_ = 0, told_ = 0;
};

}  // namespace bansoko::proto::smtp
