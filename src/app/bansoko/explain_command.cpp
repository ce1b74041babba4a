// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/evidence_dump.h"
#include "app/bansoko/explanation.h"
#include "app/bansoko/output.h"
#include "app/bansoko/settings_file.h"
#include "event/spool.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string id, events, config, directory, evidence;
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
Result<> show_evidence(const Options& options, const event::Event& event) {
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
  print(fmt::format("{:<12}{}\n", "evidence", printable(path)));
  const auto dump = dump_packet(path, event.time);
  print(dump ? *dump : fmt::format("{:<12}it cannot be shown: {}\n", "", printable(dump.error().message)));
  return {};
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
  print(explain(*search.event, search.flow_end));
  return show_evidence(options, *search.event);
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
  command->add_flag("--json", options->json, "the event as it stands");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
