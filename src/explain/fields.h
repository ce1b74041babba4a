// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bansoko::explain {

/// Fields and their values: "smb1.trans_command 35 (peek_nmpipe), smb1.max_parameter_count 65,535".
std::string fields_text(const std::vector<std::pair<std::string, std::uint64_t>>& fields);

}  // namespace bansoko::explain
