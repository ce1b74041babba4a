// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shield/rule/diagnostic.h"
#include "shield/rule/lines.h"

namespace bansoko::rule {

/// One rule's text, its continued lines put together, and where in the file each byte of it stands.
class LogicalLine {
 public:
  struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
  };
  enum class End : std::uint8_t { whole, end_of_file, next_rule };

  /// Takes one line and those that it continues on. Needs !lines.at_end(). A line that plainly begins
  /// another rule is not taken, so that a stray backslash cannot hide it.
  explicit LogicalLine(Lines& lines);

  /// No longer than kMaxRuleBytes + 1; more than that is cut off.
  std::string_view text() const noexcept { return text_; }
  /// As it stands in the file.
  std::string_view written() const noexcept { return written_; }
  /// Why the last backslash could not be followed, if it could not.
  End end() const noexcept { return end_; }
  /// Of the first line.
  Position begin() const noexcept { return pieces_.front().begin; }
  /// Of a byte of text(), or of its end.
  Position at(std::size_t offset) const noexcept;

 private:
  struct Piece {
    std::size_t offset = 0;  // in text_
    Position begin;
  };

  void append(std::string_view text, std::uint32_t line);

  std::string text_;
  std::string_view written_;
  std::vector<Piece> pieces_;
  End end_ = End::whole;
};

/// Hears what is wrong with one rule, by offset in its text, and tells it by place in the file.
class RuleFaults {
 public:
  /// All three are loans for the life of this.
  RuleFaults(const LogicalLine& line, std::string_view file, Diagnostics& diagnostics) noexcept
      : line_(line), file_(file), diagnostics_(diagnostics) {}

  void error(std::size_t offset, std::string message, std::string_view valid);
  void error_at(std::uint32_t line, std::uint32_t column, std::string message, std::string_view valid);
  void warning(std::size_t offset, std::string message, std::string_view valid);
  bool has_errors() const noexcept { return has_errors_; }

 private:
  void tell(Severity severity, LogicalLine::Position place, std::string message, std::string_view valid);

  const LogicalLine& line_;
  std::string_view file_;
  Diagnostics& diagnostics_;
  bool has_errors_ = false;
};

}  // namespace bansoko::rule
