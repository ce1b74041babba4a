// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "lockdown/approved/list.h"

namespace bansoko::approved {

/// The form of a list on the disk, version 1. Numbers are in network order, texts have no end mark.
///
///     8   "BNSKLIST"
///     2   version: 1
///     8   generation
///     8   made: seconds since 1970
///     2+n reason: its size (at most kMaxReason), then its bytes
///     4   packages: how many, at most kMaxEntries; of each
///       1+n its size (1 to kMaxPackage), then its bytes
///     4   entries: how many, at most kMaxEntries; of each, by path and then digest, none twice
///       32  digest
///       1   kind, 1 language, 1 origin: numbers of the enumerations
///       4   package: 0: none; n: the n-th of the packages
///       2+n path: its size (1 to kMaxPath), then its bytes
///
/// A signature of 64 bytes over all that stands before it ends the file (list_bytes() is without).
inline constexpr std::size_t kMaxReason = 1024;

std::string list_bytes(const List& list);

/// Refuses what is not exactly of this form, to its last byte.
Result<std::shared_ptr<const List>> read_list(Bytes bytes);

}  // namespace bansoko::approved
