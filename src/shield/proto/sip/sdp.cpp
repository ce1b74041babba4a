// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/sip/sdp.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::proto::sip {

bool SessionDescription::read(std::string_view text) noexcept {
  bool is_of_media = false;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
    if (line.size() < 2 || line[1] != '=') continue;
    if (count_ == lines_.size()) return false;
    is_of_media |= line[0] == 'm';
    lines_[count_++] = {line[0], is_of_media, line.substr(2)};
  }
  return true;
}

std::optional<std::string_view> SessionDescription::line(char type, bool is_of_media,
                                                         unsigned instance) const noexcept {
  for (std::size_t i = 0; i < count_; ++i)
    if (lines_[i].type == type && lines_[i].is_of_media == is_of_media && instance-- == 0)
      return lines_[i].value;
  return {};
}

}  // namespace bansoko::proto::sip
