// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/replay.h"

#include <optional>

#include "shield/capture/capture.h"
#include "shield/engine/claim_event.h"
#include "shield/engine/drivers.h"
#include "shield/engine/evidence_keeper.h"
#include "shield/engine/infection.h"
#include "shield/engine/lookout.h"
#include "shield/engine/teller.h"

namespace bansoko::engine {
namespace {

/// No peer is live, so nobody can aim at a bucket; the same flows get the same ids each time.
constexpr std::uint64_t kSeed = 1;

class Replay {
 public:
  Replay(const ReplayOrder& order, std::span<const proto::Protocol* const> protocols)
      : order_(order),
        protocols_(protocols),
        rules_(order.rules),
        teller_(order.settings, protocols),
        lookout_(order.settings, {}, kSeed),
        infections_(order.settings, lookout_.quarantine(), kSeed),
        evidence_(order.settings.evidence, std::nullopt, [this](const Error& error) {
          if (summary_.evidence_failure.empty()) summary_.evidence_failure = error.message;
        }) {
    teller_.know(order.rules);
  }

  Result<> prepare() { return evidence_.prepare(); }

  /// A capture that cannot be read to its end is noted; what came before counts.
  Result<> run(std::size_t index) {
    ShieldSettings settings = order_.settings;
    settings.workers = 1;
    settings.capture.path = order_.captures[index];
    BANSOKO_TRY(const capture::Driver* driver, find_driver("pcapfile"));
    auto capture = driver->open(settings.capture, 0);
    if (!capture) {
      summary_.failures.push_back(capture.error().message);
      return {};
    }
    lookout_.begin_again();
    infections_.begin_again();
    Worker worker(0, settings, std::move(*capture), rules_, protocols_, kSeed);
    bool more = true;
    while (more) {
      const auto step = worker.step();
      if (!step) summary_.failures.push_back(step.error().message);
      more = step.value_or(false);
      BANSOKO_CHECK(tell(worker, settings.capture.path));
      if (order_.on_progress)
        order_.on_progress({index, worker.pipeline().counters().packets.value(),
                            worker.pipeline().counters().bytes.value()});
    }
    worker.finish();
    BANSOKO_CHECK(tell(worker, settings.capture.path));
    add(summary_.totals, worker, protocols_);
    ++summary_.captures;
    return {};
  }

  ReplaySummary& summary() noexcept {
    summary_.evidence_lost = evidence_.lost();
    lookout_.add_to(summary_.totals);
    infections_.add_to(summary_.totals);
    return summary_;
  }

 private:
  Result<> tell(Worker& worker, const std::string& capture) {
    while (worker.records().take(record_)) {
      if (worker.packets() != nullptr) evidence_.write(*worker.packets());
      event::Event event = teller_.event_of(record_);
      event.capture = capture;
      event.evidence = evidence_.file_of(record_.evidence);
      if (event.alert && record_.kind == RecordKind::alert) {
        RuleTally& tally = summary_.rules[{event.alert->gid, event.alert->signature_id}];
        tally.message = event.alert->signature;
        ++tally.alerts;
      }
      BANSOKO_CHECK(put(event, record_.protocol == packet::Protocol::tcp));
    }
    if (worker.packets() != nullptr) evidence_.write(*worker.packets());
    BANSOKO_CHECK(tell_claims(worker, capture));
    return tell_recon(worker, capture);
  }

  /// The event, and what it shows about a host.
  Result<> put(const event::Event& event, bool proven) {
    if (order_.on_event) BANSOKO_CHECK(order_.on_event(event));
    const auto infected = infections_.look(event, proven);
    return infected && order_.on_event ? order_.on_event(*infected) : Result<>{};
  }

  Result<> tell_claims(Worker& worker, const std::string& capture) {
    claim::Claim claim;
    while (worker.claims() != nullptr && worker.claims()->take(claim)) {
      if (!order_.on_event) continue;
      event::Event event = event_of(claim, ++claims_);
      event.capture = capture;
      BANSOKO_CHECK(order_.on_event(event));
    }
    return {};
  }

  Result<> tell_recon(Worker& worker, const std::string& capture) {
    Result<> told;
    if (worker.attempts() == nullptr) return told;
    lookout_.take(*worker.attempts(), order_.rules->generation(), [&](event::Event event, bool proven) {
      event.capture = capture;
      if (told) told = put(event, proven);
    });
    return told;
  }

  const ReplayOrder& order_;
  std::span<const proto::Protocol* const> protocols_;
  PublishedRules rules_;
  Teller teller_;
  Lookout lookout_;
  InfectionWatch infections_;
  EvidenceKeeper evidence_;
  Record record_;
  std::uint64_t claims_ = 0;  // told
  ReplaySummary summary_;
};

}  // namespace

Result<ReplaySummary> replay(const ReplayOrder& order, std::span<const proto::Protocol* const> protocols) {
  const auto begun = std::chrono::steady_clock::now();
  Replay work(order, protocols);
  BANSOKO_CHECK(work.prepare());
  for (std::size_t i = 0; i < order.captures.size(); ++i) BANSOKO_CHECK(work.run(i));
  ReplaySummary summary = std::move(work.summary());
  summary.spent = std::chrono::steady_clock::now() - begun;
  return summary;
}

}  // namespace bansoko::engine
