// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bansoko::knowledge {

/// A CVE's name as one number, in the order of year and number; nothing for what is no CVE's name.
std::optional<std::int64_t> code_of_cve(std::string_view name) noexcept;
std::string name_of_cve(std::int64_t code);

/// The number of digits alone, at most nine; 0 for anything else.
std::int64_t code_of_kb(std::string_view digits) noexcept;
std::string name_of_kb(std::int64_t code);

}  // namespace bansoko::knowledge
