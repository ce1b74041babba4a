// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/limits.h"

#include <algorithm>

namespace bansoko::proto::http2 {

Limits Limits::from(std::span<const std::uint64_t> values) noexcept {
  std::array<std::uint64_t, kLimits.size()> all{};
  std::ranges::transform(kLimits, all.begin(), &Limit::value);
  std::ranges::copy(values.first(std::min(values.size(), all.size())), all.begin());
  Limits limits;
  limits.http = http::Limits::from(std::span(all).first(http::kLimits.size()));
  limits.fields = {.text = limits.http.head, .part = limits.http.line, .count = limits.http.headers};
  std::size_t next = http::kLimits.size();
  limits.table = static_cast<std::size_t>(all[next++]);
  limits.continuations = static_cast<std::uint32_t>(all[next++]);
  limits.control = static_cast<std::uint32_t>(all[next++]);
  limits.resets = static_cast<std::uint32_t>(all[next++]);
  return limits;
}

}  // namespace bansoko::proto::http2
