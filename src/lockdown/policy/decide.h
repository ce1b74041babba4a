// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lockdown/policy/rules.h"

namespace bansoko::policy {

enum class Mode : std::uint8_t { observe, enforce };
constexpr std::string_view name_of(Mode mode) noexcept {
  return mode == Mode::observe ? "observe" : "enforce";
}

/// Why an answer is what it is. The same word stands in events, in the status and in tests.
enum class Reason : std::uint8_t {
  core,      // loader, init, our own programs, the rescue shell
  approved,  // its content is on the list
  operator_allow,
  operator_deny,
  updater,          // written by a trusted updater that is at work, or opened by it
  window,           // a maintenance window is open
  reader,           // opened by a program that reads programs and runs none
  not_code,         // nothing that could run
  unknown_file,     // neither its content nor its path is on the list
  changed_file,     // its path is on the list, with another content
  interpreter_use,  // an interpreter was to run it, and its content is not on the list
  being_written,    // somebody has it open for writing, so its content is not certain
  limit,            // it is larger than may be read while somebody waits
  engine_error,     // it could not be identified
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::engine_error) + 1;
std::string_view name_of(Reason reason) noexcept;

/// How a file that might be code was about to be used.
enum class Use : std::uint8_t {
  execute,    // execve(2)
  load,       // opened: a library, a module, a program given to the loader
  interpret,  // opened by, or named to, an interpreter
};

/// What the approved list says of a file.
enum class Listed : std::uint8_t { no, content, path_only };

/// Could the file be identified?
enum class Identified : std::uint8_t { yes, being_written, too_large, failed };

/// All that the decision may depend on; gathered before, so that deciding is pure.
struct Facts {
  Use use = Use::execute;
  Identified identified = Identified::yes;
  Listed listed = Listed::no;
  std::optional<Answer> operator_rule = {};
  bool is_core = false;
  bool for_writing = false;   // it is opened for writing: neither the loader nor an interpreter reads code so
  bool by_updater = false;    // a trusted updater at work writes, or is, the one who opens it
  bool from_updater = false;  // written by one in a transaction that is not yet over
  bool by_reader = false;
  bool in_window = false;
};

struct Decision {
  Answer answer = Answer::deny;
  Reason reason = Reason::unknown_file;
  friend bool operator==(const Decision&, const Decision&) = default;
};

/// What to answer when a file cannot be identified; the operator's choice.
struct OnFault {
  Answer limit = Answer::deny;
  Answer error = Answer::deny;
};

/// What the policy says. The core cannot be locked out; then an operator's rule outranks trust.
Decision decide(const Facts& facts, const OnFault& on_fault = {}) noexcept;

/// What the kernel is told: in observe mode always allow.
constexpr Answer answer_in(Mode mode, const Decision& decision) noexcept {
  return mode == Mode::observe ? Answer::allow : decision.answer;
}

}  // namespace bansoko::policy
