// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/change.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace bansoko::harden {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenLooks(500);

/// What a service is like when it is well: its state, and the answer to each question.
struct Wellness {
  std::string active = {};
  std::vector<std::string> answers = {};
};

Result<std::vector<std::string>> ask_all(Target& target, const Wish& wish) {
  std::vector<std::string> answers;
  for (const Check& check : wish.checks) {
    auto answer = target.asker.ask(check);
    if (!answer) return fail(answer.error().code, "{}: {}", check.given, answer.error().message);
    answers.push_back(std::move(*answer));
  }
  return answers;
}

Result<Wellness> before(Target& target, const Wish& wish) {
  BANSOKO_TRY(const Properties unit, target.systemd.show(target.service));
  Wellness well{std::string(property(unit, "ActiveState")), {}};
  if (wish.restart && well.active != "active")
    return fail(Errc::invalid,
                "{} does not run (ActiveState={}): without --restart the change holds from its next start",
                target.service, well.active);
  auto answers = ask_all(target, wish);
  if (!answers)
    return fail(answers.error().code, "it does not answer even before the change; {}",
                answers.error().message);
  well.answers = std::move(*answers);
  return well;
}

/// The process that runs, if the service is in the state and gives the answers of before.
Result<std::string> well_now(Target& target, const Wish& wish, const Wellness& well) {
  BANSOKO_TRY(const Properties unit, target.systemd.show(target.service));
  if (property(unit, "ActiveState") != well.active)
    return fail(Errc::io, "systemd says: {}, {}", property(unit, "ActiveState"), property(unit, "SubState"));
  BANSOKO_TRY(const auto answers, ask_all(target, wish));
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] != well.answers[i])
      return fail(Errc::io, "{}: {}, and before it was {}", wish.checks[i].given, answers[i],
                  well.answers[i]);
  return fmt::format("{} after {} restarts", property(unit, "MainPID"), property(unit, "NRestarts"));
}

/// Waits until it is well, and then for a while whether it stays so.
Result<> await(Target& target, const Wish& wish, const Wellness& well) {
  auto runs = well_now(target, wish, well);
  for (milliseconds waited{0}; !runs && waited < wish.patience; waited += kBetweenLooks) {
    target.asker.pause(kBetweenLooks);
    runs = well_now(target, wish, well);
  }
  if (!runs) return tl::unexpected<Error>(std::move(runs).error());
  target.asker.pause(wish.settle);
  BANSOKO_TRY(const std::string still, well_now(target, wish, well));
  if (still != *runs)
    return fail(Errc::io, "it was started anew by itself: process {}, then {}", *runs, still);
  return {};
}

Result<> restart_and_await(Target& target, const Wish& wish, const Wellness& well) {
  target.say(fmt::format("restarting {}", target.service));
  BANSOKO_CHECK(target.systemd.restart(target.service));
  return await(target, wish, well);
}

/// systemd reads the new drop-in, and has nothing against the unit.
Result<> have_it_read(Target& target) {
  BANSOKO_CHECK(target.systemd.reload());
  BANSOKO_TRY(const Properties unit, target.systemd.show(target.service));
  if (property(unit, "LoadState") != "loaded")
    return fail(Errc::invalid, "with the drop-in, systemd does not load the unit: LoadState={}",
                property(unit, "LoadState"));
  if (property(unit, "DropInPaths").find(target.files.drop_in()) == std::string_view::npos)
    return fail(Errc::invalid, "systemd does not heed {}", target.files.drop_in());
  return {};
}

Result<Outcome> take_back(Target& target, const Step& step, const Wish& wish, const Wellness& well,
                          const Error& why) {
  target.say(fmt::format("{}: {}", target.service, why.message));
  target.say("taking the change back");
  BANSOKO_CHECK(target.files.take_back(step));
  BANSOKO_CHECK(target.systemd.reload());
  Outcome outcome = Outcome::taken_back;
  if (step.restarted) {
    if (const auto again = restart_and_await(target, wish, well); !again) {
      target.say(fmt::format("{} without the change: {}", target.service, again.error().message));
      outcome = Outcome::broken;
    }
  }
  BANSOKO_CHECK(target.files.done());
  return outcome;
}

}  // namespace

Result<Outcome> apply(Target& target, const std::string& drop_in, const Wish& wish) {
  BANSOKO_TRY(const Wellness well, before(target, wish));
  Step step;
  BANSOKO_TRY(step.had_before, target.files.keep());
  BANSOKO_CHECK(target.files.note(step));
  auto put = target.files.write(drop_in);
  if (!put) {
    BANSOKO_CHECK(target.files.done());
    return tl::unexpected<Error>(std::move(put).error());
  }
  target.say(fmt::format("wrote {}", target.files.drop_in()));
  if (const auto read = have_it_read(target); !read) return take_back(target, step, wish, well, read.error());
  if (!wish.restart) {
    BANSOKO_CHECK(target.files.done());
    return Outcome::at_next_start;
  }
  step.restarted = true;
  BANSOKO_CHECK(target.files.note(step));
  if (const auto runs = restart_and_await(target, wish, well); !runs)
    return take_back(target, step, wish, well, runs.error());
  BANSOKO_CHECK(target.files.done());
  return Outcome::in_force;
}

Result<Outcome> withdraw(Target& target, const Wish& wish) {
  BANSOKO_TRY(const DropInState there, target.files.state());
  if (there == DropInState::foreign)
    return fail(Errc::denied, "{} is not ours, and stays as it is", target.files.drop_in());
  if (there == DropInState::absent) return fail(Errc::not_found, "there is no {}", target.files.drop_in());
  BANSOKO_CHECK(target.files.note({.had_before = false, .restarted = wish.restart}));
  BANSOKO_CHECK(target.files.withdraw());
  target.say(fmt::format("{} is now {}", target.files.drop_in(), target.files.kept()));
  BANSOKO_CHECK(target.systemd.reload());
  Outcome outcome = Outcome::at_next_start;
  if (wish.restart) {
    outcome = Outcome::in_force;
    // What it answered while hardened is no measure: it may have been withdrawn because of that.
    if (const auto runs = restart_and_await(target, {}, {"active", {}}); !runs) {
      target.say(fmt::format("{}: {}", target.service, runs.error().message));
      outcome = Outcome::broken;
    }
  }
  BANSOKO_CHECK(target.files.done());
  return outcome;
}

Result<bool> repair(Target& target) {
  BANSOKO_TRY(const auto step, target.files.step());
  if (!step) return false;
  target.say("an earlier call did not end; its change is taken back");
  BANSOKO_CHECK(target.files.take_back(*step));
  BANSOKO_CHECK(target.systemd.reload());
  if (step->restarted) BANSOKO_CHECK(restart_and_await(target, {}, {"active", {}}));
  BANSOKO_CHECK(target.files.done());
  return true;
}

}  // namespace bansoko::harden
