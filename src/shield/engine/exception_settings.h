// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "shield/detect/hit_policy.h"

namespace bansoko::engine {

struct ShieldSettings;

/// One of `exceptions:` as the file has it.
struct ExceptionSettings {
  std::vector<std::string> patches = {}, sids = {};  // both empty: all rules
  std::string source = "any", dest = "any";
  std::string host = {}, uri = {}, until = {}, reason = {};
};

using ExceptionsByName = std::map<std::string, ExceptionSettings, std::less<>>;

/// Binds `groups:` and `exceptions:`; after the patches and variables that they may name.
void bind_exceptions(settings::Section& section, ShieldSettings& s);

/// As the engine applies it. Patches that `s` does not know are nobody's rules.
Result<detect::Exception> exception_of(std::string_view name, const ExceptionSettings& said,
                                       const ShieldSettings& s);

/// What the settings say about hits: modes of patches and hosts, and exceptions.
Result<detect::HitPolicy> hit_policy_of(const ShieldSettings& s);

}  // namespace bansoko::engine
