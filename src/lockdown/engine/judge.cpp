// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/judge.h"

#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "lockdown/engine/judge_question.h"
#include "lockdown/identity/open_file.h"
#include "lockdown/process/process.h"

namespace bansoko::lockdown {
namespace {

using identity::FileKind;
using identity::FileState;
using identity::kind_of_file;
using identity::Language;
using identity::path_of;
using policy::Identified;

/// Who can read code from such a file, if anybody: never an ordinary program.
bool may_be_code(FileKind kind, std::string_view path) noexcept {
  return kind == FileKind::script || kind == FileKind::bytecode || kind == FileKind::object ||
         identity::language_of_code(path) != Language::none;
}

Identified identified_after(const Error& error) noexcept {
  if (error.code == Errc::limit) return Identified::too_large;
  return error.code == Errc::invalid ? Identified::being_written : Identified::failed;
}

Judged allowed() { return {}; }

}  // namespace

std::optional<Judged> Judge::judge(const guard::Held& held, const Policy& policy, Depth depth,
                                   const std::stop_token& stop) {
  const auto state = identity::state_of(held.file());
  if (!state || !is_regular(*state)) return allowed();
  Question question{.held = held, .policy = policy, .depth = depth, .stop = stop, .state = *state};
  if (updates_.is_under_way()) note_write(question);
  if (state->size == 0) return allowed();
  question.executes =
      held.asked() == guard::Asked::execute ||
      (!means_.tells_executes && process::intent_of(held.process()) == process::Intent::execute);
  question.known = files_.find(state->key);
  question.kind = question.known ? question.known->kind : kind_of_file(held.file());
  if (!question.executes && !identity::is_native(question.kind)) {
    const std::string path = path_of(held.file());
    if (is_ordinary(question, path)) {
      if (!may_be_code(question.kind, path)) keep_data(question);
      return allowed();
    }
  }
  if (process::is_ours(held.process())) return allowed();
  const bool has_digest = question.known && question.known->digest;
  if (!has_digest && depth == Depth::quick) return std::nullopt;
  return judge_code(question);
}

bool Judge::is_ordinary(const Question& question, std::string_view path) const {
  if (!may_be_code(question.kind, path)) return true;
  const auto program = process::program_of(question.held.process());
  const Language opener = program ? programs_.find(*program).language : Language::none;
  return !identity::is_code_for(opener, question.kind, path);
}

/// A file that is opened again and again is kept, if nobody has it open for writing.
void Judge::keep_data(const Question& question) {
  if (question.known || updates_.is_theirs(question.state.key)) return;
  const std::uint64_t mark = identity::FileKeyHash()(question.state.key) | 1U;
  auto& sight = sights_.at(mark / 2 % kSights);
  if (sight.exchange(mark, std::memory_order_relaxed) != mark) return;
  UniqueFd file(::fcntl(question.held.file(), F_DUPFD_CLOEXEC, 0));
  if (!file.valid() || files_.lease(file.get()) != Leased::yes) return;
  // What was read of it before the lease may be no longer so.
  const FileKind kind = kind_of_file(file.get());
  if (kind != question.kind) return files_.abandon(file.get());
  files_.know(std::move(file), question.state.key, {.kind = kind}, guard::Kept::opens);
}

/// A file that is empty when an updater opens it is theirs, also when it cannot be seen what for: whoever
/// else writes to it shows himself here, and ends that.
void Judge::note_write(const Question& question) {
  const auto& key = question.state.key;
  if (question.held.asked() == guard::Asked::execute) return;
  if (question.state.size != 0 && !updates_.is_theirs(key)) return;
  const auto intent = process::intent_of(question.held.process());
  if (intent == process::Intent::read || intent == process::Intent::execute) return;
  // What an update has brought is opened by its handle when it is registered.
  if (process::is_ours(question.held.process())) return;
  if (!updates_.belongs(question.held.process()))
    updates_.distrust(key);
  else if (question.state.size == 0)
    updates_.wrote(question.held.file(), key, path_of(question.held.file()));
}

/// Reads it, under a lease where there can be one.
void Judge::identify(Question& question, int file, const FileState& state, Content& content,
                     policy::Facts& facts) const {
  if (state.size > question.policy.digest_size) {
    facts.identified = Identified::too_large;
    return;
  }
  UniqueFd own(::fcntl(file, F_DUPFD_CLOEXEC, 0));
  const Leased leased = own.valid() ? files_.lease(own.get()) : Leased::unsupported;
  if (leased == Leased::has_writer) {
    facts.identified = Identified::being_written;
    return;
  }
  content.kind = kind_of_file(file);
  const auto digest = identity::digest_of(file, question.stop);
  if (!digest) {
    facts.identified = identified_after(digest.error());
    if (leased == Leased::yes) files_.abandon(own.get());
    return;
  }
  content.digest = *digest;
  const bool certain = leased == Leased::yes ? files_.know(std::move(own), state.key, content, std::nullopt)
                                             : identity::state_of(file).value_or(FileState()) == state;
  if (!certain) facts.identified = Identified::being_written;
}

}  // namespace bansoko::lockdown
