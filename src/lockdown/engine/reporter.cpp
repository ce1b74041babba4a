// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/reporter.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "service/own_event.h"

namespace bansoko::lockdown {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

std::string_view name_of(policy::Use use) noexcept {
  switch (use) {
    case policy::Use::execute:
      return "execute";
    case policy::Use::load:
      return "load";
    case policy::Use::interpret:
      return "interpret";
  }
  return "";
}

std::string_view outcome(const policy::Decision& decision, policy::Mode mode) noexcept {
  if (decision.answer == policy::Answer::allow) return "allowed";
  return mode == policy::Mode::enforce ? "denied" : "would_deny";
}

}  // namespace

Reporter::Reporter(const event::SpoolSettings& spool, const log::Logger& log)
    : events_(spool, "lockdown", log), thread_([this](const std::stop_token& stop) { run(stop); }) {}

Reporter::~Reporter() {
  thread_.request_stop();
  wake_.notify_all();
}

void Reporter::tell(Judged judged, const Policy& policy) {
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return lost_.add();
    waiting_.push_back({.judged = std::move(judged),
                        .mode = policy.mode,
                        .generation = policy.list->head().generation,
                        .time = std::chrono::system_clock::now()});
  }
  wake_.notify_one();
}

void Reporter::tell(std::string_view name, std::string_view message, std::uint64_t generation) {
  events_.write(service::own_event("engine", name, message, generation));
}

void Reporter::run(const std::stop_token& stop) {
  auto next_upkeep = steady_clock::now();
  for (;;) {
    std::deque<Waiting> batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, 1s, [&] { return !waiting_.empty(); });
      batch.swap(waiting_);
    }
    for (const Waiting& one : batch) write(one);
    if (steady_clock::now() >= next_upkeep) {
      events_.maintain();
      next_upkeep = steady_clock::now() + 1s;
    }
    if (batch.empty() && stop.stop_requested()) return;
  }
}

std::optional<std::uint64_t> Reporter::count(const Waiting& waiting) {
  const auto now = steady_clock::now();
  const Judged& judged = waiting.judged;
  const auto [found, is_new] = seen_.try_emplace({judged.path, judged.program, judged.decision.reason});
  Seen& seen = found->second;
  ++seen.untold;
  if (!is_new && now - seen.told < kRepeatEvery) return std::nullopt;
  seen.told = now;
  const std::uint64_t times = std::exchange(seen.untold, 0);
  if (seen_.size() > kMostRemembered)
    seen_.erase(std::ranges::min_element(seen_, {}, [](const auto& entry) { return entry.second.told; }));
  return times;
}

void Reporter::write(const Waiting& waiting) {
  const auto times = count(waiting);
  if (!times) return;
  const Judged& judged = waiting.judged;
  event::Event event = service::own_event("lockdown", "", "", waiting.generation);
  event.time = waiting.time;
  event.program_start = event::ProgramStart{.decision = std::string(outcome(judged.decision, waiting.mode)),
                                            .reason = std::string(policy::name_of(judged.decision.reason)),
                                            .use = std::string(name_of(judged.use)),
                                            .kind = std::string(identity::name_of(judged.kind)),
                                            .path = judged.path,
                                            .digest = judged.digest ? identity::to_text(*judged.digest) : "",
                                            .package = judged.package,
                                            .rule = judged.rule,
                                            .program = judged.program,
                                            .process = static_cast<std::uint64_t>(judged.process),
                                            .user = judged.user,
                                            .times = *times};
  events_.write(event);
}

}  // namespace bansoko::lockdown
