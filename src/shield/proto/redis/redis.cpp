// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/proto/redis/redis_parser.h"

namespace bansoko::proto::redis {
namespace {

constexpr std::uint16_t kPort = 6379;

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<RedisMemory>(Limits::from(limits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<RedisParser>(Limits::from(limits), static_cast<RedisMemory&>(*shared));
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// "*2\r\n$", or the beginning of it. `behind`: what may come next; empty: anything.
Guess probe_array(std::string_view text, std::string_view signs, std::string_view behind) noexcept {
  constexpr std::size_t kMostDigits = 10;
  if (signs.find(text.front()) == std::string_view::npos) return Guess::no;
  const auto digits = std::find_if_not(text.begin() + 1, text.end(), is_digit);
  const auto size = static_cast<std::size_t>(digits - text.begin());
  if (size > kMostDigits + 1) return Guess::no;
  const std::string_view rest = text.substr(size);
  if (rest.empty()) return Guess::maybe;
  if (size < 2 || rest[0] != '\r') return Guess::no;
  if (rest.size() < 3) return rest.size() < 2 || rest[1] == '\n' ? Guess::maybe : Guess::no;
  const bool fits = behind.empty() || behind.find(rest[2]) != std::string_view::npos;
  return rest[1] == '\n' && fits ? Guess::yes : Guess::no;
}

/// A line that begins with one of these words, whatever the port. Others are words of other protocols as
/// well.
Guess probe_words(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 11> kWords{"CONFIG SET ", "CONFIG GET ", "SLAVEOF ", "REPLICAOF ",
                                                    "MODULE LOAD", "EVAL ",       "EVALSHA ", "SCRIPT LOAD",
                                                    "FLUSHALL",    "REPLCONF ",   "PSYNC "};
  Guess best = Guess::no;
  for (const std::string_view word : kWords) {
    const std::size_t size = std::min(text.size(), word.size());
    if (!same_text(text.substr(0, size), word.substr(0, size))) continue;
    if (size == word.size()) return Guess::yes;
    best = Guess::maybe;
  }
  return best;
}

/// On the port of Redis a line of any words is one, also an empty one. The server passes over a line of
/// anything else, and its answer tells.
Guess probe_on_port(std::string_view text) noexcept {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  const bool is_text =
      std::ranges::all_of(line, [](char c) { return (c >= ' ' && c <= '~') || c == '\r' || c == '\t'; });
  return is_text && end != std::string_view::npos ? Guess::yes : Guess::maybe;
}

Guess probe_client(std::string_view text, const Approach& approach) noexcept {
  if (probe_array(text, "*", "$") != Guess::no) return probe_array(text, "*", "$");
  const Guess guess = probe_words(text);
  if (guess == Guess::yes || approach.server_port != kPort) return guess;
  return std::max(guess, probe_on_port(text));
}

Guess probe_server(std::string_view text, const Approach& approach) noexcept {
  constexpr std::array<std::string_view, 4> kReplies{"-NOAUTH ", "-DENIED Redis", "+PONG\r\n",
                                                     "-ERR unknown command"};
  if (text.front() == '*') return probe_array(text, "*", "$:*+-%~");
  if (text.front() == '$') return probe_array(text, "$", {});
  Guess best = Guess::no;
  for (const std::string_view reply : kReplies) {
    const std::size_t size = std::min(text.size(), reply.size());
    if (text.substr(0, size) != reply.substr(0, size)) continue;
    if (size == reply.size()) return Guess::yes;
    best = Guess::maybe;
  }
  const bool is_line = text.front() == '+' || text.front() == '-' || text.front() == ':';
  if (approach.server_port == kPort && is_line)
    return text.find("\r\n") < text.size() ? Guess::yes : Guess::maybe;
  return best;
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  const std::string_view text = as_text(first.window);
  if (text.empty()) return Guess::maybe;
  return first.from == Side::client ? probe_client(text, approach) : probe_server(text, approach);
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{
      .name = "redis",
      .help = "Redis: commands as RESP arrays and as lines, and replies (RESP2, RESP3)",
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

}  // namespace bansoko::proto::redis
