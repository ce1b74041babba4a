// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_file.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/printable.h"
#include "lockdown/engine/programs.h"
#include "lockdown/policy/decide.h"
#include "lockdown/policy/rules_file.h"
#include "lockdown/state/state.h"

namespace bansoko::app {
namespace {

using nlohmann::ordered_json;

constexpr int kDenied = 2;
constexpr std::array<std::string_view, 3> kUses{"execute", "load", "interpret"};  // as policy::Use

struct Options {
  std::string config, file, use, user = "root", parent, form = "text";
};

/// Everything the answer comes from.
struct Why {
  IdentifiedFile file;
  std::shared_ptr<const approved::List> list;
  std::optional<approved::Entry> entry;  // with this content, or else with this path
  std::string rule;
  policy::Facts facts;
  policy::Decision decision;
  policy::Mode mode = policy::Mode::observe;
  std::string mode_because;
};

bool is_code(const IdentifiedFile& file) {
  using identity::FileKind;
  return file.kind != FileKind::empty &&
         (file.kind != FileKind::data || identity::language_of_code(file.path) != identity::Language::none);
}

/// What the operator asked about; or else what such a file is for.
policy::Use use_of(const Options& options, const IdentifiedFile& file) {
  for (std::size_t i = 0; i < kUses.size(); ++i)
    if (kUses.at(i) == options.use) return static_cast<policy::Use>(i);
  if (is_native(file.kind)) return policy::Use::execute;
  if (file.kind == identity::FileKind::object) return policy::Use::load;
  return policy::Use::interpret;
}

/// What cannot be denied: as the engine finds it at its start.
bool is_core(const lockdown::LockdownSettings& settings, const IdentifiedFile& file) {
  return std::ranges::any_of(lockdown::core_files(settings.rescue_shell), [&](const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && identity::state_of(status).key == file.state.key;
  });
}

void look_up(Why& why) {
  const approved::List& list = *why.list;
  if (const std::size_t at = list.find(why.file.digest); at != approved::List::npos) {
    why.facts.listed = policy::Listed::content;
    why.entry = list.at(at);
  } else if (const std::size_t path = list.find_path(why.file.path); path != approved::List::npos) {
    why.facts.listed = policy::Listed::path_only;
    why.entry = list.at(path);
  }
}

Result<> ask_rules(const lockdown::LockdownSettings& settings, const Options& options, Why& why) {
  settings::Faults faults;
  BANSOKO_TRY(const auto rules, policy::load_rules(settings.rules_file, faults));
  std::uint32_t user = 0;
  if (const auto found = policy::user_of_system(options.user))
    user = *found;
  else if (std::from_chars(options.user.data(), options.user.data() + options.user.size(), user).ec !=
           std::errc())
    return fail(Errc::invalid, "no user is called '{}'", options.user);
  const policy::Rule* const rule =
      first_that_speaks(rules, {.path = why.file.path,
                                .digest = &why.file.digest,
                                .package = why.entry ? why.entry->package : std::string_view(),
                                .user = user,
                                .parent = options.parent});
  if (rule == nullptr) return {};
  why.facts.operator_rule = rule->answer;
  why.rule = rule->name;
  return {};
}

/// A state that cannot be read counts as none, as for the engine.
Result<> look_at_state(const lockdown::LockdownSettings& settings, Why& why) {
  const std::int64_t now = now_in_seconds();
  const auto window = state::read_window(settings.state_folder);
  if (!window) complain(window.error());
  why.facts.in_window = window && *window && is_open(**window, now);
  why.mode = settings.mode;
  why.mode_because = "as the settings say";
  const auto glass = state::read_break_glass(settings.state_folder);
  if (!glass) complain(glass.error());
  if (glass && *glass && is_open(**glass, now)) {
    why.mode = policy::Mode::observe;
    why.mode_because = "break-glass until " + time_text((*glass)->until);
  }
  return {};
}

std::string_view name_of(policy::Answer answer) noexcept {
  return answer == policy::Answer::allow ? "allow" : "deny";
}

std::string_view listed_text(policy::Listed listed) noexcept {
  if (listed == policy::Listed::content) return "this content is on it";
  return listed == policy::Listed::path_only ? "this path is on it, with another content" : "not on it";
}

std::string text_of(const Why& why) {
  const auto line = [](std::string_view name, std::string_view value) {
    return fmt::format("{:<10}{}\n", name, value);
  };
  std::string text = line("file", printable(why.file.path));
  text += line("digest", identity::to_text(why.file.digest));
  text += line("kind", identity::name_of(why.file.kind));
  if (!is_code(why.file)) text += line("", "no code by itself: judged only when an interpreter is to run it");
  text += line("use", kUses.at(static_cast<std::size_t>(why.facts.use)));
  text += line("list",
               fmt::format("generation {}: {}", why.list->head().generation, listed_text(why.facts.listed)));
  if (why.entry) text += line("", line_of(*why.entry));
  text += line("rule", why.rule.empty()
                           ? "none speaks"
                           : fmt::format("{}: {}", printable(why.rule), name_of(*why.facts.operator_rule)));
  text += line("core", why.facts.is_core ? "yes: it cannot be denied" : "no");
  text += line("window", why.facts.in_window ? "open" : "not open");
  text += line("decision", fmt::format("{}: {}", name_of(why.decision.answer), name_of(why.decision.reason)));
  text +=
      line("mode",
           fmt::format("{} ({}): it would {}", why.mode == policy::Mode::observe ? "observe" : "enforce",
                       why.mode_because,
                       answer_in(why.mode, why.decision) == policy::Answer::allow ? "start" : "not start"));
  return text;
}

std::string json_of(const Why& why) {
  ordered_json object{{"path", why.file.path},
                      {"sha256", identity::to_text(why.file.digest)},
                      {"kind", identity::name_of(why.file.kind)},
                      {"use", kUses.at(static_cast<std::size_t>(why.facts.use))},
                      {"generation", why.list->head().generation},
                      {"listed", why.facts.listed == policy::Listed::content     ? "content"
                                 : why.facts.listed == policy::Listed::path_only ? "path_only"
                                                                                 : "no"},
                      {"rule", why.rule},
                      {"core", why.facts.is_core},
                      {"window", why.facts.in_window},
                      {"answer", name_of(why.decision.answer)},
                      {"reason", name_of(why.decision.reason)},
                      {"mode", why.mode == policy::Mode::observe ? "observe" : "enforce"}};
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<int> run(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, approved::Store::open(settings.state_folder));
  Why why;
  // Where there is no list, everything is unknown: that is an answer, too.
  BANSOKO_TRY(why.list, list_or_empty(store));
  BANSOKO_TRY(why.file, identify(options.file));
  why.facts.use = use_of(options, why.file);
  if (why.file.state.size > settings.limits.digest_size) why.facts.identified = policy::Identified::too_large;
  look_up(why);
  why.facts.is_core = is_core(settings, why.file);
  BANSOKO_CHECK(ask_rules(settings, options, why));
  BANSOKO_CHECK(look_at_state(settings, why));
  why.decision = is_code(why.file) || !options.use.empty()
                     ? decide(why.facts, settings.on_fault)
                     : policy::Decision{policy::Answer::allow, policy::Reason::not_code};
  print(options.form == "json" ? json_of(why) : text_of(why));
  return why.decision.answer == policy::Answer::allow ? kOk : kDenied;
}

}  // namespace

void add_lockdown_why_command(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand(
      "why",
      "Would this file start? What the list, the rules and the state say. Exit code 0: allowed; 2: denied");
  const auto options = std::make_shared<Options>();
  add_config(*command, options->config);
  command->add_option("FILE", options->file, "what it is about")->required();
  command->add_option("--use", options->use, "execute, load or interpret; by default what such a file is for")
      ->check(CLI::IsMember({"execute", "load", "interpret"}));
  command->add_option("--user", options->user, "who starts it, by name or number, for the rules that ask")
      ->capture_default_str();
  command->add_option("--parent", options->parent, "the program that starts it, for the rules that ask");
  command->add_option("--format", options->form, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  run_as(*command, exit_code, [options] { return run(*options); });
}

}  // namespace bansoko::app
