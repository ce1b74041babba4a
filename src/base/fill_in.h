// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bansoko {

/// The names in a text with places to be filled in, such as "a list of {size} bytes", each once, as they
/// come.
/// "{{" stands for a brace. Fails on a brace that nothing closes and on a place without a name.
Result<std::vector<std::string>> places_in(std::string_view text);

/// The text with every place filled in by what `value_of` gives for its name. Of a text that
/// places_in() refuses, what comes before the fault.
std::string fill_in(std::string_view text, const std::function<std::string(std::string_view)>& value_of);

}  // namespace bansoko
