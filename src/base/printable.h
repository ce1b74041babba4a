// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bansoko {

/// Text from outside, fit for a terminal: control characters are shown as \xNN.
std::string printable(std::string_view text);

}  // namespace bansoko
