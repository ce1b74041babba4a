// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/change.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "lockdown/harden/drop_in.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::harden {
namespace {

constexpr std::string_view kNew =
    "# Written by bansoko lockdown harden web.service\n[Service]\nNoNewPrivileges=yes\n";
constexpr std::string_view kOld = "# Written by bansoko lockdown harden web.service\n[Service]\n";
constexpr std::string_view kForeign = "[Service]\nNice=5\n";

/// A systemd whose service bears the new drop-in or not, once it has read it.
class FakeSystemd final : public Systemd {
 public:
  explicit FakeSystemd(const ServiceFiles& files) : files_(files) {}

  bool bears_hardening = true;
  bool loads_hardening = true;
  bool starts_again = true;
  bool running = true;
  int ends_at = -1;  ///< the process ends at this call, as by kill -9
  int restarts = 0;
  int reloads = 0;

  Result<Manager> manager() override { return Manager{252, true}; }
  Result<Properties> show(const std::string& service) override {
    count();
    return Properties{{"Id", service},
                      {"LoadState", read_ && !loads_hardening ? "error" : "loaded"},
                      {"ActiveState", running ? "active" : "failed"},
                      {"MainPID", std::to_string(100 + restarts)},
                      {"DropInPaths", read_ ? files_.drop_in() : ""}};
  }
  Result<> reload() override {
    count();
    ++reloads;
    const auto state = files_.state();
    read_ =
        state && *state == DropInState::ours && files_.text().value_or("").find("NoNew") != std::string::npos;
    return {};
  }
  Result<> restart(const std::string&) override {
    count();
    ++restarts;
    running = read_ ? bears_hardening : starts_again;
    return {};
  }

 private:
  void count() {
    if (ends_at >= 0 && ends_at-- == 0) ::_exit(9);
  }

  const ServiceFiles& files_;
  bool read_ = false;
};

/// Answers as long as the service runs.
class FakeAsker final : public Asker {
 public:
  explicit FakeAsker(const FakeSystemd& systemd) : systemd_(systemd) {}

  std::string before = "HTTP 200";
  std::string after = "HTTP 200";
  std::chrono::milliseconds waited{0};

  Result<std::string> ask(const Check&) override {
    if (!systemd_.running || before.empty()) return fail(Errc::io, "no answer");
    return systemd_.restarts == 1 ? after : before;
  }
  void pause(std::chrono::milliseconds time) override { waited += time; }

 private:
  const FakeSystemd& systemd_;
};

struct Host {
  TemporaryFolder folder = {};
  Places places{folder / "units", folder / "state"};
  ServiceFiles files{places, "web.service"};
  FakeSystemd systemd{files};
  FakeAsker asker{systemd};
  std::string said = {};
  Target target{"web.service", files, systemd, asker,
                [this](const std::string& text) { said += text + "\n"; }};

  void put(std::string_view text) const {
    std::filesystem::create_directories(folder / "units/web.service.d");
    put_file(files.drop_in(), std::string(text));
  }
  std::string there() const {
    return std::filesystem::exists(files.drop_in()) ? files.text().value_or("unreadable") : std::string();
  }
};

const Wish kRestart{.restart = true, .checks = {Check{Check::Kind::http, "http://x/", {}, "x", "80", "/"}}};

struct ApplyCase {
  std::string_view name;
  void (*prepare)(Host&);
  Wish wish;
  std::optional<Outcome> outcome;
  std::string_view there;
  int restarts;
};

class Apply : public testing::TestWithParam<ApplyCase> {};

TEST_P(Apply, EndsInTheStatedState) {
  Host host;
  GetParam().prepare(host);
  const auto outcome = apply(host.target, std::string(kNew), GetParam().wish);
  EXPECT_EQ(outcome ? std::optional(*outcome) : std::nullopt, GetParam().outcome) << host.said;
  EXPECT_EQ(host.there(), GetParam().there);
  EXPECT_EQ(host.systemd.restarts, GetParam().restarts);
  EXPECT_FALSE(host.files.step().value().has_value());
}

INSTANTIATE_TEST_SUITE_P(
    Change, Apply,
    testing::Values(ApplyCase{"Bears", [](Host&) {}, kRestart, Outcome::in_force, kNew, 1},
                    ApplyCase{"WithoutRestart", [](Host&) {}, {}, Outcome::at_next_start, kNew, 0},
                    ApplyCase{"OverOurOwn", [](Host& host) { host.put(kOld); }, kRestart, Outcome::in_force,
                              kNew, 1},
                    ApplyCase{"OverAnothers", [](Host& host) { host.put(kForeign); }, kRestart, std::nullopt,
                              kForeign, 0},
                    ApplyCase{"DoesNotStart", [](Host& host) { host.systemd.bears_hardening = false; },
                              kRestart, Outcome::taken_back, "", 2},
                    ApplyCase{"DoesNotStartAndHadOne",
                              [](Host& host) {
                                host.put(kOld);
                                host.systemd.bears_hardening = false;
                              },
                              kRestart, Outcome::taken_back, kOld, 2},
                    ApplyCase{"AnswersOtherwise", [](Host& host) { host.asker.after = "HTTP 403"; }, kRestart,
                              Outcome::taken_back, "", 2},
                    ApplyCase{"NeverStartsAgain",
                              [](Host& host) {
                                host.systemd.bears_hardening = false;
                                host.systemd.starts_again = false;
                              },
                              kRestart, Outcome::broken, "", 2},
                    ApplyCase{"SystemdRefuses", [](Host& host) { host.systemd.loads_hardening = false; },
                              kRestart, Outcome::taken_back, "", 0},
                    ApplyCase{"NoAnswerBefore", [](Host& host) { host.asker.before.clear(); }, kRestart,
                              std::nullopt, "", 0},
                    ApplyCase{"NotRunning", [](Host& host) { host.systemd.running = false; }, kRestart,
                              std::nullopt, "", 0},
                    ApplyCase{"NotRunningWithoutRestart",
                              [](Host& host) { host.systemd.running = false; },
                              {},
                              Outcome::at_next_start,
                              kNew,
                              0}),
    by_name);

TEST(Change, WaitsAsLongAsItSays) {
  Host host;
  host.systemd.bears_hardening = false;
  ASSERT_TRUE(apply(host.target, std::string(kNew), kRestart).has_value());
  EXPECT_EQ(host.asker.waited, kRestart.patience + kRestart.settle);
}

TEST(Change, ALinkIsNotOurs) {
  const Host host;
  std::filesystem::create_directories(host.folder / "units/web.service.d");
  std::filesystem::create_symlink("/dev/null", host.files.drop_in());
  EXPECT_EQ(host.files.state().value(), DropInState::foreign);
  EXPECT_FALSE(host.files.write(std::string(kNew)).has_value());
}

TEST(Change, OneCallAtATime) {
  const Host host;
  const auto first = host.files.lock();
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(host.files.lock().has_value());
}

TEST(Withdraw, KeepsTheTextBesideIt) {
  Host host;
  host.put(kNew);
  const auto outcome = withdraw(host.target, {.restart = true});
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(*outcome, Outcome::in_force);
  EXPECT_EQ(host.there(), "");
  EXPECT_EQ(read_file(host.files.kept(), 1000).value(), kNew);
  EXPECT_FALSE(withdraw(host.target, {}).has_value());
}

TEST(Withdraw, LeavesAnothers) {
  Host host;
  host.put(kForeign);
  EXPECT_FALSE(withdraw(host.target, {}).has_value());
  EXPECT_EQ(host.there(), kForeign);
}

/// What stands after a call was killed at its `at`-th word to systemd, and the next one repaired it.
class Killed : public testing::TestWithParam<int> {};

TEST_P(Killed, IsRepairedByTheNextCall) {
  Host host;
  host.put(kOld);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    host.systemd.ends_at = GetParam();
    static_cast<void>(apply(host.target, std::string(kNew), kRestart));
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const bool was_killed = WEXITSTATUS(status) == 9;
  const bool had_written = host.there() == kNew;
  const auto repaired = repair(host.target);
  ASSERT_TRUE(repaired.has_value());
  EXPECT_EQ(*repaired, was_killed && had_written);
  EXPECT_EQ(host.there(), was_killed ? kOld : kNew);
  EXPECT_FALSE(repair(host.target).value());
}

// show, reload, show, restart, show, show: then it is done.
INSTANTIATE_TEST_SUITE_P(AtEachWord, Killed, testing::Range(0, 8));

}  // namespace
}  // namespace bansoko::harden
