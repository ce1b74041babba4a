// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "shield/proto/http/anomaly.h"

namespace bansoko::proto::http {

/// How the headers say where the body ends.
struct Framing {
  std::optional<std::uint64_t> length = {};
  bool is_chunked = false;
  bool has_coding = false;  // Transfer-Encoding was given

  /// Takes note of a header. Where servers differ, what is read is the longer body: what one of them takes
  /// for another request is then seen as a part of this one's, and the anomaly says so.
  void see(std::string_view name, std::string_view value, AnomalySet& anomalies) noexcept;
};

}  // namespace bansoko::proto::http
