// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <gtest/gtest.h>

namespace bansoko {

/// Names each row of a table-driven test after its `name` field.
inline constexpr auto by_name = [](const auto& row) { return std::string(row.param.name); };

}  // namespace bansoko
