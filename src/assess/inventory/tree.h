// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

/// A system by its files below `root`, where an image is mounted, or "/" for this host: what the paths of all
/// sources name, its kernels ("kernel:installed") and its architecture. Nothing outside of `root` is read.
/// Of this host also what runs: "kernel:running", listening sockets, services, which of them use which
/// package ("used-by:libssl3"), and libraries that were replaced and are still mapped.
Result<assess::Host> read_tree(const std::string& root, const Limits& limits);

}  // namespace bansoko::inventory
