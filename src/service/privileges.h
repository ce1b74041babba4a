// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.h"

namespace bansoko::service {

/// Capabilities by their bits (`1 << CAP_NET_ADMIN`), as capabilities(7) numbers them.
using Capabilities = std::uint64_t;

/// Leaves this thread, and every thread and program it starts later, with `kept` at most, and with no way to
/// gain more. The user stays root, which without CAP_DAC_OVERRIDE is only the owner of its own files. Call
/// before any thread is started.
Result<> drop_privileges(Capabilities kept);

}  // namespace bansoko::service
