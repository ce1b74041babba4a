// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/telnet/codes.h"
#include "shield/proto/telnet/telnet_parser.h"

namespace bansoko::proto::telnet {
namespace {

constexpr std::uint16_t kPort = 23;

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<TelnetMemory>(Limits::from(limits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<TelnetParser>(Limits::from(limits), static_cast<TelnetMemory&>(*shared));
}

/// Options that are in use: what else begins with 255 and 251 to 254 (marks of UTF-16, pictures) has others.
bool is_usual_option(std::uint8_t option) noexcept {
  constexpr std::uint8_t kLastUsual = 47;
  return option <= kLastUsual || (option >= 138 && option <= 140);
}

Guess probe_command(Bytes bytes, bool is_expected) noexcept {
  ByteReader in(bytes);
  in.skip(1);
  if (in.rest().empty()) return Guess::maybe;
  const std::uint8_t command = in.u8();
  if (is_expected && command >= Command::end_of_file) return Guess::yes;
  if (command < Command::subnegotiation_begin || command == Command::interpret) return Guess::no;
  if (in.rest().empty()) return Guess::maybe;
  return is_usual_option(in.u8()) ? Guess::yes : Guess::no;
}

/// On the port of Telnet a server may ask for a name without any command first.
Guess probe_text(std::string_view text, Side from) noexcept {
  constexpr std::size_t kEnough = 6;
  const bool is_text = std::ranges::all_of(text.substr(0, 64), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || c == '\r' || c == '\n' || c == '\t' || c == '\x1b' ||
           c == '\a' || c == '\0';
  });
  const bool is_of_another = text.starts_with("SSH-") || text.starts_with("220") || text.starts_with("HTTP/");
  if (!is_text || is_of_another) return Guess::no;
  return from == Side::server && text.size() >= kEnough ? Guess::yes : Guess::maybe;
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  const bool is_expected = approach.server_port == kPort;
  if (first.window.empty()) return Guess::maybe;
  if (first.window.front() == Command::interpret) return probe_command(first.window, is_expected);
  return is_expected ? probe_text(as_text(first.window), first.from) : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{
      .name = "telnet",
      .help = "Telnet: commands, options, sub-negotiations, and what is said beside them",
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

}  // namespace bansoko::proto::telnet
