// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/counter.h"
#include "base/published.h"
#include "lockdown/approved/list.h"
#include "lockdown/engine/known_files.h"
#include "lockdown/engine/programs.h"
#include "lockdown/engine/updates.h"
#include "lockdown/guard/guard.h"
#include "lockdown/identity/file_kind.h"
#include "lockdown/policy/decide.h"
#include "lockdown/process/process.h"

namespace bansoko::lockdown {

/// What is in force: immutable, replaced as a whole.
struct Policy {
  std::uint64_t number = 0;  // raised with every change
  policy::Mode mode = policy::Mode::observe;
  std::shared_ptr<const approved::List> list = {};  // never null once in force
  std::vector<policy::Rule> rules = {};
  policy::OnFault on_fault = {};
  std::uint64_t digest_size = 0;  // bytes: a larger file is not read
  bool window = false;
};

/// What was decided about one open or execute, and all that is told of it.
struct Judged {
  policy::Decision decision{policy::Answer::allow, policy::Reason::not_code};
  bool is_told = false;
  policy::Use use = policy::Use::load;
  identity::FileKind kind = identity::FileKind::data;
  std::string path;     // as the kernel names it for us
  std::string program;  // of the process
  std::string package, rule;
  std::optional<identity::Sha256> digest;
  std::uint32_t user = 0;
  pid_t process = 0;
};

/// May files be read and opened now? The thread that takes what the kernel holds must do neither: it would
/// wait for itself.
enum class Depth : std::uint8_t { quick, full };

/// Gathers what the policy must know of a held open or execute, and asks the policy. From any thread.
class Judge {
 public:
  /// All must outlive it.
  Judge(KnownFiles& files, Programs& programs, Updates& updates, const guard::Means& means) noexcept
      : files_(files), programs_(programs), updates_(updates), means_(means) {}

  /// Nothing: it takes more than Depth::quick. What the kernel may keep is kept. `stop`: the time to read
  /// files is over.
  std::optional<Judged> judge(const guard::Held& held, const Policy& policy, Depth depth,
                              const std::stop_token& stop = {});

 private:
  struct Question;
  bool is_ordinary(const Question& question, std::string_view path) const;
  void keep_data(const Question& question);
  void note_write(const Question& question);
  void identify(Question& question, int file, const identity::FileState& state, Content& content,
                policy::Facts& facts) const;
  /// And what language the list says the file is a program of.
  struct Concluded {
    Judged judged;
    identity::Language language = identity::Language::none;
  };
  Concluded conclude(const Question& question, const identity::FileState& state, const std::string& path,
                     const Content& content, policy::Facts facts) const;
  void gather_trust(const Question& question, const identity::FileKey& key, policy::Facts& facts) const;
  std::optional<Judged> judge_code(Question& question);
  void begin_update(pid_t process, const std::string& program);
  std::optional<Judged> judge_arguments(Question& question, identity::Language language);
  std::optional<Judged> judge_loaded(Question& question, identity::Language language);
  std::optional<Judged> judge_strings(Question& question, const process::ExecStrings& strings,
                                      identity::Language language);
  std::optional<Judged> judge_named(Question& question, const std::string& path);
  Judged judge_unread(const Question& question) const;

  KnownFiles& files_;
  Programs& programs_;
  Updates& updates_;
  guard::Means means_;
  static constexpr std::size_t kSights = 8192;
  std::array<std::atomic<std::uint64_t>, kSights> sights_{};  // of ordinary files: which, and how often
};

}  // namespace bansoko::lockdown
