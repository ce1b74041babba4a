// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/check.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include <fmt/format.h>

#include "base/printable.h"
#include "base/text.h"
#include "lockdown/harden/connection.h"
#include "lockdown/harden/program.h"

namespace bansoko::harden {
namespace {

constexpr std::chrono::milliseconds kQuestionTime(10'000);

bool is_port(std::string_view text) noexcept {
  constexpr unsigned kLast = 65'535;
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= kLast;
}

/// "HOST:PORT", "[::1]:PORT"; without a port `port` stays as it is.
bool take_place(std::string_view text, Check& check) {
  std::size_t end = text.find(':');
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return false;
    check.host = text.substr(1, bracket - 1);
    end = bracket + 1;
  } else {
    check.host = text.substr(0, end);
  }
  if (check.host.empty()) return false;
  if (end >= text.size()) return !check.port.empty();
  if (text[end] != ':') return false;
  check.port = text.substr(end + 1);
  return is_port(check.port);
}

Result<Check> parse_command(std::string_view given) {
  Check check{Check::Kind::command, std::string(given), {}, {}, {}, {}};
  while (!given.empty()) {
    const std::string_view word = given.substr(0, given.find(' '));
    given.remove_prefix(std::min(given.size(), word.size() + 1));
    if (!word.empty()) check.arguments.emplace_back(word);
  }
  if (check.arguments.empty()) return fail(Errc::invalid, "an empty check");
  return check;
}

Result<Check> parse_url(std::string_view given, std::string_view rest) {
  Check check{Check::Kind::http, std::string(given), {}, {}, "80", "/"};
  const std::size_t slash = std::min(rest.size(), rest.find('/'));
  if (slash < rest.size()) check.path = rest.substr(slash);
  const bool odd =
      std::any_of(check.path.begin(), check.path.end(), [](char c) { return c <= ' ' || c == '\x7f'; });
  if (odd || !take_place(rest.substr(0, slash), check))
    return fail(Errc::invalid, "'{}' is not a URL such as http://127.0.0.1:8080/health", printable(given));
  return check;
}

Result<std::string> ask_command(const Check& check) {
  BANSOKO_TRY(const Ended ended, run_program(check.arguments, kQuestionTime));
  if (ended.code == 0) return "ended with 0";
  return fail(Errc::io, "ended with {}: {}", ended.code, printable(trim(ended.output).substr(0, 200)));
}

Result<std::string> ask_http(const Check& check) {
  constexpr unsigned kServerError = 500;
  const std::string host =
      check.host.find(':') == std::string::npos ? check.host : fmt::format("[{}]", check.host);
  const std::string request = fmt::format("GET {} HTTP/1.0\r\nHost: {}:{}\r\nConnection: close\r\n\r\n",
                                          check.path, host, check.port);
  BANSOKO_TRY(const std::string answer, exchange(check.host, check.port, request, kQuestionTime));
  const unsigned status = http_status(answer);
  if (status == 0) return fail(Errc::io, "the answer is not HTTP");
  if (status >= kServerError) return fail(Errc::io, "HTTP {}", status);
  return fmt::format("HTTP {}", status);
}

}  // namespace

Result<Check> parse_check(std::string_view given) {
  constexpr std::string_view kTcp = "tcp:";
  constexpr std::string_view kHttp = "http:";
  if (given.starts_with("https:"))
    return fail(Errc::unsupported, "https is not asked: use a command, such as 'curl -fsk {}'",
                printable(given));
  if (given.starts_with(kTcp)) {
    Check check{Check::Kind::tcp, std::string(given), {}, {}, {}, {}};
    if (take_place(given.substr(kTcp.size()), check)) return check;
    return fail(Errc::invalid, "'{}' is not tcp:HOST:PORT", printable(given));
  }
  if (!given.starts_with(kHttp)) return parse_command(given);
  std::string_view rest = given.substr(kHttp.size());
  if (rest.starts_with("http://")) rest.remove_prefix(kHttp.size());
  if (rest.starts_with("//")) rest.remove_prefix(2);
  return parse_url(given, rest);
}

Result<std::string> HostAsker::ask(const Check& check) {
  switch (check.kind) {
    case Check::Kind::command:
      return ask_command(check);
    case Check::Kind::tcp: {
      BANSOKO_TRY(const std::string unused, exchange(check.host, check.port, {}, kQuestionTime));
      return "connected";
    }
    case Check::Kind::http:
      return ask_http(check);
  }
  return fail(Errc::invalid, "unknown check");
}

void HostAsker::pause(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

unsigned http_status(std::string_view answer) noexcept {
  constexpr std::string_view kStart = "HTTP/1.";
  constexpr std::size_t kStatus = kStart.size() + 2;
  constexpr std::size_t kDigits = 3;
  if (!answer.starts_with(kStart) || answer.size() < kStatus + kDigits) return 0;
  unsigned status = 0;
  const char* first = answer.data() + kStatus;
  const auto [end, error] = std::from_chars(first, first + kDigits, status);
  return error == std::errc() && end == first + kDigits ? status : 0;
}

}  // namespace bansoko::harden
