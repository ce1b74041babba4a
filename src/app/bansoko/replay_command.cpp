// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/output.h"
#include "app/bansoko/progress.h"
#include "app/bansoko/settings_file.h"
#include "base/printable.h"
#include "event/event.h"
#include "patches/engine_library.h"
#include "shield/engine/loader.h"
#include "shield/engine/replay.h"
#include "shield/keyword/keywords.h"

namespace bansoko::app {
namespace {

struct Options {
  std::vector<std::string> rules;
  std::string config, mode, events, evidence;
  std::string summary = "table";
  bool progress = false;
  std::vector<std::string> captures;
};

/// Where events go: a file, standard output, or nowhere.
class EventOutput {
 public:
  static Result<EventOutput> open(const std::string& path) {
    if (path.empty()) return EventOutput(nullptr);
    if (path == "-") return EventOutput(stdout);
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): EventOutput closes it
    std::FILE* const file = std::fopen(path.c_str(), "we");
    if (file == nullptr) return fail(Errc::io, "{}: cannot be written", path);
    return EventOutput(file);
  }

  Result<> write(const event::Event& event) const {
    if (file_ == nullptr) return {};
    const std::string line = to_json(event) + "\n";
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size())
      return fail(Errc::io, "the events cannot be written");
    return {};
  }

  Result<> finish() const {
    if (file_ != nullptr && std::fflush(file_.get()) != 0)
      return fail(Errc::io, "the events cannot be written");
    return {};
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const {
      // NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
      if (file != stdout) static_cast<void>(std::fclose(file));
    }
  };
  explicit EventOutput(std::FILE* file) : file_(file) {}

  std::unique_ptr<std::FILE, Close> file_;
};

/// These and no others; modes of patches hold for their rules wherever they stand.
void use_rules(const std::vector<std::string>& files, engine::ShieldSettings& settings) {
  settings.rule_files = files;
  if (settings.patches.found)
    for (engine::PatchRules& patch : settings.patches.found->patches) patch.rule_files.clear();
}

Result<engine::ShieldSettings> settings_of(const Options& options) {
  BANSOKO_TRY(engine::ShieldSettings settings, settings_from(options.config, patches::library_for_engine));
  if (!options.mode.empty())
    settings.mode = options.mode == "enforce" ? engine::Mode::enforce : engine::Mode::observe;
  if (!options.evidence.empty()) {
    settings.evidence.payload = engine::Payload::packets;
    settings.evidence.directory = options.evidence;
  }
  // Without a settings file the default folder of rules is another installation's business.
  if (!options.rules.empty())
    use_rules(options.rules, settings);
  else if (options.config.empty())
    return fail(Errc::invalid,
                "no rules: name some with --rules FILE, or a settings file with --config FILE");
  return settings;
}

Result<> run(const Options& options) {
  BANSOKO_TRY(const engine::ShieldSettings settings, settings_of(options));
  engine::Loader loader(keyword::all_keywords(), proto::all_protocols(), settings.inspection.max_flowbits);
  use_pattern_cache(loader, settings, options.config);
  BANSOKO_TRY(const engine::LoadedRules loaded, loader.load(settings));
  for (const std::string& fault : loaded.cache_faults) fmt::print(stderr, "{}\n", fault);
  for (const rule::Diagnostic& diagnostic : loaded.diagnostics)
    fmt::print(stderr, "{}\n", to_text(diagnostic));
  if (loaded.rules == 0) return fail(Errc::invalid, "no rule is left to replay with");
  BANSOKO_TRY(const EventOutput events, EventOutput::open(options.events));
  std::optional<ProgressBar> bar;
  if (options.progress || ::isatty(STDERR_FILENO) == 1) bar.emplace(options.captures);
  engine::ReplayOrder order{.settings = settings,
                            .rules = loaded.set,
                            .captures = options.captures,
                            .on_event = [&events](const event::Event& event) { return events.write(event); },
                            .on_progress = {}};
  if (bar) order.on_progress = [&bar](const engine::ReplayProgress& at) { bar->show(at); };
  const auto summary = replay(order, proto::all_protocols());
  if (bar) bar->finish();
  if (!summary) return tl::unexpected<Error>(summary.error());
  BANSOKO_CHECK(events.finish());
  // Events on standard output are for a program to read: the summary steps aside.
  const bool aside = options.events == "-";
  const std::string text = options.summary == "json" ? to_json(*summary) + "\n" : to_table(*summary);
  std::fputs(text.c_str(), aside ? stderr : stdout);
  if (summary->evidence_lost != 0)
    fmt::print(stderr, "{} packets of evidence were not written: {}\n", summary->evidence_lost,
               printable(summary->evidence_failure));
  for (const std::string& failure : summary->failures) fmt::print(stderr, "{}\n", failure);
  if (const auto failed = summary->failures.size(); failed > 0)
    return fail(Errc::io, "{} of {} captures could not be read to the end", failed, options.captures.size());
  return {};
}

}  // namespace

void add_replay_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "replay",
      "Lead captures through the shield, offline. Exit code 0: replayed, whatever was found; 1: it failed");
  const auto options = std::make_shared<Options>();
  command->add_option("--rules", options->rules, "a rule file or pattern; may be given again");
  command->add_option("--config", options->config,
                      "settings (its rule files are used if --rules names none)");
  command->add_option("--mode", options->mode, "observe or enforce")
      ->check(CLI::IsMember({"observe", "enforce"}));
  command->add_option("--events", options->events, "where events go as JSON lines; - is standard output");
  command->add_option("--evidence", options->evidence,
                      "a folder for the packets that rules matched, one pcapng file for each flow");
  command->add_option("--summary", options->summary, "table or json")
      ->check(CLI::IsMember({"table", "json"}));
  command->add_flag("--progress", options->progress, "show progress even if standard error is no terminal");
  command->add_option("CAPTURE", options->captures, "pcap or pcapng, may be gzip; - is standard input")
      ->required();
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
