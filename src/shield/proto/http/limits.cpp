// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/limits.h"

namespace bansoko::proto::http {
namespace {

/// What "all" of a body comes to: it is kept in memory, so it cannot be endless.
constexpr std::size_t kAllOfBody = 1U << 30U;

}  // namespace

Limits Limits::from(std::span<const std::uint64_t> values) noexcept {
  const auto value = [values](std::size_t i) {
    return static_cast<std::size_t>(i < values.size() ? values[i] : kLimits[i].value);
  };
  const auto body = [&value](std::size_t i) {
    return BodyLimits{.size = value(i) == 0 ? kAllOfBody : value(i), .layers = value(6), .ratio = value(7)};
  };
  Limits limits;
  limits.request_body = body(0);
  limits.response_body = body(1);
  limits.head = value(2);
  limits.line = value(3);
  limits.headers = value(4);
  limits.transactions = value(5);
  limits.inflaters = value(8);
  limits.memory = value(9);
  limits.uploads = value(10);
  limits.digest = value(11);
  return limits;
}

}  // namespace bansoko::proto::http
