// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"
#include "assess/model/records.h"

namespace bansoko::content {

/// content/kev.yaml: the extract of the catalogue of known exploited vulnerabilities.
struct KnownExploitedList {
  std::optional<assess::Date> date = {};  // of the catalogue
  std::vector<assess::KnownExploited> entries = {};
};

/// Reads it; what is wrong goes to the faults.
KnownExploitedList read_kev(const std::string& path, Faults& faults);

}  // namespace bansoko::content
