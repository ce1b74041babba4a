// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "lockdown/approved/list.h"
#include "lockdown/approved/signature.h"

namespace bansoko::approved {

/// What people want to know of a list that was carried over.
struct Manifest {
  std::string host = {}, by = {}, note = {};
  std::int64_t exported = 0;     // seconds since 1970
  std::uint64_t generation = 0;  // as the machine it comes from counts; the list's own
  std::uint64_t entries = 0;     // of the list
};

/// A list of another machine, in one file. Version 1, numbers in network order:
///
///     8   "BNSKEXCH"
///     2   version: 1
///     32  the public key of the machine it comes from
///     4+n manifest: its size (at most kMaxManifest), then JSON
///     4+n list: its size, then what list_file.h says
///     64  signature over all that stands before it, by that key
struct Exchange {
  Manifest manifest;
  PublicKey key{};
  std::shared_ptr<const List> list;
};
inline constexpr std::size_t kMaxManifest = 64U << 10U;

/// Texts of the manifest are cut at 1024 bytes.
Result<std::string> exchange_bytes(Manifest manifest, const List& list, const SigningKey& key);

/// Without the signature, which nobody looks at.
Result<Exchange> read_unsigned(Bytes bytes);
/// Refuses a key that is none of `accepted` before anything else is read, and then a wrong signature.
Result<Exchange> read_exchange(Bytes bytes, std::span<const PublicKey> accepted);

/// The keys of `<folder>/*.pub`, which the operator has put there. Those that are none, or that others may
/// write, are named in `refused`.
Result<std::vector<PublicKey>> read_accepted_keys(const std::string& folder,
                                                  std::vector<std::string>& refused);

}  // namespace bansoko::approved
