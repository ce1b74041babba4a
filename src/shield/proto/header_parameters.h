// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace bansoko::proto {

/// One `name=value` of a header such as Content-Type; quotes are gone from the value, escapes in it are not.
struct HeaderParameter {
  std::string_view name = {};
  std::string_view value = {};
};

/// Reads the parameters of a header's value one by one, as MIME has them (RFC 2045 section 5.1). What is no
/// parameter is passed over.
class HeaderParameters {
 public:
  explicit HeaderParameters(std::string_view value) noexcept;

  /// What stands before the first parameter: "multipart/mixed".
  std::string_view first() const noexcept { return first_; }
  /// Nothing: no more.
  std::optional<HeaderParameter> next() noexcept;

 private:
  std::string_view take_part() noexcept;

  std::string_view rest_;
  std::string_view first_;
};

/// The value of the first parameter of that name.
std::optional<std::string_view> header_parameter(std::string_view value, std::string_view name) noexcept;

}  // namespace bansoko::proto
