// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/proto/ftp/ftp_parser.h"

namespace bansoko::proto::ftp {
namespace {

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<FtpMemory>(Limits::from(limits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<FtpParser>(Limits::from(limits), static_cast<FtpMemory&>(*shared));
}

bool mentions(std::string_view text, std::string_view word) noexcept {
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool begin_alike(std::string_view text, std::string_view word) noexcept {
  const std::size_t size = std::min(text.size(), word.size());
  return same_text(text.substr(0, size), word.substr(0, size));
}

constexpr std::uint16_t kPort = 21;
constexpr std::uint16_t kMailBoxPort = 110;  // POP3 knows USER as well

Guess probe_command(std::string_view text, const Approach& approach) noexcept {
  constexpr std::array<std::string_view, 8> kCommands{"USER ", "PASS ",    "PORT ",    "EPRT ",
                                                      "EPSV",  "AUTH TLS", "AUTH SSL", "FEAT\r\n"};
  if (approach.server_port == kMailBoxPort) return Guess::no;
  Guess best = Guess::no;
  for (const std::string_view command : kCommands) {
    if (!begin_alike(text, command)) continue;
    if (text.size() >= command.size()) return Guess::yes;
    best = Guess::maybe;
  }
  return best;
}

/// A greeting: that of a mail server begins alike.
Guess probe_greeting(std::string_view text, const Approach& approach) noexcept {
  if (!begin_alike(text, "220 ") && !begin_alike(text, "220-")) return Guess::no;
  if (text.size() < 4) return Guess::maybe;
  const std::string_view greeting = text.substr(0, 512);
  if (approach.server_port == kPort) return Guess::yes;
  return mentions(greeting, "ftp") && !mentions(greeting, "smtp") ? Guess::yes : Guess::maybe;
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  const std::string_view text = as_text(first.window);
  return first.from == Side::client ? probe_command(text, approach) : probe_greeting(text, approach);
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "ftp",
                                 .help = "FTP's control connection, until AUTH TLS",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = buffers(),
                                 .fields = fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::ftp
