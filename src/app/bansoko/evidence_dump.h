// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::app {

/// Sixteen bytes to a line, at most `most` bytes: offset, hex, and what is printable.
std::string hex_dump(Bytes bytes, std::size_t most);

/// The packet that made a rule speak, as a short dump with its size: of those in the file of evidence `path`
/// the last one that arrived in the microsecond `time`.
Result<std::string> dump_packet(const std::string& path, std::chrono::system_clock::time_point time);

}  // namespace bansoko::app
