// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/packet_number.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace bansoko::keyword {

Result<Range> parse_integer(std::string_view text, std::uint64_t most) {
  std::string whole(trim(text));
  const bool negated = whole.starts_with('!');
  if (negated) whole.erase(0, 1);
  if (whole.starts_with('=')) whole.erase(0, 1);
  if (const auto dash = whole.find('-'); dash != std::string::npos && dash != 0) whole.replace(dash, 1, "<>");
  BANSOKO_TRY(Range range, parse_range(whole));
  const bool open_above = range.high == Range{}.high;
  if (range.low > most || (range.high > most && !open_above))
    return fail(Errc::invalid, "'{}' goes beyond {}, the largest number there can be", trim(text), most);
  range.negated = range.negated != negated;
  return range;
}

}  // namespace bansoko::keyword
