// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lockdown/approved/difference.h"
#include "lockdown/approved/list.h"
#include "lockdown/approved/store.h"
#include "lockdown/engine/settings.h"

namespace CLI {
class App;
}

namespace bansoko::app {

/// What --config says.
void add_config(CLI::App& command, std::string& config);
/// The exit code is what `action` gives; an error is complained of.
void run_as(CLI::App& command, int& exit_code, std::function<Result<int>()> action);

/// The file named; or else the product's own if there is one, or else the defaults.
Result<lockdown::LockdownSettings> lockdown_settings(const std::string& config);

/// The newest good list; those that are damaged are complained of. Where there is none at all, an error.
Result<std::shared_ptr<const approved::List>> newest_list(const approved::Store& store);

/// The same; where there is none at all, an empty one, which is complained of.
Result<std::shared_ptr<const approved::List>> list_or_empty(const approved::Store& store);

/// "anna", or "anna as root".
std::string operator_name();
/// "approve /x (they need it) by anna".
std::string with_reason(std::string_view what, std::string_view why);

/// Appends an event to the spool, as program "lockdown-cli": the engine need not run. That it could not be is
/// complained of, and undoes nothing.
void tell(const lockdown::LockdownSettings& settings, std::string_view name, std::string_view message,
          std::uint64_t generation);

/// Has the engine read again what is on the disk. Not running is no failure; refusing is. An exit code.
int have_it_read_again(const lockdown::LockdownSettings& settings);

/// "30m", "2h", "45 s": seconds.
Result<std::int64_t> seconds_of(std::string_view text);
std::int64_t now_in_seconds();
/// "2026-11-23 07:15:00 UTC".
std::string time_text(std::int64_t seconds);

/// As a line: the beginning of its digest, kind, origin, path, package.
std::string line_of(const approved::Entry& entry);
/// Everything that was added, changed, removed, and how much that is.
std::string text_of(const approved::Difference& difference);

/// Has the operator said yes: by an option, or when asked on a terminal? Without both nothing is done, and
/// that is said.
bool is_agreed(bool said_yes, std::string_view question);

}  // namespace bansoko::app
