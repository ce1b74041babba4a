// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assess/model/note.h"
#include "base/result.h"
#include "base/settings.h"

namespace bansoko::assess {

/// The part `assess` of the settings file.
struct AssessSettings {
  HostNotes hosts = {};
};

/// All faults go to `faults`; the first is the error.
Result<AssessSettings> parse_settings(std::string_view text, std::string_view file, settings::Faults& faults);

/// As YAML that reads back to the same.
std::string settings_yaml(AssessSettings settings, settings::Comments comments);

/// What the operator says of a host. A name without a domain is also that of "web01.example.test"; null:
/// nothing.
const HostNote* note_of(const Host& host, const HostNotes& notes);

}  // namespace bansoko::assess
