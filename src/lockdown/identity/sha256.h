// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::identity {

/// What a file holds, as FIPS 180-4 SHA-256.
using Sha256 = std::array<std::uint8_t, 32>;

/// 64 lower-case hexadecimal digits.
std::string to_text(const Sha256& digest);
/// The reverse; nothing if it is anything else.
std::optional<Sha256> sha256_from(std::string_view text) noexcept;

/// Reads the file from its beginning to its end by pread(2); the descriptor's place stays. Fails when it
/// cannot be read, when `stop` asks for it (Errc::limit), and when its size is another than before
/// (Errc::invalid).
Result<Sha256> digest_of(int fd, const std::stop_token& stop = {});

}  // namespace bansoko::identity
