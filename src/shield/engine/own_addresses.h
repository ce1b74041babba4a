// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "shield/packet/address.h"

namespace bansoko::engine {

/// Those that interfaces of this machine have now, in our network namespace; empty when nobody can say.
std::vector<packet::Address> own_addresses();

/// Has an interface of this machine, in our network namespace, this address now? True as well when nobody can
/// say.
bool is_own_address(const packet::Address& address);

}  // namespace bansoko::engine
