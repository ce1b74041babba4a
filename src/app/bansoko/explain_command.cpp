// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/evidence_dump.h"
#include "app/bansoko/output.h"
#include "app/bansoko/patch_view.h"
#include "app/bansoko/patches_commands.h"
#include "app/bansoko/settings_file.h"
#include "base/content_folder.h"
#include "base/printable.h"
#include "event/spool.h"
#include "explain/explanation.h"
#include "explain/facts.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string id, events, config, directory, evidence, lang;
  ContentOption content;
  bool json = false;
};

/// The event asked for, and what its flow's end was told with.
struct Search {
  std::string id;
  std::optional<event::Event> event;
  std::optional<event::Event> flow_end;

  void look_at(const std::string& line) {
    // Most lines are not about it: only those that could be are read as JSON.
    const bool may_be_it = line.find(id) != std::string::npos;
    if (!may_be_it && !event) return;
    auto read = event::from_json(line);
    if (!read) return;
    if (read->id == id)
      event = std::move(*read);
    else if (event && read->type == "engine" && event->flow_id != 0 && read->flow_id == event->flow_id)
      flow_end = std::move(*read);
  }
};

Result<> search_file(const std::string& path, Search& search) {
  std::ifstream file(path);
  if (!file) return fail(Errc::not_found, "{}: cannot be opened", path);
  for (std::string line; std::getline(file, line);) search.look_at(line);
  return {};
}

Result<> search_spool(const std::string& directory, Search& search) {
  BANSOKO_TRY(event::SpoolReader reader, event::SpoolReader::open(directory, "shield", 0));
  while (true) {
    BANSOKO_TRY(const auto record, reader.next());
    if (!record) return {};
    search.look_at(record->line);
  }
}

/// Where the packets are, and the one that the event is about. That they are gone or not for us to read is no
/// failure.
Result<> show_evidence(const Options& options, const event::Event& event, const explain::Voice& voice) {
  const std::string& name = event.evidence;
  if (name.empty()) return {};
  std::string directory = options.evidence;
  if (directory.empty()) {
    BANSOKO_TRY(const engine::ShieldSettings settings, settings_in_force(options.config));
    directory = settings.evidence.directory;
  }
  if (name.find('/') != std::string::npos)
    return fail(Errc::invalid, "'{}' is no name of evidence", printable(name));
  const std::string path = directory + "/" + name;
  print(explain::line(voice.say(explain::Text::label_evidence), printable(path), voice.lang()));
  const auto dump = dump_packet(path, event.time);
  print(dump ? *dump
             : explain::line(
                   "", voice.say(explain::Text::fact_not_shown, {{"why", printable(dump.error().message)}}),
                   voice.lang()));
  return {};
}

patches::Lang language_of(const Options& options) {
  if (!options.lang.empty()) return lang_of(options.lang);
  return explain::lang_of_environment(std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"), std::getenv("LANG"));
}

/// The library named must be sound. Without the one that is installed rules speak for themselves.
Result<patches::Library> library_for(const Options& options) {
  if (!options.content.content.empty()) return sound_library(options.content);
  patches::Faults unheeded;
  return patches::read_library(content_folder(), unheeded);
}

Result<> run(const Options& options) {
  Search search{.id = options.id, .event = {}, .flow_end = {}};
  if (!options.events.empty()) {
    BANSOKO_CHECK(search_file(options.events, search));
  } else {
    std::string directory = options.directory;
    if (directory.empty()) {
      BANSOKO_TRY(const engine::ShieldSettings settings, settings_in_force(options.config));
      directory = settings.spool.directory;
    }
    BANSOKO_CHECK(search_spool(directory, search));
  }
  if (!search.event) return fail(Errc::not_found, "there is no event '{}'", options.id);
  if (options.json) {
    print(to_json(*search.event) + "\n");
    return {};
  }
  BANSOKO_TRY(const explain::Catalogue catalogue, explain::Catalogue::read(explain::shipped_messages()));
  BANSOKO_TRY(const patches::Library library, library_for(options));
  const explain::Voice voice(catalogue, language_of(options));
  print(explain::explain(*search.event, search.flow_end, library, voice));
  return show_evidence(options, *search.event, voice);
}

}  // namespace

void add_explain_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "explain", "Tell what an event was about: packet, field, value, rule, and what became of the flow");
  const auto options = std::make_shared<Options>();
  command->add_option("EVENT-ID", options->id, "as events state it, such as 20261122-024700-1f3a-17")
      ->required();
  command->add_option("--events", options->events, "a file of JSON lines, instead of the spool");
  command->add_option("--spool", options->directory, "the spool's folder, instead of the settings'");
  command->add_option("--evidence", options->evidence, "the folder of evidence, instead of the settings'");
  command->add_option("--config", options->config, fmt::format("settings, by default {}", kSettingsFile));
  add_content_option(*command, options->content);
  command->add_option("--lang", options->lang, "en or ja; by default as LC_MESSAGES or LANG say")
      ->check(CLI::IsMember({"en", "ja"}));
  command->add_flag("--json", options->json, "the event as it stands");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
