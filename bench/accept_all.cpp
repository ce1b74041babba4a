// SPDX-License-Identifier: Apache-2.0
// The least that a program behind a queue can do: our driver and our tables, and every packet accepted.
// usage: accept-all QUEUES, in the network namespace of a gateway, until SIGTERM
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include <unistd.h>

#include "base/range.h"
#include "shield/capture/capture.h"
#include "shield/capture/firewall.h"

namespace {

using namespace bansoko;
using namespace std::chrono_literals;

constexpr std::size_t kBatch = 64;

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a signal handler reaches nothing else
volatile std::sig_atomic_t stop_asked = 0;

void accept_all(capture::Capture& capture) {
  std::array<packet::Frame, kBatch> frames;
  const std::array<packet::Verdict, kBatch> verdicts{};
  while (stop_asked == 0) {
    const auto batch = capture.receive(frames, 100ms);
    if (!batch) return;
    capture.settle(std::span(verdicts).first(batch->count));
  }
}

const capture::Driver* find_nfqueue() {
  for (const capture::Driver* driver : capture::all_drivers())
    if (driver->name == "nfqueue") return driver;
  return nullptr;
}

Result<> run(std::uint16_t queues) {
  const capture::FirewallSettings firewall{
      .queues = queues, .state_file = "/run/bansoko-accept-all-" + std::to_string(::getpid())};
  std::vector<std::unique_ptr<capture::Capture>> captures;
  for (unsigned i = 0; i < queues; ++i) {
    BANSOKO_TRY(auto capture, find_nfqueue()->open({}, i));
    captures.push_back(std::move(capture));
  }
  BANSOKO_CHECK(capture::Firewall::install(firewall));
  std::puts("ready");
  std::fflush(stdout);
  {
    std::vector<std::jthread> threads;
    threads.reserve(captures.size());
    for (const auto& capture : captures) threads.emplace_back([&capture] { accept_all(*capture); });
  }
  return capture::Firewall::remove(firewall.state_file);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGTERM, [](int) { stop_asked = 1; });
  const auto queues = parse_number(argc == 2 ? std::string_view(argv[1]) : std::string_view("1"));
  const auto done = run(static_cast<std::uint16_t>(queues.value_or(1)));
  if (done) return 0;
  std::fprintf(stderr, "accept-all: %s\n", done.error().message.c_str());
  return 1;
}
