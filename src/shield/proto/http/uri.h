// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "shield/proto/http/arena.h"

namespace bansoko::proto::http {

/// The parts of a request target as it was sent, each with its leading '?' or '#'.
struct Target {
  std::string_view host = {};  // without user and port; only in the absolute form
  std::string_view path = {};
  std::string_view query = {};
  std::string_view fragment = {};
};

Target split_target(std::string_view target) noexcept;

/// What a server of the lenient kind takes the target for: percent- and %u-decoded once, and in the path
/// backslashes as slashes, repeated slashes as one, UTF-8 (overlong too) as one byte, dot segments removed.
/// Without scheme and host. The result is in `arena`, or `target` itself where nothing changes.
std::string_view normalise(std::string_view target, const Target& parts, Arena& arena);

/// Lower case in `arena`, without port.
std::string_view normalise_host(std::string_view host, Arena& arena);

}  // namespace bansoko::proto::http
