// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::harden {

/// Connects, says `request` and gives the start of the answer, at most 64 bytes; an empty request is not
/// sent, and nothing is waited for. All addresses of the host are tried in turn, each within `longest`.
Result<std::string> exchange(const std::string& host, const std::string& port, std::string_view request,
                             std::chrono::milliseconds longest);

}  // namespace bansoko::harden
