// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bansoko::lockdown {

/// How the lockdown is, at one moment.
struct Status {
  std::string mode;                // that holds: "observe", "enforce"
  std::string because;             // why it is not the settings' mode; empty: it is
  std::int64_t confirm_until = 0;  // seconds since 1970; 0: nothing is to be confirmed
  std::uint64_t generation = 0, approved = 0, rules = 0;
  bool window = false, updating = false;
  bool tells_executes = true, marks_filesystems = true;
  std::uint64_t watched = 0, known_files = 0, waiting = 0;
  std::vector<std::string> unwatched;  // with the reason
  std::vector<std::string> damaged;    // lists that were passed over
  std::map<std::string, std::uint64_t> counts = {}, reasons = {}, limits = {};
  std::string last_fault;  // of a reload or an update; empty: none
  std::string spool_fault;
  std::uint64_t restarts = 0;
  std::string restart_reason;
};

/// One line, for the control socket.
std::string to_json(const Status& status);

/// The same for people, from the answer of the control socket.
std::string status_table(std::string_view answer);

/// For monitoring: 0 well, 1 worth a look, 2 not protecting as it should; and why, in one line.
struct CheckResult {
  int code = 0;
  std::string line;
};
CheckResult check_answer(std::string_view answer);

}  // namespace bansoko::lockdown
