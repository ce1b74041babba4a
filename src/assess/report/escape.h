// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bansoko::assess {

/// What HTML, SVG and Markdown would take for their own is written as entities; an end of line becomes a
/// blank.
std::string escaped(std::string_view text);

}  // namespace bansoko::assess
