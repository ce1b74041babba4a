// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/worker.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace bansoko::engine {

using std::chrono::steady_clock;

namespace {

std::chrono::nanoseconds thread_time() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

Worker::Worker(unsigned index, const ShieldSettings& settings, std::unique_ptr<capture::Capture> capture,
               const PublishedRules& rules, std::span<const proto::Protocol* const> protocols,
               std::uint64_t seed)
    : capture_(std::move(capture)),
      rules_(rules),
      records_(kRecords),
      packets_(settings.evidence.payload == Payload::packets
                   ? std::optional<PacketRing>(std::in_place, kEvidence)
                   : std::nullopt),
      attempts_(settings.recon.enabled ? std::optional<Ring<recon::Attempt>>(std::in_place, kAttempts)
                                       : std::nullopt),
      claims_(settings.inventory.enabled ? std::optional<Ring<claim::Claim>>(std::in_place, kClaims)
                                         : std::nullopt),
      pipeline_(settings, protocols, seed, index, records_, packets(), attempts(), claims()),
      budget_(std::min<std::chrono::microseconds>(settings.inspection.rule_budget, settings.parser_budget)) {}

Result<> Worker::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    BANSOKO_TRY(const bool more, step());
    if (!more) break;
  }
  return {};
}

Result<bool> Worker::step() {
  steps_.add();
  const detect::RuleSet& now = rules_.get();
  if (in_use_ != &now) BANSOKO_CHECK(pipeline_.use(now));
  in_use_ = &now;
  if (canary_asked_.load(std::memory_order_relaxed)) try_canary();

  const auto got = capture_->receive(frames_, kWait);
  if (!got) {
    note_captured();
    return tl::unexpected<Error>(got.error());
  }
  const capture::Batch batch = *got;
  if (is_live_) look_at_clocks();
  const auto received = steady_clock::now();
  if (capture_->counters().lost != captured_.lost.value()) pipeline_.note_losses();
  for (std::size_t i = 0; i < batch.count; ++i) verdicts_[i] = pipeline_.inspect(frames_[i]);
  const auto last = batch.count == 0 ? std::chrono::nanoseconds{} : frames_[batch.count - 1].arrived;
  capture_->settle(std::span(verdicts_).first(batch.count));
  if (batch.count != 0) {
    const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(steady_clock::now() - received);
    latency_.add(static_cast<std::uint64_t>(spent.count()));
    if (is_live_) watch(spent);
    pipeline_.tick(last);
  } else if (!batch.ended) {
    pipeline_.tick(std::chrono::system_clock::now().time_since_epoch());
  }
  note_captured();
  return !batch.ended;
}

void Worker::go_live(const std::atomic<bool>& cannot_record) noexcept {
  is_live_ = true;
  pipeline_.heed(cannot_record);
}

void Worker::look_at_clocks() noexcept {
  pipeline_.look_at_clocks(std::chrono::system_clock::now().time_since_epoch(),
                           steady_clock::now().time_since_epoch());
}

/// Reading a clock for each rule would cost every packet; a batch within the budget holds no slow rule. Only
/// after one that is not are rules timed, by a clock that stands still while others have the processor.
void Worker::watch(std::chrono::nanoseconds spent) noexcept {
  const bool measuring = measure_until_ != steady_clock::time_point{};
  const auto now = steady_clock::now();
  if (spent > budget_) {
    if (!measuring) pipeline_.measure(thread_time);
    measure_until_ = now + kMeasured;
  } else if (measuring && now > measure_until_) {
    pipeline_.measure(nullptr);
    measure_until_ = {};
  }
}

void Worker::note_captured() noexcept {
  const capture::Counters now = capture_->counters();
  captured_.received.set(now.received);
  captured_.bytes.set(now.bytes);
  captured_.lost.set(now.lost);
  captured_.truncated.set(now.truncated);
  captured_.errors.set(now.errors);
}

capture::Counters Worker::captured() const noexcept {
  return {.received = captured_.received.value(),
          .bytes = captured_.bytes.value(),
          .lost = captured_.lost.value(),
          .truncated = captured_.truncated.value(),
          .errors = captured_.errors.value()};
}

void Worker::ask_canary(std::shared_ptr<const detect::RuleSet> candidate) {
  const std::scoped_lock lock(canary_mutex_);
  canary_rules_ = std::move(candidate);
  canary_answer_.reset();
  canary_asked_.store(true, std::memory_order_relaxed);
}

std::optional<Result<>> Worker::canary_answer() {
  const std::scoped_lock lock(canary_mutex_);
  return std::exchange(canary_answer_, std::nullopt);
}

void Worker::try_canary() {
  const std::scoped_lock lock(canary_mutex_);
  canary_asked_.store(false, std::memory_order_relaxed);
  if (canary_rules_ != nullptr) canary_answer_ = pipeline_.try_canary(*canary_rules_);
  canary_rules_.reset();
}

}  // namespace bansoko::engine
