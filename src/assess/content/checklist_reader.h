// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"
#include "assess/model/checklist.h"

namespace bansoko::content {

/// Reads one file of content/checklists, whose name becomes the checklist's id.
std::optional<assess::Checklist> read_checklist(const std::string& path, const KnownIds& products,
                                                Faults& faults);

/// A host as examples describe it: what it does not say is not known, but what it lists is listed whole.
assess::Host read_example(const Node& node, const Scope& scope);

}  // namespace bansoko::content
