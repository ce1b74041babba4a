// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace bansoko::demo {

/// How a command came out; main() makes it the exit code.
enum class Outcome { answered = 0, stopped = 3 };

struct Target {
  std::string host;
  std::string port;
};

/// Fetches a page.
Result<Outcome> http_get(const Target& target, const std::string& path);

/// Sends Code Red's request.
Result<Outcome> code_red(const Target& target);

/// Speaks SMB1 up to a share, then sends the request sequence of MS17-010.
Result<Outcome> ms17_010(const Target& target);

/// Sends Code Red's request up to the last line of its header, waits for a line on standard input, and sends
/// the rest on the same connection.
Result<Outcome> hold(const Target& target);

/// Keeps `connections` busy with requests for `seconds`. `answered` when none failed, else `stopped`.
Result<Outcome> load(const Target& target, int seconds, int connections);

/// Writes a capture of the same: a page, Code Red, MS17-010 and a search that is in order.
Result<Outcome> capture(const std::string& path);

}  // namespace bansoko::demo
