// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assess/inventory/inventory.h"
#include "assess/xml/records.h"

namespace bansoko::inventory::nmap {

/// A <host> of nmap; nothing for one that was down. What a host says of itself (SMB, RDP) is its system; what
/// nmap makes of its packets is a guess: OperatingSystem::accuracy below 100, and Gap::no_os.
std::optional<assess::Host> read_host(const Document& document, const xml::Node& node, const Limits& limits);

}  // namespace bansoko::inventory::nmap
