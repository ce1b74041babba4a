// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "lockdown/engine/judge.h"

namespace bansoko::lockdown {

/// One open or execute, and what has been found out so far.
struct Judge::Question {
  const guard::Held& held;
  const Policy& policy;
  Depth depth;
  const std::stop_token& stop;
  identity::FileState state = {};
  bool executes = false;
  std::optional<Content> known = {};
  identity::FileKind kind = identity::FileKind::data;
};

}  // namespace bansoko::lockdown
