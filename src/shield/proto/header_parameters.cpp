// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/header_parameters.h"

#include "base/text.h"

namespace bansoko::proto {
namespace {

std::string_view without_quotes(std::string_view value) noexcept {
  if (value.empty() || value.front() != '"') return value;
  value.remove_prefix(1);
  if (!value.empty() && value.back() == '"') value.remove_suffix(1);
  return value;
}

}  // namespace

HeaderParameters::HeaderParameters(std::string_view value) noexcept
    : rest_(value), first_(trim(take_part())) {}

/// Up to the next semicolon that is not within quotes.
std::string_view HeaderParameters::take_part() noexcept {
  bool is_quoted = false;
  std::size_t at = 0;
  for (; at < rest_.size() && (is_quoted || rest_[at] != ';'); ++at) {
    if (rest_[at] == '"') is_quoted = !is_quoted;
    if (is_quoted && rest_[at] == '\\' && at + 1 < rest_.size()) ++at;
  }
  const std::string_view part = rest_.substr(0, at);
  rest_.remove_prefix(at < rest_.size() ? at + 1 : at);
  return part;
}

std::optional<HeaderParameter> HeaderParameters::next() noexcept {
  while (!rest_.empty()) {
    const std::string_view part = take_part();
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    return HeaderParameter{trim(part.substr(0, equals)), without_quotes(trim(part.substr(equals + 1)))};
  }
  return {};
}

std::optional<std::string_view> header_parameter(std::string_view value, std::string_view name) noexcept {
  HeaderParameters parameters(value);
  while (const auto parameter = parameters.next())
    if (same_text(parameter->name, name)) return parameter->value;
  return {};
}

}  // namespace bansoko::proto
