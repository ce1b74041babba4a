// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace bansoko::proto::http2 {

struct NamedText {
  std::string_view name;
  std::string_view value = {};
};

inline constexpr std::size_t kStaticFields = 61;

/// RFC 7541 appendix A: the fields of index 1 to 61.
const std::array<NamedText, kStaticFields>& static_table() noexcept;

}  // namespace bansoko::proto::http2
