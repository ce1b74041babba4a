// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/personality.h"

#include <array>

namespace bansoko::proto::http {
namespace {

using packet::WebServer;

// The reading of intrusion detection's HTTP libraries, which rules are written against.
constexpr Reading kLenient{.u_escapes = true, .backslashes = true, .utf8 = true};

/// All that any server of that family was found to do.
constexpr Reading kUnion{.u_escapes = true,
                         .backslashes = true,
                         .utf8 = true,
                         .twice = true,
                         .parameters = true,
                         .trailing = true,
                         .nul_ends = true,
                         .query_utf8 = true};

// HTTP.sys decodes once, and refuses NUL.
constexpr Reading kWindows{
    .u_escapes = true, .backslashes = true, .utf8 = true, .trailing = true, .query_utf8 = true};

constexpr std::array kGeneric{kLenient, kUnion};
constexpr std::array kApache{Reading{}};
constexpr std::array kIis6{kLenient, kUnion};
constexpr std::array kIis{kLenient, kWindows};

}  // namespace

std::span<const Reading> readings(WebServer server) noexcept {
  switch (server) {
    case WebServer::apache:
      return kApache;
    case WebServer::iis6:
      return kIis6;
    case WebServer::iis:
      return kIis;
    case WebServer::generic:
      break;
  }
  return kGeneric;
}

}  // namespace bansoko::proto::http
