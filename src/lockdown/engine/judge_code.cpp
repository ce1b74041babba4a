// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/unique_fd.h"
#include "lockdown/engine/judge_question.h"
#include "lockdown/identity/arguments.h"
#include "lockdown/identity/environment.h"
#include "lockdown/identity/open_file.h"
#include "lockdown/process/process.h"

namespace bansoko::lockdown {
namespace {

using identity::FileState;
using identity::Language;
using identity::path_of;
using policy::Answer;
using policy::Reason;
using policy::Use;

/// Does a rule ask for more than the file, so that the kernel cannot keep an answer for all?
bool depends_on_process(const Policy& policy, const policy::RuleFacts& file) {
  return std::ranges::any_of(policy.rules, [&](const policy::Rule& rule) {
    if (!rule.user && rule.parent.empty()) return false;
    policy::Rule of_file = rule;
    of_file.user = {};
    of_file.parent.clear();
    return policy::first_that_speaks(std::span(&of_file, 1), file) != nullptr;
  });
}

std::optional<approved::Entry> entry_of(const Policy& policy, const std::optional<identity::Sha256>& digest) {
  if (!digest) return std::nullopt;
  const approved::List& list = *policy.list;
  const std::size_t first = list.find(*digest);
  if (first == approved::List::npos) return std::nullopt;
  approved::Entry entry = list.at(first);
  // An interpreter is one under every name.
  for (std::size_t i = first + 1; i < list.size() && entry.language == Language::none; ++i) {
    const approved::Entry same = list.at(i);
    if (same.digest != *digest) break;
    entry.language = same.language;
  }
  return entry;
}

policy::Listed listed(const Policy& policy, bool has_entry, const std::string& path) {
  if (has_entry) return policy::Listed::content;
  return policy.list->find_path(path) == approved::List::npos ? policy::Listed::no
                                                              : policy::Listed::path_only;
}

policy::RuleFacts rule_facts(const Judged& judged) {
  return {.path = judged.path,
          .digest = judged.digest ? &*judged.digest : nullptr,
          .package = judged.package,
          .user = judged.user,
          .parent = judged.program};
}

/// Who it is about, for rules and for the event.
void describe(pid_t process, Judged& judged) {
  judged.program = process::program_path(process);
  const auto ids = process::ids_of(process);
  judged.user = ids ? ids->real_user : 0;
  judged.process = ids ? ids->process : process;
}

/// A rule of the operator, and what it is called.
void ask_rules(const Policy& policy, Judged& judged, policy::Facts& facts) {
  const policy::Rule* const rule = policy::first_that_speaks(policy.rules, rule_facts(judged));
  if (rule == nullptr) return;
  facts.operator_rule = rule->answer;
  judged.rule = rule->name;
}

/// May the kernel answer by itself from now on, about a file that is allowed for what it holds? Interpreters
/// are seen each time, since what they are given differs: also when they are opened, which is how a loader
/// that was started by hand runs them.
bool can_be_kept(const Judged& judged, const Traits& traits, const Policy& policy) {
  const Reason reason = judged.decision.reason;
  if (reason != Reason::approved && reason != Reason::core) return false;
  if (traits.is_updater || (traits.language != Language::none && traits.language != Language::loader))
    return false;
  return !depends_on_process(policy, rule_facts(judged));
}

/// What the arguments and the environment name as code.
identity::CodeArguments code_of(const process::ExecStrings& strings, Language language,
                                const std::string& program) {
  const std::vector<std::string_view> arguments(strings.arguments.begin(), strings.arguments.end());
  const std::vector<std::string_view> environment(strings.environment.begin(), strings.environment.end());
  auto code = identity::code_arguments(language, arguments, program);
  auto also = identity::code_environment(language, environment);
  std::ranges::move(also.files, std::back_inserter(code.files));
  code.from_input |= also.from_input;
  code.truncated |= also.truncated || strings.truncated;
  return code;
}

}  // namespace

/// What speaks for a file that its content does not speak for. Asked only then, since it takes time.
void Judge::gather_trust(const Question& question, const identity::FileKey& key, policy::Facts& facts) const {
  const pid_t process = question.held.process();
  facts.for_writing = process::intent_of(process) == process::Intent::write;
  facts.in_window = question.policy.window;
  if (updates_.is_under_way()) {
    facts.from_updater = updates_.is_theirs(key);
    facts.by_updater = facts.use == Use::load && updates_.belongs(process);
  }
  const auto program = process::program_of(process);
  if (facts.use != Use::load || !program || !programs_.find(*program).is_reader) return;
  const auto environment = process::environment_of(process);
  facts.by_reader = environment && !process::brings_code(*environment);
}

/// The policy's word on a file whose content is known, or cannot be.
Judge::Concluded Judge::conclude(const Question& question, const FileState& state, const std::string& path,
                                 const Content& content, policy::Facts facts) const {
  Judged judged;
  judged.use = facts.use;
  judged.kind = content.kind;
  judged.digest = content.digest;
  judged.path = path;
  const auto entry = entry_of(question.policy, content.digest);
  if (entry) judged.package = entry->package;
  facts.is_core = programs_.find(state).is_core;
  facts.listed = listed(question.policy, entry.has_value(), path);
  if (!question.policy.rules.empty()) {
    describe(question.held.process(), judged);
    ask_rules(question.policy, judged, facts);
  }
  judged.decision = decide(facts, question.policy.on_fault);
  if (judged.decision.answer == Answer::deny) {
    gather_trust(question, state.key, facts);
    judged.decision = decide(facts, question.policy.on_fault);
  }
  judged.is_told = judged.decision.answer == Answer::deny || judged.decision.reason == Reason::window;
  if (judged.is_told) describe(question.held.process(), judged);
  return {std::move(judged), entry ? entry->language : Language::none};
}

std::optional<Judged> Judge::judge_code(Question& question) {
  Content content = question.known.value_or(Content{});
  policy::Facts facts;
  if (!question.executes) facts.use = identity::is_native(question.kind) ? Use::load : Use::interpret;
  if (!content.digest) identify(question, question.held.file(), question.state, content, facts);
  Concluded concluded = conclude(question, question.state, path_of(question.held.file()), content, facts);
  Judged& judged = concluded.judged;
  Traits traits = programs_.find(question.state);
  if (concluded.language != Language::none || question.executes) {
    traits.language = concluded.language != Language::none ? concluded.language
                                                           : identity::language_of_program(judged.path);
    programs_.note(question.state, traits.language);
  }
  if (judged.decision.answer == Answer::allow) {
    if (question.executes && traits.is_updater) begin_update(question.held.process(), judged.path);
    auto by_arguments = question.executes ? judge_arguments(question, traits.language)
                                          : judge_loaded(question, traits.language);
    if (!by_arguments || by_arguments->decision.answer == Answer::deny) return by_arguments;
  }
  if (can_be_kept(judged, traits, question.policy))
    files_.keep(question.state.key, guard::Kept::opens_and_executes);
  return std::move(judged);
}

void Judge::begin_update(pid_t process, const std::string& program) {
  const auto ids = process::ids_of(process);
  if (ids && ids->effective_user == 0) updates_.begin(ids->process, program);
}

/// The files that an interpreter is given to run. Allowed: there are none, or each is. Nothing: they must be
/// read first.
std::optional<Judged> Judge::judge_arguments(Question& question, Language language) {
  if (language == Language::none) return Judged{};
  const pid_t process = question.held.process();
  const auto strings = process::exec_strings(process);
  if (!strings.known) return Judged{};
  // A script that is executed itself: the arguments are its own, and it has been judged.
  struct stat named {};
  if (!strings.file.empty() && ::stat(process::path_for_us(process, strings.file).c_str(), &named) == 0 &&
      identity::state_of(named).key != question.state.key)
    return Judged{};
  return judge_strings(question, strings, language);
}

/// An interpreter that is opened by a loader which was started by hand: it is about to run, with the loader's
/// arguments.
std::optional<Judged> Judge::judge_loaded(Question& question, Language language) {
  if (language == Language::none || language == Language::loader) return Judged{};
  const pid_t process = question.held.process();
  const auto opener = process::program_of(process);
  if (!opener || programs_.find(*opener).language != Language::loader) return Judged{};
  auto arguments = process::arguments_of(process);
  auto environment = process::environment_of(process);
  if (!arguments || !environment) return judge_unread(question);
  const process::ExecStrings strings{
      .arguments = std::move(*arguments), .environment = std::move(*environment), .known = true};
  return judge_strings(question, strings, Language::loader);
}

/// All files that they name as code.
std::optional<Judged> Judge::judge_strings(Question& question, const process::ExecStrings& strings,
                                           Language language) {
  const pid_t process = question.held.process();
  const std::string program = language == Language::loader ? "" : path_of(question.held.file());
  identity::CodeArguments code = code_of(strings, language, program);
  for (auto& file : code.files) file = process::path_for_us(process, file);
  if (code.from_input) code.files.push_back(process::input_of(process));
  for (const std::string& file : code.files) {
    auto judged = judge_named(question, file);
    if (!judged || judged->decision.answer == Answer::deny) return judged;
  }
  return code.truncated ? judge_unread(question) : Judged{};
}

/// There is more than is looked at.
Judged Judge::judge_unread(const Question& question) const {
  Judged judged;
  judged.use = Use::interpret;
  judged.path = path_of(question.held.file());
  judged.decision =
      decide({.use = Use::interpret, .identified = policy::Identified::too_large}, question.policy.on_fault);
  judged.is_told = true;
  describe(question.held.process(), judged);
  return judged;
}

std::optional<Judged> Judge::judge_named(Question& question, const std::string& path) {
  struct stat status {};
  // What is not there, a folder, a pipe or a terminal brings no file of its own.
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) return Judged{};
  const FileState state = identity::state_of(status);
  const auto known = files_.find(state.key);
  if (known && known->digest) return conclude(question, state, path, *known, {.use = Use::interpret}).judged;
  if (question.depth == Depth::quick) return std::nullopt;
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  policy::Facts facts{.use = Use::interpret};
  if (!file.valid()) {
    facts.identified = policy::Identified::failed;
    return conclude(question, state, path, {}, facts).judged;
  }
  Content content;
  const FileState opened = identity::state_of(file.get()).value_or(state);
  identify(question, file.get(), opened, content, facts);
  return conclude(question, opened, path_of(file.get()), content, facts).judged;
}

}  // namespace bansoko::lockdown
