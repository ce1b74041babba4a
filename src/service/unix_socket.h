// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::service {

/// A stream socket bound to `path` and listening, for owner and group only.
Result<UniqueFd> listen_at(const std::string& path);

/// Errc::not_found: nobody listens there.
Result<UniqueFd> connect_to(const std::string& path);

/// Waits until the descriptor can be read (or a peer has hung up). False: time is up.
bool wait_readable(int fd, std::chrono::steady_clock::time_point until) noexcept;

/// Reads up to a newline, which is left out. Fails past `most` bytes, at `until`, and when the peer hangs up
/// first.
Result<std::string> read_line(int fd, std::size_t most, std::chrono::steady_clock::time_point until);

/// Writes all of it; fails at `until`.
Result<> write_line(int fd, std::string_view line, std::chrono::steady_clock::time_point until);

}  // namespace bansoko::service
