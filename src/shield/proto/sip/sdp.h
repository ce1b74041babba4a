// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bansoko::proto::sip {

/// The lines of a session description (RFC 8866): "o=…", "m=…". Views into what was read.
class SessionDescription {
 public:
  explicit SessionDescription(std::size_t most_lines) : lines_(most_lines) {}

  void clear() noexcept { count_ = 0; }
  /// False: it has more lines than the limit.
  bool read(std::string_view text) noexcept;
  /// The value of the line numbered `instance` of a type, of the session or of its media.
  std::optional<std::string_view> line(char type, bool is_of_media, unsigned instance) const noexcept;

 private:
  struct Line {
    char type = 0;
    bool is_of_media = false;
    std::string_view value = {};
  };

  std::vector<Line> lines_;
  std::size_t count_ = 0;
};

}  // namespace bansoko::proto::sip
