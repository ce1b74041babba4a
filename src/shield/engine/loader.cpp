// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/loader.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "base/file.h"
#include "base/free_memory.h"
#include "shield/detect/rule_files.h"
#include "shield/engine/canary.h"
#include "shield/engine/kill_switch.h"
#include "shield/engine/our_hosts.h"
#include "shield/engine/rule_reader.h"
#include "shield/keyword/aliases.h"
#include "shield/pattern/machine_code_queue.h"

namespace bansoko::engine {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLargestFile = 256U << 20U;
constexpr std::size_t kLargestDataFile = 64U << 20U;
constexpr auto kJustNow = 250ms;  // for so long after its last change a file may be half written
constexpr auto kLookAgain = 25ms;
constexpr int kLooks = 80;  // two seconds: whoever writes for longer is not writing rules

/// Faults of our own text would be ours, and would keep any set from being used.
Result<> add_built_in(detect::RuleSetCompiler& compiler, std::string_view text, std::string_view name,
                      const rule::Variables& variables) {
  rule::Diagnostics faults;
  const auto rules = rule::parse_rules(text, name, variables, faults);
  if (!faults.empty()) return fail(Errc::invalid, "built-in rules: {}", to_text(faults.front()));
  for (const rule::RuleText& rule : rules) compiler.add(rule);
  return {};
}

/// What is compiled, whoever reads it.
struct RuleWork {
  const std::vector<std::string>& files;
  const rule::Variables& variables;
  const std::string& kill_switches;  // rules
  std::uint64_t generation;
};

/// The number that an option gives; 0: none.
std::uint32_t number_of(const rule::Option& option) noexcept {
  std::uint32_t number = 0;
  std::from_chars(option.value.data(), option.value.data() + option.value.size(), number);
  return number;
}

/// Whether a rule is refused for a number that tells our own rules from the operator's.
bool has_our_number(const rule::RuleText& text, rule::Diagnostics& diagnostics) {
  const auto is_ours = [](const rule::Option& option) {
    return (option.name == "sid" && number_of(option) == kCanarySid) ||
           (option.name == "gid" && number_of(option) == kInfectionGid);
  };
  const auto ours = std::ranges::find_if(text.options, is_ours);
  if (ours == text.options.end()) return false;
  const bool is_canary = ours->name == "sid";
  diagnostics.push_back(
      {.file = text.file,
       .line = ours->value_line,
       .column = ours->value_column,
       .severity = rule::Severity::error,
       .message = is_canary ? fmt::format("sid: {} is the canary's, by which rules are tried before they "
                                          "come into force",
                                          kCanarySid)
                            : fmt::format("gid: {} is that of kill-switch domains", kInfectionGid),
       .valid = is_canary ? fmt::format("a number from 1 to {}", kCanarySid - 1) : "another number"});
  return true;
}

/// What a rule names lies in the folder of its own file, or below: rules come from elsewhere, and have no
/// business in the rest of the host.
Result<std::string> read_beside(std::string_view name, std::string_view rule_file) {
  const std::filesystem::path path(name);
  const auto climbs = std::find(path.begin(), path.end(), "..") != path.end();
  if (path.is_absolute() || climbs)
    return fail(Errc::invalid, "'{}' is not in the folder of the rules that name it", name);
  return read_file((std::filesystem::path(rule_file).parent_path() / path).string(), kLargestDataFile);
}

bool changed_just_now(const std::string& file) {
  std::error_code failed;
  const auto changed = std::filesystem::last_write_time(file, failed);
  return !failed && std::filesystem::file_time_type::clock::now() - changed < kJustNow;
}

/// Text that ends within a line is read again while somebody may still be writing it: an engine that starts
/// anew at that moment must not do with a part of its rules, or none.
Result<std::string> read_rules(const std::string& file) {
  for (int looks = 1;; ++looks) {
    const bool may_grow = looks < kLooks && changed_just_now(file);
    BANSOKO_TRY(std::string text, read_file(file, kLargestFile));
    if (text.ends_with('\n') || !may_grow) return text;
    std::this_thread::sleep_for(kLookAgain);
  }
}

using CompiledSet = Result<std::shared_ptr<const detect::RuleSet>>;

CompiledSet finish(detect::RuleSetCompiler& compiler, const RuleWork& work) {
  BANSOKO_CHECK(add_built_in(compiler, canary_rule(), "canary", {}));
  BANSOKO_CHECK(add_built_in(compiler, work.kill_switches, "kill-switch", work.variables));
  return compiler.finish(work.generation);
}

/// Each rule is compiled as it is read: the texts of all together would be most of the memory.
CompiledSet compile_alone(const RuleWork& work, const detect::CompileSettings& settings,
                          rule::Diagnostics& diagnostics) {
  detect::RuleSetCompiler compiler(settings, diagnostics);
  for (const std::string& file : work.files) {
    BANSOKO_TRY(const std::string text, read_rules(file));
    rule::read_rules(text, file, work.variables, diagnostics, [&](const rule::RuleText& rule) {
      if (!has_our_number(rule, diagnostics)) compiler.add(rule);
    });
  }
  return finish(compiler, work);
}

/// Without it the thread that makes machine code would wait for more for ever.
struct ClosedAtEnd {
  explicit ClosedAtEnd(pattern::MachineCodeQueue& of) noexcept : queue(of) {}
  ClosedAtEnd(const ClosedAtEnd&) = delete;
  ClosedAtEnd& operator=(const ClosedAtEnd&) = delete;
  ~ClosedAtEnd() { queue.close(); }
  pattern::MachineCodeQueue& queue;
};

/// The same with a second thread, which reads ahead and then makes machine code of expressions, while this
/// one compiles the rules and sorts them into groups.
CompiledSet compile_by_two(const RuleWork& work, const detect::CompileSettings& given,
                           rule::Diagnostics& diagnostics) {
  pattern::MachineCodeQueue expressions;
  detect::CompileSettings settings = given;
  settings.expressions = &expressions;
  detect::RuleSetCompiler compiler(settings, diagnostics);
  std::optional<RuleReader> reader;
  try {
    reader.emplace(work.files, work.variables, read_rules, [&expressions] { expressions.work(); });
  } catch (const std::system_error&) {  // no further thread may be had
    return compile_alone(work, given, diagnostics);
  }
  const ClosedAtEnd closed(expressions);
  for (;;) {
    BANSOKO_TRY(const rule::RuleText* const rule, reader->next(diagnostics));
    if (rule == nullptr) break;
    if (!has_our_number(*rule, diagnostics)) compiler.add(*rule);
  }
  return finish(compiler, work);
}

/// Whether a second thread saves more than it costs, in time and in memory.
bool is_much(const std::vector<std::string>& files) {
  constexpr std::uintmax_t kMuch = std::uintmax_t{1} << 20U;
  if (std::thread::hardware_concurrency() < 2) return false;
  std::uintmax_t size = 0;
  for (const std::string& file : files) {
    std::error_code failed;
    const std::uintmax_t one = std::filesystem::file_size(file, failed);
    if (!failed) size += one;
  }
  return size >= kMuch;
}

Result<std::vector<std::string>> expand_all(const std::vector<std::string>& patterns) {
  std::vector<std::string> all;
  for (const std::string& pattern : patterns) {
    BANSOKO_TRY(const auto files, expand_glob(pattern));
    for (const std::string& file : files)
      if (std::find(all.begin(), all.end(), file) == all.end()) all.push_back(file);
  }
  return all;
}

/// The rule files of patches that are not off, and what was wrong with the library.
void add_patches(const PatchSettings& settings, LoadedRules& loaded) {
  if (!settings.found) return;
  const rule::Diagnostics& faults = settings.found->faults;
  loaded.diagnostics.insert(loaded.diagnostics.end(), faults.begin(), faults.end());
  for (const PatchRules& patch : settings.found->patches) {
    const PatchMode mode = mode_of(patch, settings);
    ++(mode == PatchMode::off       ? loaded.patches.off
       : mode == PatchMode::observe ? loaded.patches.observed
                                    : loaded.patches.enforced);
    if (mode == PatchMode::off) continue;
    for (const std::string& file : patch.rule_files)
      if (std::ranges::find(loaded.files, file) == loaded.files.end()) loaded.files.push_back(file);
  }
}

Result<> read_reputation(const ShieldSettings& settings, detect::Reputation& reputation) {
  const auto read = [](const std::string& file, auto take) -> Result<> {
    BANSOKO_TRY(const std::string text, read_file(file, kLargestDataFile));
    if (const auto taken = take(text); !taken)
      return fail(taken.error().code, "{}: {}", file, taken.error().message);
    return {};
  };
  if (!settings.reputation_categories.empty())
    BANSOKO_CHECK(read(settings.reputation_categories,
                       [&](const std::string& text) { return reputation.add_categories(text); }));
  BANSOKO_TRY(const auto files, expand_all(settings.reputation_files));
  for (const std::string& file : files)
    BANSOKO_CHECK(read(file, [&](const std::string& text) { return reputation.add_scores(text); }));
  return {};
}

/// Rules about the kill-switch domains that the settings name.
Result<std::string> read_kill_switches(const ShieldSettings& settings) {
  KillSwitches domains;
  std::vector<std::string> patterns = settings.infection.kill_switch_files;
  // The folder of the default need not be there.
  std::erase_if(patterns, [](const std::string& pattern) {
    std::error_code failed;
    return pattern.find('*') != std::string::npos &&
           !std::filesystem::exists(std::filesystem::path(pattern).parent_path(), failed);
  });
  BANSOKO_TRY(const auto files, expand_all(patterns));
  for (const std::string& file : files) {
    BANSOKO_TRY(const std::string text, read_file(file, settings::kMaxFileSize));
    BANSOKO_CHECK(add_kill_switches(text, file, domains));
  }
  return kill_switch_rules(domains, our_hosts_in_rules(settings));
}

}  // namespace

Loader::Loader(std::span<const detect::Keyword* const> keywords,
               std::span<const proto::Protocol* const> protocols, std::uint32_t max_flowbits)
    : keywords_(keywords), protocols_(protocols), flowbits_(max_flowbits) {}

Result<> Loader::use_cache(const pattern::DatabaseCache::Settings& settings) {
  if (settings.folder.empty()) return {};
  BANSOKO_TRY(cache_, pattern::DatabaseCache::open(settings));
  return {};
}

Result<LoadedRules> Loader::load(const ShieldSettings& settings) {
  LoadedRules loaded;
  loaded.may_be_empty = settings.rule_files.empty();
  rule::Classifications classes = rule::default_classifications();
  if (!settings.classification_file.empty()) {
    BANSOKO_TRY(const std::string text, read_file(settings.classification_file, kLargestFile));
    classes = rule::parse_classifications(text, settings.classification_file, loaded.diagnostics);
  }
  BANSOKO_TRY(loaded.files, expand_all(settings.rule_files));
  add_patches(settings.patches, loaded);
  BANSOKO_TRY(detect::HitPolicy hits, hit_policy_of(settings));
  detect::RuleFiles files(read_beside);
  BANSOKO_CHECK(read_reputation(settings, files.reputation()));
  if (!flow_numbers_) flow_numbers_.emplace(settings.inspection.max_flowints);
  if (!marks_) marks_.emplace(settings.inspection.max_xbits);
  const detect::CompileSettings compile{.keywords = keywords_,
                                        .protocols = protocols_,
                                        .aliases = keyword::all_aliases(),
                                        .classifications = &classes,
                                        .flowbits = &flowbits_,
                                        .flow_numbers = &*flow_numbers_,
                                        .marks = &*marks_,
                                        .files = &files,
                                        .transaction_marks = &transaction_marks_,
                                        .databases = cache_ ? &*cache_ : nullptr,
                                        .hits = std::make_shared<const detect::HitPolicy>(std::move(hits))};
  BANSOKO_TRY(const std::string kill_switches, read_kill_switches(settings));
  const RuleWork work{loaded.files, settings.variables, kill_switches, generation_ + 1};
  const auto by = is_much(loaded.files) ? compile_by_two : compile_alone;
  BANSOKO_TRY(loaded.set, by(work, compile, loaded.diagnostics));
  if (cache_) loaded.cache_faults = cache_->take_faults();
  const auto of_kill_switches = static_cast<std::size_t>(std::ranges::count(kill_switches, '\n'));
  loaded.rules = loaded.set->counts().rules - of_kill_switches - 1;  // without the canary
  // Compiling takes several times what the set keeps; the allocator would hold on to it.
  give_back_free_memory();
  return loaded;
}

}  // namespace bansoko::engine
