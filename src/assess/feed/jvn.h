// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assess/model/records.h"

/// What both forms of JVN iPedia have in common.
namespace bansoko::feed {

/// Puts a base score down where its version belongs; of several of one version the first stays. Words that
/// are no score or no version are passed over.
void add_cvss(assess::JapaneseEntry& entry, std::string_view version, std::string_view score,
              std::string_view vector);

/// Puts a CVE down once; what is none is passed over.
void add_cve(assess::JapaneseEntry& entry, std::string_view id);

/// The text with line feeds alone.
std::string jvn_text(std::string_view text);

}  // namespace bansoko::feed
