// SPDX-License-Identifier: Apache-2.0
#include "patches/trial.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "patches/conversation.h"
#include "patches/trial_rules.h"
#include "shield/engine/loader.h"
#include "shield/engine/pipeline.h"
#include "shield/engine/replay.h"
#include "shield/keyword/keywords.h"

namespace bansoko::patches {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRecords = 4096;
constexpr auto kApart = 1h;  // between two dialogues, so that no threshold remembers the one before

/// What the engine did with one dialogue.
struct Observed {
  std::set<std::uint32_t> sids;  // that spoke
  std::uint64_t refused = 0;     // packets that may not pass
  std::uint64_t packets = 0;
  std::string cause;  // of the first refusal that no rule made
  bool has_protocol = true;
};

/// One engine in one mode.
struct Engine {
  explicit Engine(const engine::ShieldSettings& given)
      : settings(given), pipeline(settings, proto::all_protocols(), 1, 0, records) {}

  Observed lead(const TestCase& test, std::uint32_t number, const Packing& packing,
                const detect::RuleSet& rules, std::size_t protocol) {
    Observed observed;
    const Conversation conversation(test, number, packing);
    const std::uint64_t flows = flows_of(protocol);
    for (std::size_t i = 0; i < conversation.size(); ++i) {
      const packet::Frame frame = conversation.frame(i, now);
      pipeline.tick(frame.arrived);
      const packet::Verdict verdict = pipeline.inspect(frame);
      const bool passes =
          verdict.action == packet::Action::accept || verdict.action == packet::Action::release;
      observed.refused += passes ? 0 : 1;
      last = frame.arrived;
      take_records(rules, observed);
    }
    pipeline.finish();
    take_records(rules, observed);
    observed.packets = conversation.size();
    observed.has_protocol = protocol == detect::Subject::kNoProtocol || flows_of(protocol) > flows;
    now = last + kApart;
    pipeline.tick(now);
    return observed;
  }

  std::uint64_t flows_of(std::size_t protocol) const {
    return protocol == detect::Subject::kNoProtocol ? 0 : pipeline.applications()[protocol].flows.value();
  }

  void take_records(const detect::RuleSet& rules, Observed& observed) {
    while (records.take(record)) {
      if (record.kind == engine::RecordKind::alert)
        observed.sids.insert(rules.rules()[record.match.rule].sid);
      else if (record.kind == engine::RecordKind::anomaly && observed.cause.empty())
        observed.cause = engine::cause_of(record.reason, record.anomalies);
    }
  }

  engine::ShieldSettings settings;
  engine::Ring<engine::Record> records{kRecords};
  engine::Record record;
  engine::Pipeline pipeline;
  std::chrono::nanoseconds now = std::chrono::hours(24 * 365 * 55);
  std::chrono::nanoseconds last{};
};

std::string words_of(const std::set<std::uint32_t>& sids) {
  return sids.empty() ? "no rule"
                      : fmt::format("{} {}", sids.size() == 1 ? "rule" : "rules", fmt::join(sids, ", "));
}

/// What is wrong with what was seen; empty: nothing.
std::string verdict_on(const TestCase& test, const Observed& observed, engine::Mode mode) {
  const std::set<std::uint32_t> expected(test.sids.begin(), test.sids.end());
  const bool observing = mode == engine::Mode::observe;
  if (test.outcome == Outcome::pass && !observed.sids.empty())
    return fmt::format("expected to pass, but {} spoke", words_of(observed.sids));
  if (test.outcome == Outcome::pass && observed.refused != 0)
    return fmt::format("expected to pass, but the engine refused {} packets ({})", observed.refused,
                       observed.cause.empty() ? "no cause given" : observed.cause);
  if (!observed.has_protocol)
    return "the patch's protocol was not recognised (protocol: other, if it should not be)";
  if (test.outcome == Outcome::pass) return {};
  const bool has_expected =
      observing
          ? std::ranges::includes(observed.sids, expected)
          : std::ranges::any_of(expected, [&](std::uint32_t sid) { return observed.sids.contains(sid); });
  if (!has_expected)
    return fmt::format(
        "expected {}, and {} spoke{}", words_of(expected), words_of(observed.sids),
        observed.cause.empty() ? "" : fmt::format(" (the engine refused packets: {})", observed.cause));
  if (!std::ranges::includes(expected, observed.sids))
    return fmt::format("expected {} alone, and {} spoke", words_of(expected), words_of(observed.sids));
  const bool must_block = test.outcome == Outcome::block && !observing;
  if (must_block && observed.refused == 0) return "expected to be blocked, but every packet passed";
  if (!must_block && observed.refused != 0)
    return fmt::format("expected an alert alone, but {} packets were refused", observed.refused);
  return {};
}

}  // namespace

std::string to_text(const TrialFailure& failure) {
  return fmt::format("{}:{}:{}: {}", failure.file, failure.line, failure.column, failure.message);
}

struct TrialBench::State {
  State(const Library& given, const TrialSettings& chosen, const engine::ShieldSettings& enforce,
        const engine::ShieldSettings& observe)
      : library(given),
        settings(chosen),
        loader(keyword::all_keywords(), proto::all_protocols(), enforce.inspection.max_flowbits),
        engines{std::make_unique<Engine>(enforce), std::make_unique<Engine>(observe)} {}

  Result<std::shared_ptr<const detect::RuleSet>> compile(const std::vector<std::string>& files,
                                                         Faults& faults) {
    return compile_rules(loader, engines[0]->settings, files, faults);
  }

  const Library& library;
  TrialSettings settings;
  engine::Loader loader;
  std::shared_ptr<const detect::RuleSet> whole;
  std::array<std::unique_ptr<Engine>, 2> engines;
  std::uint32_t number = 0;
};

namespace {

/// One patch's tests in progress.
class PatchTrial {
 public:
  PatchTrial(const LibraryPatch& patch, const TrialSettings& settings, std::uint32_t& number)
      : settings_(settings), number_(number) {
    const auto known = proto::all_protocols();
    for (std::size_t i = 0; i < known.size(); ++i)
      if (known[i]->name == patch.patch.protocol) protocol_ = i;
  }

  /// In every packing that is worth it; mode observe runs the same code, and needs only a few.
  void run(const TestCase& test, Engine& engine, const detect::RuleSet& rules) {
    const bool observing = engine.settings.mode == engine::Mode::observe;
    std::size_t failed = 0;
    for (const Packing& packing : packings_of(test, observing ? 0 : settings_.most_splits)) {
      const Observed observed = lead(test, engine, rules, packing);
      const std::string wrong = verdict_on(test, observed, engine.settings.mode);
      if (wrong.empty()) continue;
      tell(test,
           fmt::format("{} ({}, mode {})", wrong, to_text(packing), engine::name_of(engine.settings.mode)));
      if (++failed >= settings_.most_failures) return;
    }
  }

  /// No patch may mistake another's benign traffic.
  void run_among_all(const TestCase& test, Engine& engine, const detect::RuleSet& rules) {
    const Observed observed = lead(test, engine, rules, {});
    if (!observed.sids.empty())
      tell(test, fmt::format("expected to pass, but {} of the library spoke", words_of(observed.sids)));
  }

  Result<> replay(const TestCase& test, const engine::ShieldSettings& settings,
                  const std::shared_ptr<const detect::RuleSet>& rules) {
    Observed observed;
    const engine::ReplayOrder order{.settings = settings,
                                    .rules = rules,
                                    .captures = {test.capture},
                                    .on_event = [&observed](const event::Event& event) -> Result<> {
                                      if (event.alert) observed.sids.insert(event.alert->signature_id);
                                      if (event.alert && event.alert->action == "blocked") ++observed.refused;
                                      return {};
                                    },
                                    .on_progress = {}};
    BANSOKO_TRY(const engine::ReplaySummary summary, engine::replay(order, proto::all_protocols()));
    if (!summary.failures.empty()) return fail(Errc::io, "{}", summary.failures.front());
    report_.packets += summary.totals.packets;
    ++report_.runs;
    const std::string wrong = verdict_on(test, observed, settings.mode);
    if (!wrong.empty()) tell(test, fmt::format("{} (mode {})", wrong, engine::name_of(settings.mode)));
    return {};
  }

  TrialReport& report() noexcept { return report_; }

 private:
  Observed lead(const TestCase& test, Engine& engine, const detect::RuleSet& rules, const Packing& packing) {
    Observed observed = engine.lead(test, ++number_, packing, rules,
                                    test.checks_protocol ? protocol_ : detect::Subject::kNoProtocol);
    ++report_.runs;
    report_.packets += observed.packets;
    return observed;
  }

  void tell(const TestCase& test, std::string_view what) {
    report_.failures.push_back({test.file, test.line, test.column, fmt::format("'{}': {}", test.name, what)});
  }

  const TrialSettings& settings_;
  std::uint32_t& number_;
  std::size_t protocol_ = detect::Subject::kNoProtocol;
  TrialReport report_;
};

}  // namespace

TrialBench::TrialBench(std::unique_ptr<State> state) : state_(std::move(state)) {}
TrialBench::~TrialBench() = default;

Result<std::unique_ptr<TrialBench>> TrialBench::open(const Library& library, const TrialSettings& settings,
                                                     Faults& faults) {
  BANSOKO_TRY(const engine::ShieldSettings enforce, trial_settings(engine::Mode::enforce));
  BANSOKO_TRY(const engine::ShieldSettings observe, trial_settings(engine::Mode::observe));
  auto state = std::make_unique<State>(library, settings, enforce, observe);
  std::vector<std::string> files;
  for (const LibraryPatch& each : library.patches)
    files.insert(files.end(), each.rule_files.begin(), each.rule_files.end());
  BANSOKO_TRY(state->whole, state->compile(files, faults));
  return std::unique_ptr<TrialBench>(new TrialBench(std::move(state)));
}

Result<TrialReport> TrialBench::run(const LibraryPatch& patch) {
  const auto begun = std::chrono::steady_clock::now();
  Faults ignored;  // told of the whole library
  BANSOKO_TRY(const auto rules, state_->compile(patch.rule_files, ignored));
  PatchTrial trial(patch, state_->settings, state_->number);
  for (const auto& engine : state_->engines) {
    BANSOKO_CHECK(engine->pipeline.use(*rules));
    for (const TestCase& test : patch.tests) {
      if (test.capture.empty())
        trial.run(test, *engine, *rules);
      else
        BANSOKO_CHECK(trial.replay(test, engine->settings, rules));
    }
  }
  Engine& enforcing = *state_->engines[0];
  BANSOKO_CHECK(enforcing.pipeline.use(*state_->whole));
  for (const TestCase& test : patch.tests)
    if (test.kind == TestKind::benign && test.capture.empty())
      trial.run_among_all(test, enforcing, *state_->whole);
  // These rules end with this call, and the engines must not keep them.
  BANSOKO_CHECK(state_->engines[1]->pipeline.use(*state_->whole));
  trial.report().spent = std::chrono::steady_clock::now() - begun;
  return std::move(trial.report());
}

}  // namespace bansoko::patches
