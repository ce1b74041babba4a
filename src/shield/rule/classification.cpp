// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/classification.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/range.h"
#include "base/text.h"
#include "shield/rule/lines.h"

namespace bansoko::rule {
namespace {

constexpr std::string_view kClassificationForm = "config classification: name,description,priority";
constexpr std::uint32_t kLowestPriority = 255;

struct ClassFault {
  std::string_view at;  // within the line
  std::string message;
  std::string_view valid = kClassificationForm;
};

using Named = std::pair<std::string_view, Classification>;

/// Takes `word` and the blanks around it off the front.
bool take_word(std::string_view& rest, std::string_view word) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (!rest.starts_with(word)) return false;
  rest.remove_prefix(word.size());
  return true;
}

std::optional<ClassFault> read_class(std::string_view line, Named& named) {
  std::string_view rest = line;
  if (!take_word(rest, "config") || !take_word(rest, "classification") || !take_word(rest, ":"))
    return ClassFault{trim(line), "not a classification"};
  const auto first = rest.find(',');
  const auto last = rest.rfind(',');
  if (first == last)
    return ClassFault{trim(rest).empty() ? rest : trim(rest), "a classification has three fields"};
  named.first = trim(rest.substr(0, first));
  const auto description = trim(rest.substr(first + 1, last - first - 1));
  const auto priority_text = trim(rest.substr(last + 1));
  if (named.first.empty()) return ClassFault{rest, "a classification without a name"};
  if (description.empty())
    return ClassFault{rest.substr(first + 1), "a classification without a description"};
  const auto priority = parse_number(priority_text);
  if (!priority || *priority == 0 || *priority > kLowestPriority)
    return ClassFault{priority_text.empty() ? rest.substr(last + 1) : priority_text,
                      fmt::format("'{}' is not a priority", priority_text),
                      "a number from 1 (gravest) to 255"};
  named.second = {std::string(description), static_cast<std::uint32_t>(*priority)};
  return {};
}

}  // namespace

Classifications parse_classifications(std::string_view text, std::string_view file,
                                      Diagnostics& diagnostics) {
  Classifications classes;
  for (Lines lines(text); !lines.at_end();) {
    const Line line = lines.take();
    const auto content = trim(line.text);
    if (content.empty() || content.starts_with('#')) continue;
    Named named;
    auto fault = read_class(line.text, named);
    if (!fault && !classes.try_emplace(std::string(named.first), std::move(named.second)).second)
      fault = ClassFault{named.first, fmt::format("classification '{}' is given twice", named.first),
                         "each name once; the first one stays in force"};
    if (fault)
      diagnostics.push_back({.file = std::string(file),
                             .line = line.number,
                             .column = static_cast<std::uint32_t>(fault->at.data() - line.text.data()) + 1,
                             .message = std::move(fault->message),
                             .valid = std::string(fault->valid)});
  }
  return classes;
}

}  // namespace bansoko::rule
