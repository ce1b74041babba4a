// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/evasion/trial.h"

namespace bansoko::evasion {
namespace {

constexpr int kSkipped = 77;

struct Options {
  std::string attack, kind;
  bool pairs = true;
  bool without = true;
  bool policies = true;
  bool verbose = false;
};

/// What became of the combinations of one class.
struct Row {
  unsigned blocked = 0;  // the target would have had it, and did not get it
  unsigned void_ = 0;    // the target would not have had it anyway
  unsigned missed = 0;
  unsigned false_ = 0;  // alerts about, or losses of, what is in order
  unsigned all() const noexcept { return blocked + void_ + missed; }
};

/// What stands in the place of a defence. A credulous guard believes the first copy, or the last one, and
/// what it says of its target is wrong.
std::vector<GuardSettings> settings_without(Defence defence) {
  if (defence != Defence::conflicts && defence != Defence::validation) return {{.without = defence}};
  return {{.without = defence, .system = packet::System::first, .lets_conflicts_by = true},
          {.without = defence, .system = packet::System::last, .lets_conflicts_by = true}};
}

using Table = std::map<std::string, Row, std::less<>>;

struct PolicyRow {
  unsigned blocked = 0, void_ = 0, missed = 0;
  unsigned missed_misled = 0;
};

struct System {
  std::string_view name;
  packet::System value;
  packet::System opposite;  // what a guard is told wrongly
};
constexpr std::array kSystems{System{"first", packet::System::first, packet::System::last},
                              System{"last", packet::System::last, packet::System::first},
                              System{"linux", packet::System::linux, packet::System::first},
                              System{"windows", packet::System::windows, packet::System::last},
                              System{"windows-2003", packet::System::windows_2003, packet::System::last},
                              System{"bsd", packet::System::bsd, packet::System::last},
                              System{"solaris", packet::System::solaris, packet::System::last}};

/// Is it one in which copies differ?
bool shows_policies(const Transform& transform) {
  return transform.kind.starts_with("tcp.differing") || transform.kind.starts_with("tcp.changed") ||
         transform.kind.starts_with("ip.fragments_differ");
}

class Lab {
 public:
  Lab(Receiver& receiver, const Options& options) : laboratory_(receiver), options_(options) {}

  Result<> run(const Attack& attack) {
    BANSOKO_TRY(const auto guard, Guard::against(attack));
    for (const Packaging& packaging : packagings(attack)) try_one(attack, packaging, *guard);
    return {};
  }

  /// Each class again with its defence switched off: one that is stopped all the same shows nothing. What
  /// Linux would not read is sent to the model of a system that does.
  Result<> run_without(const Attack& attack) {
    std::map<Defence, std::vector<std::unique_ptr<Guard>>> guards;
    const auto model = model_receiver(packet::System::first);
    Laboratory other(*model);
    for (const Transform& transform : transforms_) {
      Packaging packaging;
      packaging.add(transform);
      if (exposed_.contains(std::string(transform.kind)) || !is_wanted(transform) || !packaging.fits(attack))
        continue;
      auto& simpler = guards[transform.defence];
      if (simpler.empty())
        for (const GuardSettings& settings : settings_without(transform.defence)) {
          BANSOKO_TRY(auto guard, Guard::against(attack, settings));
          simpler.push_back(std::move(guard));
        }
      for (const auto& guard : simpler)
        for (Laboratory* const laboratory : {&laboratory_, &other})
          if (laboratory->attempt(attack.attack(), attack, packaging, guard.get()).delivered)
            exposed_.insert(std::string(transform.kind));
    }
    return {};
  }

  /// Each system as a target, with differing copies let by: with the guard told what it is, and told wrong.
  Result<> run_policies(const Attack& attack) {
    for (const System& system : kSystems) {
      const auto target = model_receiver(system.value);
      Laboratory laboratory(*target);
      BANSOKO_TRY(const auto told,
                  Guard::against(attack, {.system = system.value, .lets_conflicts_by = true}));
      BANSOKO_TRY(const auto misled,
                  Guard::against(attack, {.system = system.opposite, .lets_conflicts_by = true}));
      PolicyRow& row = policies_[std::string(system.name)];
      for (const Transform& transform : transforms_) {
        if (!shows_policies(transform)) continue;
        Packaging packaging;
        packaging.add(transform);
        const bool effective = laboratory.attempt(attack.attack(), attack, packaging, nullptr).delivered;
        const bool missed = laboratory.attempt(attack.attack(), attack, packaging, told.get()).delivered;
        row.missed_misled +=
            laboratory.attempt(attack.attack(), attack, packaging, misled.get()).delivered ? 1 : 0;
        row.missed += missed ? 1 : 0;
        row.blocked += !missed && effective ? 1 : 0;
        row.void_ += !missed && !effective ? 1 : 0;
        if (missed) fmt::print("{:24} {:60} MISSED for {}\n", attack.name, name_of(packaging), system.name);
      }
    }
    return {};
  }

  bool report_policies() const {
    fmt::print("\n{:34}{:>9}{:>9}{:>9}   missed when told wrong\n", "target, conflicts let by", "blocked",
               "void", "missed");
    bool good = true;
    for (const auto& [name, row] : policies_) {
      fmt::print("{:34}{:9}{:9}{:9}   {}\n", name, row.blocked, row.void_, row.missed, row.missed_misled);
      good &= row.missed == 0 && row.missed_misled > 0;
    }
    return good;
  }

  int report() const {
    fmt::print("{:34}{:>9}{:>9}{:>9}{:>7}   {:>9}{:>9}{:>9}{:>7}\n", "class", "blocked", "void", "missed",
               "false", "in pairs", "void", "missed", "false");
    Row alone;
    bool all_exposed = true;
    for (const auto& [kind, row] : alone_) {
      const auto found = paired_.find(kind);
      const Row pairs = found == paired_.end() ? Row{} : found->second;
      const bool exposed = !options_.without || exposed_.contains(kind) || row.blocked + row.missed == 0;
      fmt::print("{:34}{:9}{:9}{:9}{:7}   {:9}{:9}{:9}{:7}{}\n", kind, row.blocked, row.void_, row.missed,
                 row.false_, pairs.blocked, pairs.void_, pairs.missed, pairs.false_,
                 exposed ? "" : "   stopped without its defence, too");
      add(alone, row);
      all_exposed &= exposed;
    }
    fmt::print(
        "\n{} classes, {} combinations: {} blocked, {} void, {} missed, {} false; in pairs {}: {} blocked, "
        "{} void, {} "
        "missed, {} false\n",
        alone_.size(), alone.all(), alone.blocked, alone.void_, alone.missed, alone.false_,
        total_pairs_.all(), total_pairs_.blocked, total_pairs_.void_, total_pairs_.missed,
        total_pairs_.false_);
    const bool clean = alone.missed + alone.false_ + total_pairs_.missed + total_pairs_.false_ == 0;
    return clean && all_exposed ? 0 : 1;
  }

 private:
  static void add(Row& sum, const Row& row) {
    sum.blocked += row.blocked;
    sum.void_ += row.void_;
    sum.missed += row.missed;
    sum.false_ += row.false_;
  }

  bool is_wanted(const Transform& transform) const {
    return options_.kind.empty() || transform.kind.starts_with(options_.kind);
  }

  std::vector<Packaging> packagings(const Attack& attack) const {
    std::vector<Packaging> all;
    std::vector<const Transform*> firsts;  // of each class
    for (const Transform& transform : transforms_) {
      Packaging packaging;
      packaging.add(transform);
      if (!packaging.fits(attack)) continue;
      if (is_wanted(transform)) all.push_back(packaging);
      if (firsts.empty() || firsts.back()->kind != transform.kind) firsts.push_back(&transform);
    }
    if (!options_.pairs) return all;
    for (const Transform* one : firsts)
      for (const Transform* other : firsts) {
        if (one->layer >= other->layer || !(is_wanted(*one) || is_wanted(*other))) continue;
        Packaging packaging;
        packaging.add(*one);
        packaging.add(*other);
        all.push_back(packaging);
      }
    return all;
  }

  void try_one(const Attack& attack, const Packaging& packaging, Guard& guard) {
    Row row;
    const bool effective = laboratory_.attempt(attack.attack(), attack, packaging, nullptr).delivered;
    const Outcome guarded = laboratory_.attempt(attack.attack(), attack, packaging, &guard);
    row.missed = guarded.delivered ? 1 : 0;
    row.void_ = !guarded.delivered && !effective ? 1 : 0;
    row.blocked = !guarded.delivered && effective ? 1 : 0;
    const bool arrives = laboratory_.attempt(attack.benign(), attack, packaging, nullptr).delivered;
    const Outcome benign = laboratory_.attempt(attack.benign(), attack, packaging, &guard);
    row.false_ = !benign.alerts.empty() || (arrives && !benign.delivered && !packaging.is_hostile()) ? 1 : 0;
    if (options_.verbose || row.missed + row.false_ != 0)
      fmt::print(
          "{:24} {:60} {}{}{}\n", attack.name, name_of(packaging),
          row.missed != 0    ? "MISSED"
          : row.blocked != 0 ? !guarded.alerts.empty() ? "blocked" : "refused"
                             : "void",
          benign.alerts.empty() ? "" : fmt::format(", FALSE ALERT of {}", fmt::join(benign.alerts, ", ")),
          row.false_ != 0 && benign.alerts.empty() ? ", LOST" : "");
    note(packaging, row);
  }

  void note(const Packaging& packaging, const Row& row) {
    std::vector<const Transform*> parts;
    for (const Transform* part : {packaging.message, packaging.split, packaging.decoy, packaging.ip})
      if (part != nullptr) parts.push_back(part);
    if (parts.size() > 1) add(total_pairs_, row);
    for (const Transform* part : parts)
      add((parts.size() > 1 ? paired_ : alone_)[std::string(part->kind)], row);
  }

  Laboratory laboratory_;
  Options options_;
  std::vector<Transform> transforms_ = all_transforms();
  Table alone_, paired_;
  std::map<std::string, PolicyRow> policies_;
  Row total_pairs_;
  std::set<std::string> exposed_;  // classes of which something got through without its defence
};

Options parse(CLI::App& app, int argc, char** argv) {
  Options options;
  bool no_pairs = false;
  bool no_without = false;
  bool no_policies = false;
  app.add_option("--attack", options.attack, "only this one");
  app.add_option("--class", options.kind, "only classes that begin so");
  app.add_flag("--no-pairs", no_pairs, "one transformation at a time");
  app.add_flag("--no-without", no_without, "do not switch defences off");
  app.add_flag("--no-policies", no_policies, "real sockets only");
  app.add_flag("--verbose", options.verbose, "tell of every combination");
  app.parse(argc, argv);
  options.pairs = !no_pairs;
  options.without = !no_without;
  options.policies = !no_policies;
  return options;
}

int run(const Options& options) {
  std::vector<std::uint16_t> ports;
  for (const Attack& attack : all_attacks())
    if (std::ranges::find(ports, attack.port) == ports.end()) ports.push_back(attack.port);
  const auto receiver = linux_receiver(ports);
  if (!receiver) {
    fmt::print("skipped: {}\n", receiver.error().message);
    return kSkipped;
  }
  Lab lab(**receiver, options);
  for (const Attack& attack : all_attacks()) {
    if (!options.attack.empty() && options.attack != attack.name) continue;
    auto done = lab.run(attack);
    if (done && options.without) done = lab.run_without(attack);
    if (done && options.policies) done = lab.run_policies(attack);
    if (!done) {
      fmt::print(stderr, "{}: {}\n", attack.name, done.error().message);
      return 1;
    }
  }
  const int result = lab.report();
  return !options.policies || lab.report_policies() ? result : 1;
}

}  // namespace
}  // namespace bansoko::evasion

int main(int argc, char** argv) try {
  CLI::App app("Attacks in every packaging, against real sockets with the shield before them. As root.");
  try {
    return bansoko::evasion::run(bansoko::evasion::parse(app, argc, argv));
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
} catch (const std::exception& error) {
  std::fputs(error.what(), stderr);
  return 1;
}
