// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/shield.h"

#include <algorithm>
#include <atomic>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include "event/spool.h"
#include "shield/keyword/keywords.h"
#include "tests/temporary_folder.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::Octets;

constexpr std::string_view kDrop = "drop udp any any -> any any (msg:\"evil\"; content:\"EVIL\"; sid:1;)\n";
constexpr std::string_view kDropOther =
    "drop udp any any -> any any (msg:\"worse\"; content:\"WORSE\"; sid:2;)\n";
constexpr std::string_view kFaulty = "drop udp any any -> any any (nosuchoption; sid:3;)\n";
constexpr std::string_view kCanarysSid = "pass ip any any -> any any (msg:\"not canary\"; sid:2147483647;)\n";
constexpr std::string_view kPassAll = "pass ip any any -> any any (msg:\"all\"; sid:4;)\n";

/// A driver without a kernel: gives the same two datagrams over and over, from new ports, and counts the
/// answers.
class Endless final : public capture::Capture {
 public:
  Result<capture::Batch> receive(std::span<packet::Frame> batch, std::chrono::milliseconds) override {
    std::this_thread::sleep_for(std::chrono::microseconds(200));  // so that flows time out in time
    ++round_;
    const auto port = static_cast<std::uint16_t>(1024 + round_ % 60000);
    frames_[0] = traffic::udp_frame(traffic::kClient, port, traffic::kServer, 53, "EVIL");
    frames_[1] = traffic::udp_frame(traffic::kServer, port, traffic::kClient, 54, "WORSE");
    for (std::size_t i = 0; i < frames_.size(); ++i)
      batch[i] = {.bytes = frames_[i],
                  .arrived = std::chrono::system_clock::now().time_since_epoch(),
                  .wire_size = static_cast<std::uint32_t>(frames_[i].size())};
    return capture::Batch{.count = frames_.size()};
  }
  void settle(std::span<const packet::Verdict> verdicts) noexcept override {
    if (verdicts.size() != frames_.size()) return;
    for (std::size_t i = 0; i < verdicts.size(); ++i)
      blocked_[i].store(verdicts[i].action == packet::Action::block);
  }
  capture::Counters counters() const noexcept override { return {}; }

  static inline std::array<std::atomic<bool>, 2>
      blocked_{};  // NOLINT: how a driver's factory is reached by a test

 private:
  std::array<Octets, 2> frames_;
  std::uint64_t round_ = 0;
};

constexpr capture::Driver kEndless{
    .name = "endless", .help = "", .can_drop = true, .open = [](const capture::Settings&, unsigned) {
      return Result<std::unique_ptr<capture::Capture>>(std::make_unique<Endless>());
    }};

class ShieldReload : public testing::Test {
 protected:
  ShieldReload() {
    settings_.mode = Mode::enforce;
    settings_.driver = "endless";
    settings_.rule_files = {folder_ / "test.rules"};
    settings_.flows.max_flows = 1U << 14U;
    settings_.flows.udp = std::chrono::seconds(1);
    settings_.streams.memory = 4U << 20U;
    settings_.spool.directory = folder_ / "spool";
    settings_.workers = 2;
    settings_.evidence.payload = Payload::packets;
    settings_.evidence.directory = folder_ / "evidence";
    settings_.evidence.max_bytes = 1U << 20U;
    settings_.evidence.max_file_bytes = 4096;
    put_file(folder_ / "test.rules", kDrop);
    auto started = Shield::start(
        settings_,
        {.driver = &kEndless, .keywords = keyword::all_keywords(), .protocols = proto::all_protocols()},
        log_);
    if (started) shield_ = std::move(*started);
  }

  /// Waits until both datagrams are answered so.
  bool settles_at(bool first, bool second) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < until) {
      if (Endless::blocked_[0].load() == first && Endless::blocked_[1].load() == second) return true;
      std::this_thread::yield();
    }
    return false;
  }

  /// The shield has more to say: this driver is faster than any spool.
  bool warns_of(std::string_view reason) const {
    return std::ranges::any_of(check(shield_->status()).reasons, [&](const std::string& told) {
      return told.find(reason) != std::string::npos;
    });
  }

  Result<RulesStatus> reload(std::string_view rules) {
    put_file(folder_ / "test.rules", rules);
    return shield_->reload(settings_);
  }

  TemporaryFolder folder_;
  ShieldSettings settings_;
  std::ostringstream said_;
  log::Logger log_{log::Level::info, log::Form::terminal, said_};
  std::unique_ptr<Shield> shield_;
};

TEST_F(ShieldReload, SwapsTheRules) {
  ASSERT_NE(shield_, nullptr) << said_.str();
  EXPECT_TRUE(settles_at(true, false));
  const auto rules = reload(kDropOther);
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->generation, 2U);
  EXPECT_EQ(rules->rules, 1U);
  EXPECT_TRUE(settles_at(false, true));
  EXPECT_TRUE(shield_->status().reload.ok);
}

struct Bad {
  std::string_view name;
  std::string_view rules;
  std::string_view reason;
};

class BadReload : public ShieldReload, public testing::WithParamInterface<Bad> {};

TEST_P(BadReload, KeepsTheRulesOfBefore) {
  ASSERT_NE(shield_, nullptr) << said_.str();
  const auto rules = reload(GetParam().rules);
  ASSERT_FALSE(rules);
  EXPECT_NE(rules.error().message.find(GetParam().reason), std::string::npos) << rules.error().message;
  EXPECT_TRUE(settles_at(true, false));
  const Status status = shield_->status();
  EXPECT_EQ(status.rules.generation, 1U);
  EXPECT_FALSE(status.reload.ok);
  EXPECT_EQ(check(status).health, Health::critical);
  const auto healed = reload(kDrop);
  ASSERT_TRUE(healed) << "a good reload heals";
  EXPECT_EQ(healed->generation, 2U) << "one that failed made no generation";
  EXPECT_TRUE(shield_->status().reload.ok);
}

INSTANTIATE_TEST_SUITE_P(Engine, BadReload,
                         testing::Values(Bad{"Empty", "# nothing\n", "hold no rule"},
                                         Bad{"Faulty", kFaulty, "nosuchoption"},
                                         Bad{"CanarySid", kCanarysSid, "2147483647 is the canary's"},
                                         Bad{"CanarySilenced", kPassAll, "canary"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(ShieldReload, MissingFileKeepsTheRulesOfBefore) {
  ASSERT_NE(shield_, nullptr) << said_.str();
  settings_.rule_files = {folder_ / "none.rules"};
  EXPECT_FALSE(shield_->reload(settings_));
  EXPECT_TRUE(settles_at(true, false));
}

TEST_F(ShieldReload, NamesTheSettingsThatItCannotChange) {
  ASSERT_NE(shield_, nullptr) << said_.str();
  settings_.mode = Mode::observe;
  settings_.variables.addresses["DMZ"] = "10.0.0.0/8";
  const auto rules = reload(kDrop);
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->need_restart, std::vector<std::string>{"mode"});
  EXPECT_TRUE(warns_of("need a restart: mode"));
  settings_.mode = Mode::enforce;
  ASSERT_TRUE(reload(kDrop));
  EXPECT_FALSE(warns_of("need a restart"));
}

TEST_F(ShieldReload, ExceptsAndCounts) {
  ASSERT_NE(shield_, nullptr) << said_.str();
  EXPECT_TRUE(settles_at(true, false));
  settings_.exceptions["ours"] = {.sids = {"1"}, .until = "never"};
  settings_.exceptions["past"] = {.sids = {"1"}, .until = "2001-01-01"};
  ASSERT_TRUE(reload(kDrop));
  EXPECT_TRUE(settles_at(false, false));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const auto status = [&] { return shield_->status().exceptions; };
  while (status().front().hits == 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  const auto exceptions = status();
  ASSERT_EQ(exceptions.size(), 2U);
  EXPECT_EQ(exceptions[0].name, "ours");
  EXPECT_GT(exceptions[0].hits, 0U);
  EXPECT_FALSE(exceptions[0].has_ended);
  EXPECT_TRUE(exceptions[1].has_ended);
  EXPECT_EQ(exceptions[1].hits, 0U);
  settings_.exceptions.erase("ours");
  ASSERT_TRUE(reload(kDrop));
  EXPECT_TRUE(settles_at(true, false)) << "the other one has ended";
}

TEST_F(ShieldReload, SaysThatTheFirewallIsLost) {
  ASSERT_NE(shield_, nullptr) << said_.str();
  shield_->note_firewall({});
  EXPECT_FALSE(warns_of("firewall"));
  for (int i = 0; i < 3; ++i) shield_->firewall_lost(fail(Errc::denied, "not permitted"));
  EXPECT_EQ(check(shield_->status()).health, Health::critical);
  EXPECT_EQ(shield_->status().totals.limits["firewall_lost"], 1U);
  shield_->note_firewall({});
  EXPECT_TRUE(warns_of("firewall_lost 1")) << "it was so lately";
  shield_->firewall_lost({});
  EXPECT_EQ(check(shield_->status()).health, Health::warning);
  EXPECT_EQ(shield_->status().recent_limits["firewall_lost"], 2U);
}

TEST_F(ShieldReload, TellsTheSpool) {
  ASSERT_NE(shield_, nullptr) << said_.str();
  EXPECT_TRUE(settles_at(true, false));
  shield_.reset();
  auto reader = event::SpoolReader::open(folder_ / "spool", "shield", 0);
  ASSERT_TRUE(reader) << reader.error().message;
  bool alert = false;
  bool evidence = false;
  bool stopped = false;
  while (true) {
    const auto record = reader->next();
    ASSERT_TRUE(record) << record.error().message;
    if (!*record) break;
    const auto event = event::from_json((*record)->line);
    ASSERT_TRUE(event) << event.error().message;
    alert = alert || (event->alert && event->alert->signature_id == 1 && event->alert->action == "blocked" &&
                      event->verdict && event->verdict->action == "block");
    evidence = evidence || event->evidence == event->id + ".pcapng";
    stopped = stopped || event->name == "shield.stopped";
  }
  EXPECT_TRUE(alert);
  EXPECT_TRUE(evidence);
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace bansoko::engine
