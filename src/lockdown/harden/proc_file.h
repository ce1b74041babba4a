// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace bansoko::harden {

/// A file of /proc or /sys, whose size is not known before; empty where it cannot be read, since processes
/// end while they are looked at. Of more than 16 MiB the rest is not read.
std::string proc_file(const std::string& path);

/// The first bytes of a file, at most `size`.
std::string file_head(const std::string& path, std::size_t size);

}  // namespace bansoko::harden
