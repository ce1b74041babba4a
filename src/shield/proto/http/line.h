// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace bansoko::proto::http {

/// A start line in its three parts: method, target, protocol; or protocol, status, reason.
/// A part that is missing is empty; all are views into the line.
struct StartLine {
  std::string_view first = {};
  std::string_view second = {};
  std::string_view third = {};
};

/// Method up to the first blank, protocol after the last one: a target may hold blanks, as servers let it.
StartLine split_request_line(std::string_view line) noexcept;
StartLine split_status_line(std::string_view line) noexcept;

/// The target names a host, no resource (RFC 9112 section 3.2.3). A path is what HTTP/2 has besides, for
/// WebSocket (RFC 8441).
bool is_authority_form(const StartLine& request) noexcept;

/// Whether a response with a status line begins here.
bool is_status_line(std::string_view line) noexcept;

/// Without CR and LF at its end.
std::string_view without_line_end(std::string_view line) noexcept;

/// Without blanks at either end: space, tab, vertical tab, form feed, CR and LF.
std::string_view strip(std::string_view text) noexcept;

}  // namespace bansoko::proto::http
