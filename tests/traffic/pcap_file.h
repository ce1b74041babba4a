// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <span>

#include "shield/packet/frame.h"
#include "tests/traffic/frames.h"

namespace bansoko::traffic {

/// Writes a classic capture file with microseconds. A frame without a time of its own comes one
/// millisecond after the one before it. Returns whether all of it was written.
[[nodiscard]] bool write_pcap(const std::filesystem::path& path, std::span<const Octets> frames,
                              std::span<const std::chrono::nanoseconds> times = {},
                              packet::Link link = packet::Link::ethernet);

}  // namespace bansoko::traffic
