// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::app {

/// Sixteen bytes to a line, at most `most` bytes: offset, hex, and what is printable.
std::string hex_dump(Bytes bytes, std::size_t most);

/// The packet that made a rule speak, as a short dump with its size. `path` is a file of evidence.
Result<std::string> dump_first_packet(const std::string& path);

}  // namespace bansoko::app
