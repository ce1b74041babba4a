// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::archive {

bool is_gzip(Bytes bytes) noexcept;

/// All that is compressed in it, its checksums verified (libarchive does not). Refuses what is cut short,
/// damaged, or larger than `max_size` when unpacked.
Result<std::string> gunzip(Bytes bytes, std::size_t max_size);

}  // namespace bansoko::archive
