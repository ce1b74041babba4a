// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "shield/proto/http/arena.h"
#include "shield/proto/http/personality.h"

namespace bansoko::proto::http {

/// The parts of a request target as it was sent, each with its leading '?' or '#'.
struct Target {
  std::string_view rest = {};  // path, query and fragment
  std::string_view host = {};  // without user and port; only in the absolute form
  std::string_view path = {};
  std::string_view query = {};
  std::string_view fragment = {};
};

Target split_target(std::string_view target) noexcept;

/// What is odd about a target, of its path unless said otherwise.
struct UriFindings {
  bool escape_invalid = false;     // a percent sign that begins no escape
  bool control_character = false;  // as it stands, also in the query
  bool nul = false;                // however written, also in the query
  bool double_encoded = false;     // once decoded, it holds escapes
  bool overlong = false;           // UTF-8 longer than it need be
  bool above_root = false;         // more ".." than there are folders
};

/// Which kinds of signs a target has, as sets of bits.
struct TargetKinds {
  unsigned path = 0;
  unsigned after = 0;  // in query and fragment
};

TargetKinds kinds_of(const Target& parts) noexcept;

/// Whether reading such a target so changes nothing, and nothing is odd about it.
bool is_plain(const TargetKinds& kinds, const Reading& reading) noexcept;

/// What a server of that kind takes the target for: escapes decoded; in the path repeated slashes as one, dot
/// segments removed, and what `reading` says. Without scheme and host. The result is in `arena`.
std::string_view normalise(const Target& parts, const Reading& reading, Arena& arena, UriFindings& findings);

/// Lower case in `arena`, without port.
std::string_view normalise_host(std::string_view host, Arena& arena);

}  // namespace bansoko::proto::http
