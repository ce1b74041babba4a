// SPDX-License-Identifier: Apache-2.0
#include "patches/cost.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <limits>
#include <utility>
#include <vector>

#include "patches/conversation.h"
#include "patches/trial_rules.h"
#include "shield/engine/pipeline.h"
#include "shield/keyword/keywords.h"

namespace bansoko::patches {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRingSize = 4096;

double processor_nanoseconds() noexcept {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

/// An engine that dialogues are timed in.
class Meter {
 public:
  explicit Meter(const engine::ShieldSettings& settings)
      : pipeline_(settings, proto::all_protocols(), 1, 0, records_) {}

  Result<> use(const detect::RuleSet& rules) {
    fastest_ = std::numeric_limits<double>::max();
    return pipeline_.use(rules);
  }

  void lead(const std::vector<Conversation>& dialogues) {
    const double begun = processor_nanoseconds();
    for (const Conversation& dialogue : dialogues)
      for (std::size_t i = 0; i < dialogue.size(); ++i) {
        const packet::Frame frame = dialogue.frame(i, now_);
        pipeline_.tick(frame.arrived);
        pipeline_.inspect(frame);
      }
    fastest_ = std::min(fastest_, processor_nanoseconds() - begun);
    pipeline_.finish();
    while (records_.take(record_)) {
    }
    now_ += 1h;
  }

  std::uint64_t transactions() const {
    std::uint64_t sum = 0;
    for (const auto& each : pipeline_.applications()) sum += each.transactions.value();
    return sum;
  }

  double fastest() const noexcept { return fastest_; }

 private:
  engine::Ring<engine::Record> records_{kRingSize};
  engine::Record record_;
  engine::Pipeline pipeline_;
  std::chrono::nanoseconds now_ = std::chrono::hours(24 * 365 * 55);
  double fastest_ = 0;
};

}  // namespace

struct CostBench::State {
  State(const CostSettings& chosen, engine::ShieldSettings given)
      : settings(chosen),
        shield(std::move(given)),
        loader(keyword::all_keywords(), proto::all_protocols(), shield.inspection.max_flowbits),
        without(shield),
        with(shield) {}

  /// In nanoseconds of one transaction.
  Result<PatchCost> time(const TestCase& test, const detect::RuleSet& rules) {
    BANSOKO_CHECK(without.use(*none));
    BANSOKO_CHECK(with.use(rules));
    std::vector<Conversation> dialogues;
    dialogues.reserve(settings.dialogues);
    for (unsigned i = 0; i < settings.dialogues; ++i) dialogues.emplace_back(test, ++number, Packing{});
    const std::uint64_t before = with.transactions();
    for (unsigned i = 0; i < settings.rounds; ++i) {
      without.lead(dialogues);
      with.lead(dialogues);
    }
    const std::uint64_t seen = (with.transactions() - before) / settings.rounds;
    const auto transactions = static_cast<double>(std::max<std::uint64_t>(seen, settings.dialogues));
    return PatchCost{.dialogue = &test,
                     .without = without.fastest() / transactions,
                     .added = (with.fastest() - without.fastest()) / transactions};
  }

  CostSettings settings;
  engine::ShieldSettings shield;
  engine::Loader loader;
  std::shared_ptr<const detect::RuleSet> none;
  Meter without, with;
  std::uint32_t number = 0;
};

CostBench::CostBench(std::unique_ptr<State> state) : state_(std::move(state)) {}
CostBench::~CostBench() = default;

Result<std::unique_ptr<CostBench>> CostBench::open(const CostSettings& settings) {
  BANSOKO_TRY(engine::ShieldSettings shield, trial_settings(engine::Mode::enforce));
  auto state = std::make_unique<State>(settings, std::move(shield));
  Faults none;
  BANSOKO_TRY(state->none, compile_rules(state->loader, state->shield, {}, none));
  return std::unique_ptr<CostBench>(new CostBench(std::move(state)));
}

Result<PatchCost> CostBench::measure(const LibraryPatch& patch) {
  Faults told;  // `bansoko patches check` tells them
  BANSOKO_TRY(const auto rules, compile_rules(state_->loader, state_->shield, patch.rule_files, told));
  PatchCost dearest;
  for (const TestCase& test : patch.tests) {
    const bool is_wanted =
        test.kind == TestKind::benign || (test.kind == TestKind::near && state_->settings.near_misses);
    if (!is_wanted || !test.capture.empty()) continue;
    BANSOKO_TRY(const PatchCost cost, state_->time(test, *rules));
    if (dearest.dialogue == nullptr || cost.added > dearest.added) dearest = cost;
  }
  // The rules end with this call, and the engine must not keep them.
  BANSOKO_CHECK(state_->with.use(*state_->none));
  return dearest;
}

}  // namespace bansoko::patches
