// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace bansoko::engine {

/// Leaves this thread, and every thread and program it starts later, with CAP_NET_ADMIN and CAP_NET_RAW at
/// most, and with no way to gain more. The user stays root, which without CAP_DAC_OVERRIDE is only the owner
/// of its own files: it must still write the sysctls that the firewall needs. Call before any thread is
/// started.
Result<> drop_privileges();

}  // namespace bansoko::engine
