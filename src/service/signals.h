// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::service {

/// Signals as things to read, for this thread and all that it starts later.
Result<UniqueFd> open_signals(std::initializer_list<int> wanted);

/// The next one that has come, if any.
std::optional<std::uint32_t> next_signal(int fd);

}  // namespace bansoko::service
