// SPDX-License-Identifier: Apache-2.0
// The client of the live demonstration: ordinary requests, and attacks built piece by piece with inert
// filler.
#include <charconv>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "tests/demo_client/commands.h"

namespace {

using namespace bansoko;
using demo::Outcome;

constexpr const char* kUsage =
    "usage: demo-client http-get HOST PORT PATH\n"
    "       demo-client code-red HOST PORT\n"
    "       demo-client ms17-010 HOST PORT\n"
    "       demo-client hold HOST PORT                       half an attack, a line on stdin, the rest\n"
    "       demo-client load HOST PORT SECONDS CONNECTIONS   keep-alive requests\n"
    "       demo-client capture FILE                         the same as a pcap file, nothing is sent\n"
    "exit: 0 everything was answered, 3 stopped (or, under load, some request failed),\n"
    "      1 it did not come to that, 2 usage\n";

Result<int> parse_count(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 10000)
    return fail(Errc::invalid, "'{}' is not a number from 1 to 10000", text);
  return value;
}

Result<Outcome> run(std::span<const std::string> words) {
  const std::string command = words.empty() ? "" : words[0];
  if (command == "capture" && words.size() == 2) return demo::capture(words[1]);
  if (words.size() < 3) return fail(Errc::invalid, "a command, a host and a port are needed");
  const demo::Target target{.host = words[1], .port = words[2]};
  if (command == "http-get" && words.size() == 4) return demo::http_get(target, words[3]);
  if (command == "code-red" && words.size() == 3) return demo::code_red(target);
  if (command == "ms17-010" && words.size() == 3) return demo::ms17_010(target);
  if (command == "hold" && words.size() == 3) return demo::hold(target);
  if (command == "load" && words.size() == 5) {
    BANSOKO_TRY(const int seconds, parse_count(words[3]));
    BANSOKO_TRY(const int connections, parse_count(words[4]));
    return demo::load(target, seconds, connections);
  }
  return fail(Errc::invalid, "'{}' is no command, or its arguments do not fit", command);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto outcome = run(words);
  if (outcome) return static_cast<int>(*outcome);
  std::fprintf(stderr, "demo-client: %s\n", outcome.error().message.c_str());
  if (outcome.error().code != Errc::invalid) return 1;
  std::fputs(kUsage, stderr);
  return 2;
}
