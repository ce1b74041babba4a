// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "assess/version/runs.h"
#include "assess/version/version.h"
#include "base/text.h"

namespace bansoko::version {

std::optional<Build> parse_build(std::string_view text) noexcept {
  text = trim(text);
  Build build;
  for (std::size_t i = 0; i < build.parts.size(); ++i) {
    const char* const end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data(), end, build.parts[i]);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(after - text.data()));
    if (!text.starts_with('.')) break;
    if (i + 1 == build.parts.size()) return std::nullopt;
    text.remove_prefix(1);
  }
  if (!text.empty() && text.front() != ' ' && text.front() != '\t') return std::nullopt;
  return build;
}

std::optional<Build> parse_sql_server_build(std::string_view text) noexcept {
  auto build = parse_build(text);
  constexpr std::uint32_t kFirstYear = 1998;  // of SQL Server 7.0
  if (!build || build->parts[0] < kFirstYear) return build;
  const auto [year, tenths, number, revision] = build->parts;
  constexpr std::uint32_t kYearOf2008R2 = 2009;
  build->parts = {tenths / 10, year == kYearOf2008R2 ? 50 : tenths % 10, number, revision};
  return build;
}

}  // namespace bansoko::version
