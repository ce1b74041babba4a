// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

/// Exact orders of versions, each as its own specification says. All are total, so that they can sort, all
/// take any text, and all take time in proportion to its length.
namespace bansoko::version {

enum class Scheme : std::uint8_t { debian, rpm, dotted, windows, sql_server };

std::weak_ordering compare(Scheme scheme, std::string_view a, std::string_view b) noexcept;

/// Debian Policy 5.6.12 and deb-version(7): [epoch:]upstream[-revision]. A missing epoch is 0, and so is a
/// missing revision.
std::weak_ordering compare_debian(std::string_view a, std::string_view b) noexcept;

/// rpm-version(7): [epoch:]version[-release]. A missing epoch is 0; a missing release is lower than any.
std::weak_ordering compare_rpm(std::string_view a, std::string_view b) noexcept;

/// What rpm-version(7) says of one part alone, a version or a release.
std::weak_ordering compare_rpm_part(std::string_view a, std::string_view b) noexcept;

/// Versions of programs without a package manager, as the ranges of CPE names have them: "2.4.49",
/// "1.0.1e", "9.4.2-P2", "5.3.0RC1", "1.8.0_202". What is not written is 0: "2.0" and "2.0.0" are equal.
/// Words for what comes before a release ("rc", "beta", "b" before a number) are lower than it, other letters
/// higher.
std::weak_ordering compare_dotted(std::string_view a, std::string_view b) noexcept;

/// A number of four parts, those not written 0.
struct Build {
  std::array<std::uint32_t, 4> parts = {};

  friend constexpr auto operator<=>(const Build&,
                                    const Build&) = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

/// "6.1.7601.24384", also with text after a blank ("6.1.7601.24384 (win7sp1_ldr.190307-1808)"). Nothing for
/// what is no such number, or one with a part above 4294967295.
std::optional<Build> parse_build(std::string_view text) noexcept;

/// The same for Microsoft SQL Server, whose files say the year where the product says the version:
/// "2000.80.2039.0" is "8.00.2039", "2009.100.1600.1" is "10.50.1600.1".
std::optional<Build> parse_sql_server_build(std::string_view text) noexcept;

}  // namespace bansoko::version
