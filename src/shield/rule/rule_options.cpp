// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/rule_options.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "shield/rule/lines.h"

namespace bansoko::rule {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kOptionForm = "name; or name:value;";
constexpr std::size_t kUsual = 24;  // options that most rules have at most

constexpr bool is_of_name(char c) noexcept {
  return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

/// The offset of the next unescaped `wanted`, from `from` on.
std::size_t find_unescaped(std::string_view text, char wanted, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == wanted) return at;
    if (text[at] == '\\') ++at;
  }
  return kNone;
}

class OptionsReader {
 public:
  OptionsReader(const LogicalLine& line, std::size_t offset, RuleText& rule, RuleFaults& faults)
      : line_(line), text_(line.text()), offset_(offset), rule_(rule), faults_(faults) {}

  void read() {
    rule_.options.reserve(kUsual);
    for (;;) {
      offset_ = skip_blanks(offset_);
      if (offset_ == text_.size()) return faults_.error(end(), "the ')' that ends the rule is missing", ")");
      if (text_[offset_] == ')') break;
      if (!read_option()) return;
    }
    check_sid(offset_);
    if (const auto more = skip_blanks(offset_ + 1); more != text_.size())
      faults_.error(more, "text after the ')' that ends the rule", "the end of the line");
  }

 private:
  std::size_t skip_blanks(std::size_t from) const {
    while (from < text_.size() && (text_[from] == ' ' || text_[from] == '\t' || text_[from] == '\r')) ++from;
    return std::min(from, text_.size());
  }
  /// Behind the last byte that is not blank.
  std::size_t end() const { return text_.find_last_not_of(kBlank) + 1; }

  bool refuse(std::size_t offset, std::string message, std::string_view valid) {
    faults_.error(offset, std::move(message), valid);
    return false;
  }

  bool refuse_missing_semicolon(std::size_t offset, std::string_view name) {
    return refuse(offset, fmt::format("the ';' after '{}' is missing", name), kOptionForm);
  }

  bool read_option() {
    const auto begin = offset_;
    auto name_end = begin;
    while (name_end < text_.size() && is_of_name(text_[name_end])) ++name_end;
    const auto name = text_.substr(begin, name_end - begin);
    offset_ = skip_blanks(name_end);
    const char next = offset_ < text_.size() ? text_[offset_] : '\0';
    if (name.empty() && (next == ':' || next == ';'))
      return refuse(begin, "an option without a name", kOptionForm);
    if (name.empty())
      return refuse(begin, fmt::format("'{}' cannot begin an option's name", next), kOptionForm);
    if (next != ':' && next != ';') return refuse_missing_semicolon(name_end, name);
    const auto place = line_.at(begin);
    Option option;
    option.name = name;
    option.line = place.line;
    option.name_column = place.column;
    if (next == ':' && !read_value(option)) return false;
    ++offset_;  // the semicolon
    rule_.options.push_back(std::move(option));
    return true;
  }

  /// From the colon to the semicolon.
  bool read_value(Option& option) {
    const auto begin = skip_blanks(offset_ + 1);
    const auto semicolon = value_end(begin, option.name);
    if (!semicolon) return false;
    const auto value = trim(text_.substr(begin, *semicolon - begin));
    if (value.empty()) return refuse(begin, fmt::format("'{}:' without a value", option.name), kOptionForm);
    const auto place = line_.at(begin);
    option.value = value;
    option.has_value = true;
    option.value_line = place.line;
    option.value_column = place.column;
    offset_ = *semicolon;
    return true;
  }

  /// Where the value's semicolon stands: one in quotes or behind a backslash is the value's own.
  std::optional<std::size_t> value_end(std::size_t begin, std::string_view name) {
    auto first = begin;
    if (first < text_.size() && text_[first] == '!') first = skip_blanks(first + 1);
    if (first < text_.size() && text_[first] == '"') return quoted_value_end(first, name);
    if (const auto semicolon = find_unescaped(text_, ';', begin); semicolon != kNone) return semicolon;
    refuse_missing_semicolon(text_[end() - 1] == ')' ? std::max(end() - 1, begin) : end(), name);
    return {};
  }

  std::optional<std::size_t> quoted_value_end(std::size_t open, std::string_view name) {
    const auto close = find_unescaped(text_, '"', open + 1);
    if (close == kNone) {
      refuse(open, "the quote opened here is not closed",
             "\" at the end of the value, \\\" for a quote within");
      return {};
    }
    // Rules in use write bare quotes in regular expressions: there only one before a semicolon closes.
    for (auto quote = close; quote != kNone; quote = find_unescaped(text_, '"', quote + 1)) {
      if (const auto next = skip_blanks(quote + 1); next < text_.size() && text_[next] == ';') return next;
      if (name != "pcre") break;
    }
    refuse_missing_semicolon(close + 1, name);
    return {};
  }

  void check_sid(std::size_t parenthesis) {
    constexpr std::string_view kNumber = "a number from 1 to 4294967295";
    const Option* first = nullptr;
    for (const Option& option : rule_.options) {
      if (option.name != "sid") continue;
      if (first != nullptr)
        return faults_.error_at(option.line, option.name_column, "a second sid", "one sid");
      first = &option;
      std::uint32_t sid = 0;
      const char* const last = option.value.data() + option.value.size();
      const auto [at, error] = std::from_chars(option.value.data(), last, sid);
      if (!option.has_value)
        faults_.error_at(option.line, option.name_column, "sid without a number", kNumber);
      else if (error != std::errc{} || at != last || sid == 0)
        faults_.error_at(option.value_line, option.value_column,
                         fmt::format("sid: '{}' is not a rule's number", option.value), kNumber);
    }
    if (first == nullptr) faults_.error(parenthesis, "the rule has no sid", "sid:NUMBER;");
  }

  const LogicalLine& line_;
  std::string_view text_;
  std::size_t offset_;
  RuleText& rule_;
  RuleFaults& faults_;
};

}  // namespace

void read_options(const LogicalLine& line, std::size_t offset, RuleText& rule, RuleFaults& faults) {
  OptionsReader(line, offset, rule, faults).read();
}

}  // namespace bansoko::rule
