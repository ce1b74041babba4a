// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/rule_header.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/suggest.h"
#include "base/text.h"
#include "shield/rule/actions.h"
#include "shield/rule/lines.h"

namespace bansoko::rule {
namespace {

constexpr std::string_view kHeaderForm = "action protocol source ports -> destination ports (options)";
constexpr std::string_view kDirections = "-> or <>";

struct Field {
  std::string_view text;
  std::size_t offset = 0;
  std::size_t open = std::string_view::npos;  // the outermost '[' that nothing closes
};

bool is_direction(std::string_view text) {
  return text == "->" || text == "<>" || text == "=>" || text == "<-";
}

class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::size_t offset, RuleText& rule, RuleFaults& faults)
      : text_(text), offset_(offset), rule_(rule), faults_(faults) {}

  std::size_t offset() const { return offset_; }

  bool read(const LogicalLine& line, AddressReader& addresses, PortReader& ports) {
    if (!read_action() || !read_protocol(line)) return false;
    return read_set("source address", addresses, rule_.source) &&
           read_set("source ports", ports, rule_.source_ports) && read_direction() &&
           read_set("destination address", addresses, rule_.dest) &&
           read_set("destination ports", ports, rule_.dest_ports) && read_parenthesis();
  }

 private:
  void skip_blanks() { offset_ = std::min(text_.find_first_not_of(kBlank, offset_), text_.size()); }

  /// Up to a blank that is not in brackets, or to the parenthesis.
  Field next_field() {
    skip_blanks();
    const auto begin = offset_;
    auto open = std::string_view::npos;
    for (std::size_t depth = 0; offset_ < text_.size() && text_[offset_] != '('; ++offset_) {
      const char c = text_[offset_];
      if (depth == 0 && kBlank.find(c) != std::string_view::npos) break;
      if (c == '[' && depth++ == 0) open = offset_;
      if (c == ']' && depth > 0 && --depth == 0) open = std::string_view::npos;
    }
    return {trim(text_.substr(begin, offset_ - begin)), begin, open};
  }

  /// Tells of a field that is not there.
  bool is_there(const Field& field, std::string_view name) {
    if (!field.text.empty() && (name == "direction" || !is_direction(field.text))) return true;
    const auto found = offset_ == text_.size() && field.text.empty()
                           ? std::string("the rule ends")
                           : fmt::format("'{}' stands", field.text.empty() ? "(" : field.text);
    faults_.error(field.offset, fmt::format("{} where the {} should be", found, name), kHeaderForm);
    return false;
  }

  bool read_action() {
    const Field field = next_field();
    if (!is_there(field, "action")) return false;
    const ActionWord* const found = find_action(field.text);
    if (found == nullptr) {
      refuse_action(field);
      return false;
    }
    rule_.action = found->action;
    if (found->one_sided)
      faults_.warning(field.offset, fmt::format("'{}' is taken as 'reject': both ends are told", field.text),
                      "reject");
    return true;
  }

  void refuse_action(const Field& field) {
    std::array<std::string_view, kActions.size()> words;
    std::transform(kActions.begin(), kActions.end(), words.begin(), [](const auto& row) { return row.word; });
    std::string message = fmt::format("unknown action '{}'", field.text);
    if (const auto meant = nearest(field.text, words); !meant.empty())
      message += fmt::format(", did you mean '{}'?", meant);
    faults_.error(field.offset, std::move(message), fmt::format("{}", fmt::join(words, ", ")));
  }

  bool read_protocol(const LogicalLine& line) {
    const Field field = next_field();
    if (!is_there(field, "protocol")) return false;
    rule_.protocol = field.text;
    rule_.protocol_line = line.at(field.offset).line;
    rule_.protocol_column = line.at(field.offset).column;
    return true;
  }

  template <class Reader, class Set>
  bool read_set(std::string_view name, Reader& reader, Set& into) {
    const Field field = next_field();
    if (!is_there(field, name)) return false;
    if (field.open != std::string_view::npos) {
      faults_.error(field.open, fmt::format("{}: the '[' opened here is not closed", name), "[a,b]");
      return false;
    }
    auto set = reader.read(field.text);
    if (set) {
      into = std::move(*set);
      return true;
    }
    const auto& [offset, message, valid, matches_nothing] = set.error();
    if (matches_nothing) {
      into = Set(std::vector<typename Set::Range>{});
      faults_.warning(field.offset + offset, fmt::format("{}: {}: the rule can never match", name, message),
                      valid);
    } else {
      faults_.error(field.offset + offset, fmt::format("{}: {}", name, message), valid);
    }
    return true;
  }

  bool read_direction() {
    const Field field = next_field();
    if (!is_there(field, "direction")) return false;
    rule_.both_directions = field.text == "<>";
    if (field.text == "->" || field.text == "<>") return true;
    if (field.text == "<-")
      faults_.error(field.offset, "'<-' is not a direction: swap the two sides and use '->'", kDirections);
    else if (field.text == "=>")
      faults_.error(field.offset, "'=>' (rules on whole transactions) is not supported", kDirections);
    else
      faults_.error(field.offset, fmt::format("'{}' is not a direction", field.text), kDirections);
    return is_direction(field.text);
  }

  bool read_parenthesis() {
    skip_blanks();
    if (offset_ == text_.size()) {
      faults_.error(offset_, "the '(' before the options is missing", kHeaderForm);
      return false;
    }
    if (text_[offset_] == '(') {
      ++offset_;
      return true;
    }
    const Field field = next_field();
    faults_.error(field.offset,
                  fmt::format("'{}' stands where the '(' before the options should be", field.text),
                  kHeaderForm);
    return false;
  }

  std::string_view text_;
  std::size_t offset_;
  RuleText& rule_;
  RuleFaults& faults_;
};

}  // namespace

std::string_view name_of(Action action) noexcept {
  switch (action) {
    case Action::pass:
      return "pass";
    case Action::drop:
      return "drop";
    case Action::reject:
      return "reject";
    case Action::alert:
      return "alert";
  }
  return "alert";
}

const ActionWord* find_action(std::string_view word) noexcept {
  const auto* const found = std::find_if(kActions.begin(), kActions.end(),
                                         [&](const auto& row) { return same_text(row.word, word); });
  return found == kActions.end() ? nullptr : found;
}

bool read_header(const LogicalLine& line, std::size_t& offset, AddressReader& addresses, PortReader& ports,
                 RuleText& rule, RuleFaults& faults) {
  HeaderReader reader(line.text(), offset, rule, faults);
  const bool found_options = reader.read(line, addresses, ports);
  offset = reader.offset();
  return found_options;
}

}  // namespace bansoko::rule
