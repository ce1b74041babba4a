// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/packet/address.h"

namespace bansoko::engine {

/// Has an interface of this machine, in our network namespace, this address now? True as well when nobody can
/// say.
bool is_own_address(const packet::Address& address);

}  // namespace bansoko::engine
