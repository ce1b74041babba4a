// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "lockdown/approved/store.h"
#include "lockdown/engine/updates.h"

namespace bansoko::lockdown {

/// What an update has brought, as it lies on the disk at its end.
struct Brought {
  std::uint64_t code = 0;    // files that may run, now on the list
  std::uint64_t gone = 0;    // removed again
  std::uint64_t unread = 0;  // could not be read: they stay unknown
};

/// Puts the code among the files of a finished update on the list, as one generation; none if there is no
/// code. `folders` are on the filesystems that are watched, for open_by_handle_at(2).
Result<Brought> register_update(approved::Store& store, const Updates::Finished& update,
                                const std::vector<std::string>& folders);

}  // namespace bansoko::lockdown
