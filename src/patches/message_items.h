// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

/// How items of a message are written.
namespace bansoko::patches {

/// "4d 5a" or "4d5a".
Result<std::string> bytes_of_hex(std::string_view text);
/// UTF-8 text as UTF-16.
Result<std::string> utf16_of(std::string_view text, bool big_endian);
/// As DCE/RPC carries it in the byte order of Intel's processors, or as it is read.
Result<std::string> uuid_of(std::string_view text, bool big_endian);
std::string integer_bytes(std::uint64_t value, std::size_t size, bool big_endian);
/// RFC 4648 section 4.
std::string base64_of(std::string_view bytes);
/// Each byte as %41.
std::string percent_of(std::string_view bytes);
/// Labels with their lengths and the root's at the end (RFC 1035 section 3.1).
Result<std::string> dns_name_of(std::string_view text);
/// X.690 section 10.1.
std::string der_length(std::size_t size);

}  // namespace bansoko::patches
