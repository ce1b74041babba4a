// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bansoko::explain {

/// A text that the catalogue must have.
struct Code {
  std::string key = {};
  std::string_view places = {};  // that may be filled in, with blanks between them
};

/// From the engine's own tables, each key once: why packets meet their fate and what that is, what is wrong
/// with packets, what parsers note, who scans, what the engine tells of itself; and what explain() says.
std::vector<Code> all_codes();

}  // namespace bansoko::explain
