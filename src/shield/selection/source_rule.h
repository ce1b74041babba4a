// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shield/rule/rule_text.h"

/// Which rules of a source are on, and what becomes of their text, as the operator's files say.
namespace bansoko::selection {

/// One rule of a source, whether or not the engine can load it. One that is commented out in its file is off.
struct SourceRule {
  std::string file = {};    // path within the source
  std::uint32_t line = 0;   // from 1
  std::uint32_t lines = 1;  // more than one where it is continued
  bool enabled = true;
  bool noalert = false;
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;  // 0: cannot be told
  std::uint32_t rev = 0;
  std::string text = {};    // on one line, without the sign that switches it off
  std::string action = {};  // "alert"
  std::string protocol = {};
  std::string message = {};
  std::string classtype = {};
  std::vector<std::string> flowbits = {};    // "set,ET.x"
  std::vector<std::string> metadata = {};    // "deployment Perimeter"
  std::vector<std::string> references = {};  // "cve,2021-44228"

  // What has become of it.
  bool superseded = false;  // another rule has the same gid and sid, and this one is off for good
  bool shipped_enabled = true;
  std::string shipped_text = {};        // empty: the text is as shipped
  std::string reason = {};              // why it is on or off; empty: it is as shipped
  std::vector<std::string> edits = {};  // "drop.conf:3: 2019401"
};

/// Reads what a line, with or without '#' before it, has to say; nothing if that is no rule. A comment is one
/// if it has an action, options and a sid. Any other text is one, with as much as can be understood.
std::optional<SourceRule> parse_source_rule(std::string_view line);

/// Whether it has a known action, options to their end and a sid.
bool is_whole(const SourceRule& rule);

/// Its options as written, as far as they can be read.
std::vector<rule::Option> options_of(const SourceRule& rule);

/// Every rule of a file, those that are commented out included.
std::vector<SourceRule> parse_source_rules(std::string_view text, std::string_view file);

/// The file's text again, with each rule as it is now; what has not changed, and all that is no rule, stays
/// as written. `rules` are those of this file, in order; each is told where it now stands.
std::string write_source_rules(std::string_view text, std::span<SourceRule> rules);

/// The rule as a line of a file: "alert ..." or "# alert ...".
std::string to_line(const SourceRule& rule);

}  // namespace bansoko::selection
