// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_file.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/file.h"
#include "base/map_reader.h"
#include "base/printable.h"
#include "lockdown/policy/rules_file.h"

namespace bansoko::app {
namespace {

using approved::Entry;
using approved::Store;

struct Options {
  std::string config, digest, reason;
  std::vector<std::string> files;
  bool rule = false;
};

/// The file as it is; or, with --digest, as it is said to be: it need not be there then.
Result<IdentifiedFile> file_of(const std::string& path, const Options& options) {
  if (options.digest.empty()) return identify(path);
  const auto digest = identity::sha256_from(options.digest);
  if (!digest) return fail(Errc::invalid, "--digest wants 64 of the digits 0-9 and a-f");
  if (options.files.size() != 1) return fail(Errc::invalid, "--digest is of one FILE");
  if (auto there = identify(path)) {
    if (there->digest != *digest)
      fmt::print(stderr, "bansoko: {} has another content now: {}\n", printable(there->path),
                 identity::to_text(there->digest));
    there->digest = *digest;
    return there;
  }
  if (!path.starts_with('/')) return fail(Errc::invalid, "{} is no whole path", path);
  return IdentifiedFile{.path = path, .digest = *digest};
}

/// A rule outranks the list: whoever approves should know.
void show_denying_rule(const std::vector<policy::Rule>& rules, const IdentifiedFile& file) {
  const policy::Rule* const rule = first_that_speaks(rules, {.path = file.path, .digest = &file.digest});
  if (rule != nullptr && rule->answer == policy::Answer::deny)
    print(fmt::format("  but the rule {} denies it all the same\n", printable(rule->name)));
}

std::string names_of(const std::vector<IdentifiedFile>& files) {
  std::string text;
  for (std::size_t i = 0; i < files.size() && i < 5; ++i) text += (i == 0 ? "" : " ") + files[i].path;
  if (files.size() > 5) text += fmt::format(" and {} more", files.size() - 5);
  return text;
}

int finish(const lockdown::LockdownSettings& settings, const approved::List& list, std::string_view event,
           const std::string& what) {
  tell(settings, event, what, list.head().generation);
  print(fmt::format("generation {}: {} entries\n", list.head().generation, list.size()));
  return have_it_read_again(settings);
}

Result<int> approve(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(auto store, Store::open(settings.state_folder));
  settings::Faults faults;
  const auto rules = policy::load_rules(settings.rules_file, faults);
  std::vector<IdentifiedFile> files;
  for (const std::string& path : options.files) {
    BANSOKO_TRY(IdentifiedFile file, file_of(path, options));
    files.push_back(std::move(file));
  }
  const std::string what = with_reason("approve " + names_of(files), options.reason);
  approved::Change change{.reason = what};
  for (const IdentifiedFile& file : files) {
    change.add.push_back({.digest = file.digest,
                          .kind = file.kind,
                          .language = file.language,
                          .origin = approved::Origin::operator_word,
                          .path = file.path});
    print(fmt::format("+ {}\n", line_of(change.add.back())));
    if (rules) show_denying_rule(*rules, file);
  }
  BANSOKO_TRY(const auto list, store.commit(change));
  return finish(settings, *list, "lockdown.approved", what);
}

/// What the list has of a file that is to be denied: of its content, and of its path.
std::vector<Entry> listed(const approved::List& list, const IdentifiedFile& file, bool has_digest) {
  std::vector<Entry> found;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (const Entry entry = list.at_by_path(i);
        (has_digest && entry.digest == file.digest) || entry.path == file.path)
      found.push_back(entry);
  return found;
}

Result<> write_rule(const lockdown::LockdownSettings& settings, const IdentifiedFile& file, bool has_digest,
                    const std::string& why) {
  const auto now = read_file(settings.rules_file, settings::kLargestFile);
  if (!now && now.error().code != Errc::not_found) return tl::unexpected<Error>(now.error());
  policy::Rule rule{.name = fmt::format("deny {} {}", printable(file.path), now_in_seconds())};
  if (has_digest)
    rule.digest = file.digest;
  else
    rule.path = file.path;
  BANSOKO_TRY(const std::string text,
              policy::with_deny_rule(now ? *now : "", settings.rules_file, rule, printable(why)));
  BANSOKO_CHECK(write_file_atomic(settings.rules_file, text, 0644));
  print(fmt::format("rule '{}' stands first in {}\n", rule.name, settings.rules_file));
  return {};
}

/// A file that is gone is denied by its path alone.
struct ToDeny {
  IdentifiedFile file;
  bool has_digest = true;
};

Result<std::vector<ToDeny>> files_to_deny(const Options& options) {
  std::vector<ToDeny> all;
  for (const std::string& path : options.files) {
    auto file = file_of(path, options);
    if (file)
      all.push_back({std::move(*file), true});
    else if (file.error().code == Errc::not_found && path.starts_with('/'))
      all.push_back({IdentifiedFile{.path = path}, false});
    else
      return tl::unexpected<Error>(file.error());
  }
  return all;
}

Result<int> deny(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(auto store, Store::open(settings.state_folder));
  BANSOKO_TRY(const auto list, list_or_empty(store));
  BANSOKO_TRY(const auto all, files_to_deny(options));
  approved::Change change;
  std::vector<IdentifiedFile> files;
  for (const auto& [file, has_digest] : all) {
    files.push_back(file);
    const auto entries = listed(*list, file, has_digest);
    if (entries.empty()) print(fmt::format("{} is not on the list\n", printable(file.path)));
    for (const Entry& entry : entries) {
      print(fmt::format("- {}\n", line_of(entry)));
      change.remove.push_back(entry.digest);
    }
  }
  change.reason = with_reason("deny " + names_of(files), options.reason);
  if (options.rule)
    for (const auto& [file, has_digest] : all)
      BANSOKO_CHECK(write_rule(settings, file, has_digest, change.reason));
  if (change.remove.empty() && !options.rule) return kFailed;
  auto now = list;
  if (!change.remove.empty()) {
    BANSOKO_TRY(now, store.commit(change));
  }
  return finish(settings, *now, "lockdown.denied", change.reason);
}

void add_common(CLI::App& command, Options& options) {
  add_config(command, options.config);
  command.add_option("FILE", options.files, "what it is about")->required();
  command.add_option("--digest", options.digest,
                     "the SHA-256 of one FILE, instead of what the file holds now; it need not be there");
  command.add_option("--reason", options.reason, "why; kept with the list and in the event");
}

}  // namespace

void add_lockdown_approve_commands(CLI::App& lockdown, int& exit_code) {
  auto* approving =
      lockdown.add_subcommand("approve", "Put files on the approved list, by what they hold now");
  const auto to_approve = std::make_shared<Options>();
  add_common(*approving, *to_approve);
  run_as(*approving, exit_code, [to_approve] { return approve(*to_approve); });
  auto* denying = lockdown.add_subcommand(
      "deny", "Take files off the approved list, with every copy. Exit code 1: none of them was on it");
  const auto to_deny = std::make_shared<Options>();
  add_common(*denying, *to_deny);
  denying->add_flag("--rule", to_deny->rule, "also write a rule, which holds whatever the list says later");
  run_as(*denying, exit_code, [to_deny] { return deny(*to_deny); });
}

}  // namespace bansoko::app
