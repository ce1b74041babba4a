// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/file.h"
#include "base/printable.h"
#include "lockdown/approved/exchange.h"
#include "lockdown/state/imports.h"

namespace bansoko::app {
namespace {

using approved::Entry;
using approved::Exchange;
using approved::fingerprint_of;
using approved::List;
using approved::Store;

constexpr const char* kKeyFolder = "/etc/bansoko/lockdown/keys.d";
constexpr std::size_t kLargestFile = std::size_t{2} << 30U;

struct Options {
  std::string config, file, note, keys = kKeyFolder;
  bool yes = false, older = false, replace = false;
};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "?";
}

Result<int> export_list(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, Store::open(settings.state_folder));
  BANSOKO_TRY(const auto list, newest_list(store));
  BANSOKO_TRY(
      const std::string bytes,
      exchange_bytes(
          {.host = host_name(), .by = operator_name(), .note = options.note, .exported = now_in_seconds()},
          *list, store.key()));
  BANSOKO_CHECK(write_file_atomic(options.file, bytes, 0644));
  tell(settings, "lockdown.exported", with_reason("export to " + options.file, options.note),
       list->head().generation);
  print(fmt::format("generation {}: {} entries to {}\nsigned by the key with the fingerprint {}\n",
                    list->head().generation, list->size(), printable(options.file),
                    fingerprint_of(store.key().public_key())));
  return kOk;
}

Result<Exchange> read_carried(const Options& options) {
  std::vector<std::string> refused;
  BANSOKO_TRY(const auto keys, approved::read_accepted_keys(options.keys, refused));
  for (const std::string& each : refused) fmt::print(stderr, "bansoko: {}\n", printable(each));
  BANSOKO_TRY(const std::string bytes, read_file(options.file, kLargestFile));
  auto exchange = approved::read_exchange(as_bytes(bytes), keys);
  if (exchange) return exchange;
  const std::string hint = exchange.error().code == Errc::denied
                               ? fmt::format("; the keys that are accepted are in {}", options.keys)
                               : std::string();
  return fail(exchange.error().code, "{}: {}{}", options.file, exchange.error().message, hint);
}

/// What is here already stays as it is here.
std::vector<Entry> to_be_added(const List& here, const List& brought) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < brought.size(); ++i) {
    Entry entry = brought.at_by_path(i);
    entry.origin = approved::Origin::import;
    if (!here.contains(entry.digest, entry.path)) entries.push_back(entry);
  }
  return entries;
}

/// As it will be, to be shown.
std::shared_ptr<const List> list_after(const List& here, std::vector<Entry> entries, bool replace) {
  for (std::size_t i = 0; !replace && i < here.size(); ++i) entries.push_back(here.at_by_path(i));
  return List::make({}, entries);
}

void show(const Exchange& brought, const std::string& fingerprint) {
  const auto& manifest = brought.manifest;
  print(fmt::format("from      {}, exported {} by {}\n", printable(manifest.host),
                    time_text(manifest.exported), printable(manifest.by)));
  if (!manifest.note.empty()) print(fmt::format("note      {}\n", printable(manifest.note)));
  print(fmt::format("list      generation {} of {}, {} entries: {}\n", manifest.generation,
                    time_text(brought.list->head().made), manifest.entries,
                    printable(brought.list->head().reason)));
  print(fmt::format("key       {}\n", fingerprint));
}

Result<> check_age(const Exchange& brought, const state::Imports& imports, const std::string& fingerprint,
                   bool older) {
  const auto last = imports.find(fingerprint);
  if (older || last == imports.end() || brought.manifest.generation >= last->second) return {};
  return fail(
      Errc::denied,
      "generation {} is older than {}, which was imported from the same key; with --older it is taken",
      brought.manifest.generation, last->second);
}

Result<int> take(const Options& options, const lockdown::LockdownSettings& settings, Store& store,
                 std::vector<Entry> entries, const Exchange& brought, state::Imports imports) {
  const std::string what = with_reason(fmt::format("import generation {} of {}", brought.manifest.generation,
                                                   printable(brought.manifest.host)),
                                       options.note);
  const std::string fingerprint = fingerprint_of(brought.key);
  // Noted first: should it then fail, the same file may be taken again, but none that is older.
  imports[fingerprint] = brought.manifest.generation;
  BANSOKO_CHECK(state::write(settings.state_folder, imports));
  // Both machines' contents of a path are approved, unless this list is to stand alone.
  BANSOKO_TRY(const auto list,
              options.replace
                  ? store.replace(entries, what)
                  : store.commit({.add = std::move(entries), .reason = what, .supersede = false}));
  tell(settings, "lockdown.imported", what + ", key " + fingerprint, list->head().generation);
  print(fmt::format("generation {}: {} entries\n", list->head().generation, list->size()));
  return have_it_read_again(settings);
}

Result<int> import_list(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(auto store, Store::open(settings.state_folder));
  BANSOKO_TRY(const Exchange brought, read_carried(options));
  const std::string fingerprint = fingerprint_of(brought.key);
  show(brought, fingerprint);
  BANSOKO_TRY(auto imports, state::read_imports(settings.state_folder));
  BANSOKO_CHECK(check_age(brought, imports, fingerprint, options.older));
  BANSOKO_TRY(const auto here, list_or_empty(store));
  auto entries = to_be_added(options.replace ? *List::make({}, {}) : *here, *brought.list);
  const auto after = list_after(*here, entries, options.replace);
  const auto change = difference(*here, *after);
  print(text_of(change));
  if (change.empty()) print("the list here has all of it\n");
  if (!is_agreed(options.yes, "take it?")) return kOk;
  return take(options, settings, store, std::move(entries), brought, std::move(imports));
}

Result<int> show_key(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, Store::open(settings.state_folder));
  const auto& key = store.key().public_key();
  print(fmt::format("host {}\nfingerprint {}\n{}", printable(host_name()), fingerprint_of(key),
                    approved::to_pem(key)));
  return kOk;
}

void add_import(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand(
      "import", "Add the approved list of another machine, from a file that 'export' wrote there");
  const auto options = std::make_shared<Options>();
  add_config(*command, options->config);
  command->add_option("FILE", options->file, "what 'export' wrote")->required();
  command->add_option("--keys", options->keys, "the folder of the keys that are accepted, *.pub")
      ->capture_default_str();
  command->add_flag("--replace", options->replace, "instead of what is here, and not besides");
  command->add_flag("--older", options->older, "also a list older than one imported from the same key");
  command->add_option("--reason", options->note, "why; kept with the list and in the event");
  command->add_flag("--yes", options->yes, "without being asked");
  run_as(*command, exit_code, [options] { return import_list(*options); });
}

}  // namespace

void add_lockdown_exchange_commands(CLI::App& lockdown, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* exporting = lockdown.add_subcommand("export", "Write the approved list, signed, for another machine");
  add_config(*exporting, options->config);
  exporting->add_option("FILE", options->file, "where to, for example on a stick")->required();
  exporting->add_option("--note", options->note, "what the other side should know");
  run_as(*exporting, exit_code, [options] { return export_list(*options); });
  add_import(lockdown, exit_code);
  auto* key = lockdown.add_subcommand("key", "The key that signs the approved list of this machine");
  key->require_subcommand(1);
  auto* showing = key->add_subcommand(
      "show", "Its public half, as a file for another machine's keys.d, and its fingerprint");
  add_config(*showing, options->config);
  run_as(*showing, exit_code, [options] { return show_key(*options); });
}

}  // namespace bansoko::app
