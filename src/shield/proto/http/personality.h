// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "shield/packet/host.h"

namespace bansoko::proto::http {

/// One way to read a request target. docs/http.md says which servers read so.
struct Reading {
  bool u_escapes = false;    // %u0041
  bool backslashes = false;  // are slashes, in the path
  bool utf8 = false;         // of the path, overlong too: one byte for a character, by best fit
  bool twice = false;        // the path is decoded twice
  bool parameters = false;   // ";..." of a segment is left out
  bool trailing = false;     // dots and blanks at a segment's end are left out, and "::$DATA"
  bool nul_ends = false;     // the path ends at a NUL
  bool query_utf8 = false;   // as utf8, in the query
};

inline constexpr std::size_t kMostReadings = 2;

/// How a server reads a target: the first is what rules are written for; a second one, if any, is what it may
/// take the target for besides. A rule that matches either matches.
std::span<const Reading> readings(packet::WebServer server) noexcept;

}  // namespace bansoko::proto::http
