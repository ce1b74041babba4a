// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/proto/smtp/smtp_parser.h"

namespace bansoko::proto::smtp {
namespace {

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<SmtpMemory>(Limits::from(limits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<SmtpParser>(Limits::from(limits), static_cast<SmtpMemory&>(*shared));
}

/// How far the text goes along with one of the words, in any case.
Guess begins_with_any(std::string_view text, std::span<const std::string_view> words) noexcept {
  Guess best = Guess::no;
  for (const std::string_view word : words) {
    const std::size_t size = std::min(text.size(), word.size());
    if (!same_text(text.substr(0, size), word.substr(0, size))) continue;
    if (size == word.size()) return Guess::yes;
    best = Guess::maybe;
  }
  return best;
}

bool mentions(std::string_view text, std::string_view word) noexcept {
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool is_mail_port(std::uint16_t port) noexcept {
  constexpr std::array<std::uint16_t, 4> kPorts{25, 465, 587, 2525};
  return std::ranges::find(kPorts, port) != kPorts.end();
}

/// A greeting: other protocols begin with 220 as well, but name themselves, or have a port of their own.
Guess probe_greeting(std::string_view text, const Approach& approach) noexcept {
  constexpr std::array<std::string_view, 4> kGreetings{"220 ", "220-", "554 ", "421 "};
  const Guess begins = begins_with_any(text, kGreetings);
  if (begins != Guess::yes) return begins;
  if (is_mail_port(approach.server_port)) return Guess::yes;
  return text.starts_with("220") && mentions(text.substr(0, 512), "smtp") ? Guess::yes : Guess::maybe;
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  const std::string_view text = as_text(first.window);
  constexpr std::array<std::string_view, 5> kCommands{"EHLO ", "HELO ", "LHLO ", "MAIL FROM:", "EHLO\r\n"};
  if (first.from == Side::client) return begins_with_any(text, kCommands);
  return probe_greeting(text, approach);
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "smtp",
                                 .help = "SMTP with MIME, until STARTTLS",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = buffers(),
                                 .fields = {},
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::smtp
