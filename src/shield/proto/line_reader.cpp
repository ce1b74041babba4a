// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/line_reader.h"

#include <algorithm>

namespace bansoko::proto {

std::optional<Line> LineReader::next(ByteReader& in) {
  if (is_used_) kept_.clear();
  is_used_ = false;
  while (!in.rest().empty()) {
    const Bytes rest = in.rest();
    const std::size_t room = most_ - kept_.size() + 1;  // with a line feed
    const Bytes near = rest.first(std::min(rest.size(), room));
    const auto found = as_text(near).find('\n');
    const bool ends = found != std::string_view::npos;
    if (is_lost_) {
      in.skip(ends ? found + 1 : near.size());
      is_lost_ = !ends;
      continue;
    }
    const Bytes bytes = near.first(ends ? found : std::min(near.size(), room - 1));
    const bool is_over = ends || near.size() == room;
    if (is_over && kept_.size() == 0) {
      in.skip(bytes.size() + (ends ? 1 : 0));
      return take(bytes, ends);
    }
    if (!kept_.append(bytes, most_)) {
      is_used_ = kept_.size() > 0;
      if (is_used_) return cut(kept_.bytes());
      in.skip(bytes.size());
      return cut(bytes);
    }
    in.skip(bytes.size() + (ends ? 1 : 0));
    if (!is_over) return {};
    is_used_ = true;
    return take(kept_.bytes(), ends);
  }
  return {};
}

Line LineReader::take(Bytes bytes, bool ends) noexcept {
  Line line{.text = as_text(bytes), .starts = starts_, .ends = ends};
  starts_ = ends;
  if (ends && line.text.ends_with('\r')) {
    line.text.remove_suffix(1);
    line.has_cr = true;
  }
  return line;
}

Line LineReader::cut(Bytes bytes) noexcept {
  Line line = take(bytes, false);
  line.is_short_of_memory = true;
  return line;
}

void LineReader::lose() noexcept {
  kept_.clear();
  is_used_ = false;
  starts_ = true;
  is_lost_ = true;
}

void LineReader::reset() noexcept {
  lose();
  is_lost_ = false;
}

}  // namespace bansoko::proto
