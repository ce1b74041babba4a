// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"

namespace bansoko::app {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;

/// To standard output, as it is.
void print(std::string_view text);

/// "bansoko: <message>" to standard error. Gives kFailed, for a caller's return.
int complain(const Error& error);

}  // namespace bansoko::app
