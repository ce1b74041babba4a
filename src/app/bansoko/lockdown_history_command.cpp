// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/printable.h"

namespace bansoko::app {
namespace {

using approved::List;
using approved::Store;
using Lists = std::vector<std::shared_ptr<const List>>;

struct Options {
  std::string config, reason;
  std::uint64_t first = 0, second = 0;
  bool yes = false;
};

std::string change_text(const List& before, const List& after) {
  const auto change = difference(before, after);
  return fmt::format("+{} ~{} -{}", change.added.size(), change.changed.size(), change.removed.size());
}

/// The oldest that is kept has nothing to be compared with.
Result<int> show(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, Store::open(settings.state_folder));
  BANSOKO_TRY(const auto numbers, store.generations());
  Lists lists;
  for (const std::uint64_t number : numbers) {
    auto list = store.load_generation(number);
    if (list)
      lists.push_back(std::move(*list));
    else
      complain(list.error());
  }
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const List::Head& head = lists[i]->head();
    print(fmt::format("{:>6}  {}  {:>7} entries  {:<16}  {}\n", head.generation, time_text(head.made),
                      lists[i]->size(), i + 1 < lists.size() ? change_text(*lists[i + 1], *lists[i]) : "",
                      printable(head.reason)));
  }
  if (numbers.empty()) print("there is no approved list yet\n");
  return lists.size() == numbers.size() ? kOk : kFailed;
}

Result<int> diff(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, Store::open(settings.state_folder));
  BANSOKO_TRY(const auto before, store.load_generation(options.first));
  BANSOKO_TRY(const auto after, store.load_generation(options.second));
  const auto change = difference(*before, *after);
  print(text_of(change));
  return change.empty() ? kOk : kFailed;
}

Result<int> roll_back(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(auto store, Store::open(settings.state_folder));
  BANSOKO_TRY(const auto wanted, store.load_generation(options.first));
  if (const auto now = newest_list(store)) print(text_of(difference(**now, *wanted)));
  if (!is_agreed(options.yes, fmt::format("go back to generation {}?", options.first))) return kOk;
  std::vector<approved::Entry> entries;
  for (std::size_t i = 0; i < wanted->size(); ++i) entries.push_back(wanted->at_by_path(i));
  const std::string what = with_reason(fmt::format("rollback to {}", options.first), options.reason);
  BANSOKO_TRY(const auto list, store.replace(entries, what));
  tell(settings, "lockdown.rolled_back", what, list->head().generation);
  print(fmt::format("generation {}: {} entries\n", list->head().generation, list->size()));
  return have_it_read_again(settings);
}

}  // namespace

void add_lockdown_history_command(CLI::App& lockdown, int& exit_code) {
  auto* history =
      lockdown.add_subcommand("history", "The generations of the approved list: when, what changed, why");
  const auto options = std::make_shared<Options>();
  add_config(*history, options->config);
  history->require_subcommand(0, 1);
  auto* differ = history->add_subcommand(
      "diff", "What two generations say differently. Exit code 0: nothing; 1: something");
  add_config(*differ, options->config);
  differ->add_option("OLD", options->first, "a generation")->required();
  differ->add_option("NEW", options->second, "a generation")->required();
  run_as(*differ, exit_code, [options] { return diff(*options); });
  auto* back = history->add_subcommand("rollback", "An older list as the next generation");
  add_config(*back, options->config);
  back->add_option("GENERATION", options->first, "which")->required();
  back->add_option("--reason", options->reason, "why; kept with the list and in the event");
  back->add_flag("--yes", options->yes, "without being asked");
  run_as(*back, exit_code, [options] { return roll_back(*options); });
  run_as(*history, exit_code, [options, history, &exit_code]() -> Result<int> {
    if (!history->get_subcommands().empty()) return exit_code;
    return show(*options);
  });
}

}  // namespace bansoko::app
