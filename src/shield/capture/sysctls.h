// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace bansoko::capture {

/// Makes bridged IP packets visit the IP hooks. What the settings were is kept in `state_file`, unless an
/// earlier, crashed instance has left them there. On failure everything is as before.
Result<> show_bridged_packets(const std::string& state_file);

/// Puts back what `state_file` remembers and deletes it. No file, nothing to do.
Result<> restore_sysctls(const std::string& state_file);

}  // namespace bansoko::capture
