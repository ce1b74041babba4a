// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/logical_line.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "shield/rule/actions.h"
#include "shield/rule/rule_text.h"

namespace bansoko::rule {
namespace {

/// "alert tcp any any -> any any (...": what no line in the midst of a rule looks like.
bool begins_rule(std::string_view line) {
  const auto text = trim(line);
  const auto action = text.substr(0, text.find_first_of(" \t"));
  if (action.size() == text.size() || !find_action(action)) return false;
  const auto header = text.substr(0, text.find('('));
  return header.size() < text.size() &&
         (header.find("->") != std::string_view::npos || header.find("<>") != std::string_view::npos);
}

}  // namespace

LogicalLine::LogicalLine(Lines& lines) {
  const char* const begin = lines.peek().text.data();
  for (;;) {
    const Line line = lines.take();
    written_ = {begin, static_cast<std::size_t>(line.text.data() + line.text.size() - begin)};
    const auto last = line.text.find_last_not_of(" \t\r");
    const bool continued = last != std::string_view::npos && line.text[last] == '\\';
    append(continued ? line.text.substr(0, last) : line.text, line.number);
    if (!continued) return;
    if (lines.at_end()) {
      end_ = End::end_of_file;
      return;
    }
    if (!trim(text_).empty() && begins_rule(lines.peek().text)) {
      end_ = End::next_rule;
      return;
    }
  }
}

void LogicalLine::append(std::string_view text, std::uint32_t line) {
  const auto room = kMaxRuleBytes + 1 - text_.size();
  if (room == 0) return;
  pieces_.push_back({text_.size(), {line, 1}});
  text_ += text.substr(0, room);
}

LogicalLine::Position LogicalLine::at(std::size_t offset) const noexcept {
  const auto next =
      std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                       [](std::size_t wanted, const Piece& piece) { return wanted < piece.offset; });
  const Piece& piece = *(next - 1);
  return {piece.begin.line, piece.begin.column + static_cast<std::uint32_t>(offset - piece.offset)};
}

void RuleFaults::error(std::size_t offset, std::string message, std::string_view valid) {
  has_errors_ = true;
  tell(Severity::error, line_.at(offset), std::move(message), valid);
}

void RuleFaults::error_at(std::uint32_t line, std::uint32_t column, std::string message,
                          std::string_view valid) {
  has_errors_ = true;
  tell(Severity::error, {line, column}, std::move(message), valid);
}

void RuleFaults::warning(std::size_t offset, std::string message, std::string_view valid) {
  tell(Severity::warning, line_.at(offset), std::move(message), valid);
}

void RuleFaults::tell(Severity severity, LogicalLine::Position place, std::string message,
                      std::string_view valid) {
  diagnostics_.push_back({.file = std::string(file_),
                          .line = place.line,
                          .column = place.column,
                          .severity = severity,
                          .message = std::move(message),
                          .valid = std::string(valid)});
}

}  // namespace bansoko::rule
