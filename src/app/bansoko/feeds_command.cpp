// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/output.h"
#include "app/bansoko/rules_view.h"
#include "assess/feed/feed.h"
#include "assess/knowledge/import.h"
#include "assess/knowledge/knowledge.h"
#include "base/printable.h"

namespace bansoko::app {
namespace {

using knowledge::Feed;

constexpr std::int64_t kSecondsOfADay = 86'400;

struct Options {
  std::vector<std::string> paths;
  std::string store = knowledge::kDefaultStore;
  std::string format = "text";
};

std::string title_of(const Feed& feed) {
  return feed.scope.empty() ? feed.format : fmt::format("{} {}", feed.format, printable(feed.scope));
}

std::string day_of(const std::optional<assess::Date>& date) {
  return date ? assess::to_text(*date) : "no date";
}

std::string left_out_of(const Feed& feed) {
  std::string text;
  for (const auto& [why, times] : feed.left_out)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", times, printable(why));
  return text;
}

/// "3 days old", by the feed's own date.
std::string age_of(const Feed& feed, std::int64_t now) {
  if (!feed.date) return {};
  const std::int64_t days = now / kSecondsOfADay - feed.date->time_since_epoch().count();
  if (days < 0) return "dated in the future";
  return fmt::format("{} {} old", days, days == 1 ? "day" : "days");
}

void show_imported(const knowledge::ImportedFeed& imported) {
  const Feed& feed = imported.feed;
  print(fmt::format("{}: {} records of {}", title_of(feed), feed.records, day_of(feed.date)));
  if (imported.replaced) {
    const bool older = feed.date && imported.replaced->date && *feed.date < *imported.replaced->date;
    print(fmt::format(", in the place of {} of {}{}", imported.replaced->records,
                      day_of(imported.replaced->date), older ? ", which were newer" : ""));
  }
  print("\n");
  if (!feed.left_out.empty()) print(fmt::format("  left out: {}\n", left_out_of(feed)));
}

void show(const knowledge::ImportReport& report) {
  for (const knowledge::ImportedFeed& imported : report.feeds) show_imported(imported);
  for (const std::string& name : report.passed_over) print(fmt::format("passed over: {}\n", name));
  for (const knowledge::Refused& refused : report.refused)
    fmt::print(stderr, "bansoko: {}: {}\n", refused.name, refused.why);
  const std::uint64_t more = report.refused_count - report.refused.size();
  if (more != 0) fmt::print(stderr, "bansoko: and {} more that could not be read\n", more);
}

int run_import(const Options& options) {
  auto store = knowledge::open_to_write(options.store);
  if (!store) return complain(store.error());
  bool all_read = true;
  for (const std::string& path : options.paths) {
    const auto report = knowledge::import_path(*store, path, feed::all_formats(), knowledge::ImportLimits{},
                                               std::time(nullptr));
    if (!report)
      return complain({report.error().code, fmt::format("{}: {}: nothing of it was imported", options.store,
                                                        report.error().message)});
    show(*report);
    all_read = all_read && report->refused_count == 0;
  }
  return all_read ? kOk : kFailed;
}

nlohmann::json to_json(const Feed& feed) {
  nlohmann::json left_out = nlohmann::json::object();
  for (const auto& [why, times] : feed.left_out) left_out[why] = times;
  return {{"format", feed.format},
          {"scope", feed.scope},
          {"source", printable(feed.source)},
          {"licence", feed.licence},
          {"date", feed.date ? nlohmann::json(assess::to_text(*feed.date)) : nlohmann::json()},
          {"version", feed.version},
          {"imported",
           fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(feed.imported)))},
          {"sha256", feed.sha256},
          {"bytes", feed.bytes},
          {"files", feed.files},
          {"records", feed.records},
          {"left_out", std::move(left_out)}};
}

void show_feed(const Feed& feed, std::int64_t now) {
  const std::string age = age_of(feed, now);
  print(fmt::format("{}\n", title_of(feed)));
  print(fmt::format("  date      {}{}{}\n", day_of(feed.date), age.empty() ? "" : ", ", age));
  if (!feed.version.empty()) print(fmt::format("  version   {}\n", printable(feed.version)));
  print(fmt::format("  imported  {:%Y-%m-%d %H:%M} UTC\n",
                    fmt::gmtime(static_cast<std::time_t>(feed.imported))));
  print(fmt::format("  source    {}{}\n", printable(feed.source),
                    feed.files > 1 ? fmt::format(", {} files", feed.files) : std::string()));
  print(fmt::format("  licence   {}\n", feed.licence));
  print(fmt::format("  sha256    {}\n", feed.sha256));
  print(fmt::format("  records   {}\n", feed.records));
  if (!feed.left_out.empty()) print(fmt::format("  left out  {}\n", left_out_of(feed)));
}

int run_list(const Options& options) {
  auto store = knowledge::Knowledge::open(options.store, knowledge::Check::whole);
  if (!store) return complain(store.error());
  const auto feeds = store->feeds();
  if (!feeds) return complain(feeds.error());
  if (options.format == "json") {
    nlohmann::json listed = nlohmann::json::array();
    for (const Feed& feed : *feeds) listed.push_back(to_json(feed));
    print(text_of(listed));
    return kOk;
  }
  if (feeds->empty()) print("no feed was imported yet\n");
  for (const Feed& feed : *feeds) show_feed(feed, std::time(nullptr));
  return kOk;
}

void add_store(CLI::App& command, Options& options) {
  command.add_option("--store", options.store, "the file that keeps what feeds say")->capture_default_str();
}

}  // namespace

void add_feeds_command(CLI::App& program, int& exit_code) {
  auto* feeds = program.add_subcommand(
      "feeds", "What is known of vulnerabilities, fixes and support: public feeds, offline");
  feeds->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* import = feeds->add_subcommand(
      "import", "Read feeds as they are published; each takes the place of its older one");
  import->add_option("PATH", options->paths, "a file, an archive or a folder")->required();
  add_store(*import, *options);
  import->callback([options, &exit_code] { exit_code = run_import(*options);
});
auto* list = feeds->add_subcommand(
    "list", "Show what was imported: date, age, source, licence, digest, what was left out");
list->add_option("--format", options->format, "text or json")
    ->check(CLI::IsMember({"text", "json"}))
    ->capture_default_str();
add_store(*list, *options);
list->callback([options, &exit_code] { exit_code = run_list(*options); });
}  // namespace bansoko::app

}  // namespace bansoko::app
