// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/gatekeeper.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::lockdown {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kPollTime = 100;       // milliseconds
constexpr std::size_t kSwept = 512;  // known files looked at between two looks around
constexpr std::uint64_t kResting = UINT64_MAX;

sigset_t lease_signals() noexcept {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, lease_signal());
  ::sigaddset(&signals, SIGIO);
  return signals;
}

/// Judged for a limit that was reached before the file could be looked at.
Judged judged_by_limit(const guard::Held& held, const Policy& policy) {
  Judged judged;
  judged.use = held.asked() == guard::Asked::execute ? policy::Use::execute : policy::Use::load;
  judged.decision = decide({.use = judged.use, .identified = policy::Identified::too_large}, policy.on_fault);
  judged.process = held.process();
  judged.is_told = true;
  return judged;
}

}  // namespace

int lease_signal() noexcept { return SIGRTMIN + 1; }

Result<> block_lease_signals() {
  const sigset_t signals = lease_signals();
  const int failed = ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return failed == 0 ? Result<>() : fail_errno("cannot block signals", failed);
}

Gatekeeper::Gatekeeper(guard::Guard& guard, Judge& judge, KnownFiles& files, Published<Policy>& policies,
                       Reporter& reporter, const log::Logger& log, const Limits& limits)
    : guard_(guard),
      judge_(judge),
      files_(files),
      policies_(policies),
      reporter_(reporter),
      log_(log),
      limits_(limits),
      policy_(policies) {}

Gatekeeper::~Gatekeeper() {
  taker_ = {};
  for (const auto& reader : readers_) {
    reader->stop.request_stop();
    reader->thread.request_stop();
  }
  wake_.notify_all();
  readers_.clear();
  const Policy& policy = policy_.get();
  for (Job& job : jobs_) settle_by_limit(std::move(job.held), policy, counters_.late);
}

Result<> Gatekeeper::start() {
  const sigset_t signals = lease_signals();
  signals_ = UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_.valid()) return fail_errno("cannot read signals", errno);
  beat_ = steady_clock::now().time_since_epoch().count();
  for (unsigned i = 0; i < limits_.readers; ++i) {
    Reader& reader = *readers_.emplace_back(std::make_unique<Reader>());
    reader.thread = std::jthread([this, &reader](const std::stop_token& stop) { read(reader, stop); });
  }
  taker_ = std::jthread([this](const std::stop_token& stop) { take(stop); });
  return {};
}

void Gatekeeper::take(const std::stop_token& stop) {
  auto next_look = steady_clock::now();
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> ready{pollfd{guard_.descriptor(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}};
    ::poll(ready.data(), ready.size(), kPollTime);
    const auto now = steady_clock::now();
    beat_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    // Writers first: they wait for us alone.
    if (ready[1].revents != 0) take_signals();
    if (ready[0].revents != 0)
      if (const auto received = guard_.receive(*this); !received) {
        const std::scoped_lock lock(mutex_);
        failure_ = received.error().message;
        return;
      }
    if (now < next_look) continue;
    next_look = now + std::chrono::milliseconds(kPollTime);
    files_.sweep(kSwept);
    end_late();
  }
}

void Gatekeeper::take_signals() {
  signalfd_siginfo signal{};
  while (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
    if (static_cast<int>(signal.ssi_signo) == lease_signal()) {
      files_.give_up(signal.ssi_fd);
    } else {
      counters_.lost_signals.add();
      files_.give_up_all();
    }
  }
}

void Gatekeeper::held(guard::Held held) {
  const Policy& policy = policy_.get();
  (held.asked() == guard::Asked::execute ? counters_.executes : counters_.opens).add();
  auto judged = judge_.judge(held, policy, Depth::quick);
  if (judged) return settle(std::move(held), std::move(*judged), policy);
  std::unique_lock lock(mutex_);
  if (jobs_.size() >= limits_.waiting) {
    lock.unlock();
    return settle_by_limit(std::move(held), policy, counters_.full);
  }
  jobs_.push_back({std::move(held), steady_clock::now()});
  lock.unlock();
  wake_.notify_one();
}

std::optional<Gatekeeper::Job> Gatekeeper::next_job(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!wake_.wait(lock, stop, [&] { return !jobs_.empty(); })) return std::nullopt;
  std::optional<Job> job(std::move(jobs_.front()));
  jobs_.pop_front();
  return job;
}

void Gatekeeper::read(Reader& reader, const std::stop_token& stop) {
  Published<Policy>::Reader policies(policies_);
  while (auto job = next_job(stop)) {
    const Policy& policy = policies.get();
    reader.policy = policy.number;
    std::stop_token time_is_over;
    {
      const std::scoped_lock lock(reader.mutex);
      reader.stop = {};
      reader.since = job->since;
      time_is_over = reader.stop.get_token();
    }
    counters_.read.add();
    auto judged = judge_.judge(job->held, policy, Depth::full, time_is_over);
    settle(std::move(job->held), std::move(*judged), policy);
    const std::scoped_lock lock(reader.mutex);
    reader.since.reset();
    reader.policy = kResting;
  }
}

void Gatekeeper::settle(guard::Held held, Judged judged, const Policy& policy) {
  const policy::Answer answer = answer_in(policy.mode, judged.decision);
  std::move(held).answer(answer);
  (answer == policy::Answer::allow ? counters_.allowed : counters_.denied).add();
  counters_.reasons.at(static_cast<std::size_t>(judged.decision.reason)).add();
  if (judged.is_told) reporter_.tell(std::move(judged), policy);
}

void Gatekeeper::settle_by_limit(guard::Held held, const Policy& policy, Counter& counter) {
  counter.add();
  Judged judged = judged_by_limit(held, policy);
  settle(std::move(held), std::move(judged), policy);
}

/// Those that have waited too long: in the queue, or for a reader.
void Gatekeeper::end_late() {
  const auto oldest = steady_clock::now() - limits_.answer_time;
  for (const auto& reader : readers_) {
    const std::scoped_lock lock(reader->mutex);
    if (reader->since && *reader->since < oldest && reader->stop.request_stop()) counters_.late.add();
  }
  for (;;) {
    std::unique_lock lock(mutex_);
    if (jobs_.empty() || jobs_.front().since >= oldest) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    settle_by_limit(std::move(job.held), policy_.get(), counters_.late);
  }
}

bool Gatekeeper::is_alive(std::chrono::milliseconds within) const noexcept {
  const auto last = steady_clock::time_point(steady_clock::duration(beat_.load(std::memory_order_relaxed)));
  return steady_clock::now() - last < within;
}

void Gatekeeper::wait_for(std::uint64_t policy_number) const {
  const auto asked = steady_clock::now().time_since_epoch().count();
  while (beat_.load() <= asked && failure().empty()) std::this_thread::sleep_for(1ms);
  for (const auto& reader : readers_)
    while (reader->policy.load() < policy_number) std::this_thread::sleep_for(1ms);
}

std::string Gatekeeper::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

std::size_t Gatekeeper::waiting() const {
  const std::scoped_lock lock(mutex_);
  return jobs_.size();
}

}  // namespace bansoko::lockdown
