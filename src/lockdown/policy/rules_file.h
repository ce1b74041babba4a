// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "lockdown/policy/rules.h"

namespace bansoko::policy {

/// The user id of a name; nothing if no user has it.
using FindUser = std::function<std::optional<std::uint32_t>(const std::string& name)>;

/// Asks the system (getpwnam(3)).
std::optional<std::uint32_t> user_of_system(const std::string& name);

inline constexpr std::size_t kMaxRules = 10'000;

/// The rules of a file, in its order, which counts:
///
///     rules:
///       - name: no-perl-for-web
///         action: deny            # or allow
///         path: /usr/bin/perl*    # '*' for any characters, '?' for one
///         digest: 64 hexadecimal digits
///         package: perl*
///         user: www-data          # by name or number
///         parent: "*/httpd"
///         note: why
///
/// `action` and at least one of path, digest, package, user, parent must be there. A rule without a name is
/// called by its place: "lockdown-rules.yaml:12". Every fault goes to `faults`; with one there are no rules.
std::optional<std::vector<Rule>> parse_rules(std::string_view text, const std::string& file,
                                             const FindUser& find_user, settings::Faults& faults);

/// A file that is not there has no rules. The error tells the first fault.
Result<std::vector<Rule>> load_rules(const std::string& path, settings::Faults& faults,
                                     const FindUser& find_user = user_of_system);

/// The text with a deny rule for one content before the others, so that it speaks first; comments stay. Fails
/// where the text's form does not let it be put there with certainty.
Result<std::string> with_deny_rule(const std::string& text, const std::string& file, const Rule& rule,
                                   std::string_view note);

}  // namespace bansoko::policy
