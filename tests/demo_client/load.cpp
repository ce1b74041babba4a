// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <thread>
#include <vector>

#include "tests/demo_client/commands.h"
#include "tests/demo_client/connection.h"
#include "tests/demo_client/http.h"
#include "tests/traffic/http_attacks.h"

namespace bansoko::demo {
namespace {

using Clock = std::chrono::steady_clock;

struct Tally {
  std::atomic<std::uint64_t> answered{0};
  std::atomic<std::uint64_t> failed{0};
};

bool ask(std::optional<Connection>& connection, const Target& target, std::string_view request) {
  if (!connection) {
    auto opened = Connection::open(target.host, target.port);
    if (!opened) return false;
    connection.emplace(std::move(*opened));
  }
  if (!connection->send(request)) return false;
  std::string pending;
  const HttpAnswer answer = read_answer(*connection, pending);
  if (answer.close) connection.reset();
  return answer.heard == Heard::bytes;
}

// A server may close an idle connection after any answer only if it says so, so whatever else ends one is a
// failure.
void keep_asking(const Target& target, Clock::time_point until, Tally& tally) {
  const std::string request = traffic::http_attacks::get("/", target.host);
  std::optional<Connection> connection;
  while (Clock::now() < until) {
    if (ask(connection, target, request)) {
      ++tally.answered;
      continue;
    }
    ++tally.failed;
    connection.reset();
  }
}

}  // namespace

Result<Outcome> load(const Target& target, int seconds, int connections) {
  Tally tally;
  const auto until = Clock::now() + std::chrono::seconds(seconds);
  {
    std::vector<std::jthread> askers;
    askers.reserve(static_cast<std::size_t>(connections));
    for (int i = 0; i < connections; ++i) askers.emplace_back([&] { keep_asking(target, until, tally); });
  }
  const std::uint64_t failed = tally.failed;
  std::printf("requests answered: %llu, failed: %llu\n", static_cast<unsigned long long>(tally.answered),
              static_cast<unsigned long long>(failed));
  return failed == 0 && tally.answered > 0 ? Outcome::answered : Outcome::stopped;
}

}  // namespace bansoko::demo
