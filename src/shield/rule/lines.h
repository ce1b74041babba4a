// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bansoko::rule {

/// What may stand between the words of a line.
inline constexpr std::string_view kBlank = " \t\r";

/// One line of a file without its end (LF or CR LF).
struct Line {
  std::string_view text;
  std::uint32_t number = 0;  // from 1
};

/// Gives a file's text line by line; a UTF-8 byte order mark at its start is passed over.
class Lines {
 public:
  explicit Lines(std::string_view text) noexcept : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  bool at_end() const noexcept { return rest_.empty(); }

  /// The next line, left in place. Needs !at_end().
  Line peek() const noexcept {
    std::string_view line = rest_.substr(0, rest_.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return {line, number_};
  }

  Line take() noexcept {
    const Line line = peek();
    const auto end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++number_;
    return line;
  }

 private:
  std::string_view rest_;
  std::uint32_t number_ = 1;
};

}  // namespace bansoko::rule
