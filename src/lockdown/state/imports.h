// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::state {

/// The generation imported last, by the fingerprint of the key that signed it.
using Imports = std::map<std::string, std::uint64_t, std::less<>>;

/// Of more keys than this nothing is noted: the import fails.
inline constexpr std::size_t kMaxImportKeys = 1000;

Result<Imports> parse_imports(std::string_view text, std::string_view what);
/// None where nothing was imported yet.
Result<Imports> read_imports(const std::string& folder);
Result<> write(const std::string& folder, const Imports& imports);

}  // namespace bansoko::state
