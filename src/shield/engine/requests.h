// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shield/engine/quarantine.h"
#include "shield/engine/status.h"

namespace bansoko::engine {

/// What the control socket can ask for.
struct Commands {
  std::function<Status()> status;
  std::function<Result<RulesStatus>()> reload;
  std::function<Quarantine&()> quarantine;
};

/// Answers one line such as {"command":"status"}: with "ok" true and what was asked for, or false and why.
/// Whatever the line holds, the answer is one line of JSON.
std::string answer_request(std::string_view request, const Commands& commands);

}  // namespace bansoko::engine
