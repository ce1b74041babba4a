// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lockdown/approved/list.h"

namespace bansoko::lockdown {

/// Of everything that runs now, the programs and libraries whose content is not on the list: with the list in
/// force this machine would not start again. Files of other roots (containers) are left out.
std::vector<std::string> running_but_not_approved(const approved::List& list);

}  // namespace bansoko::lockdown
