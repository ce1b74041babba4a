// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/conf_lines.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "shield/rule/lines.h"

namespace bansoko::selection {
namespace {

/// Reads the part of a word within quotes; `at` stands behind the opening one, then behind the closing one.
Result<> read_quoted(std::string_view text, std::size_t& at, char quote, std::string& word) {
  for (; at < text.size() && text[at] != quote; ++at) {
    const bool escapes = quote == '"' && text[at] == '\\' && at + 1 < text.size() &&
                         (text[at + 1] == '"' || text[at + 1] == '\\');
    if (escapes) ++at;
    word += text[at];
  }
  if (at == text.size()) return fail(Errc::invalid, "a {} is not closed", quote);
  ++at;
  return {};
}

}  // namespace

std::vector<ConfLine> conf_lines(std::string_view text) {
  std::vector<ConfLine> found;
  for (rule::Lines lines(text); !lines.at_end();) {
    const rule::Line line = lines.take();
    auto said = trim(line.text);
    if (said.empty() || said.starts_with('#')) continue;
    said = trim(said.substr(0, said.find(" #")));
    if (!said.empty()) found.push_back({line.number, said});
  }
  return found;
}

Result<std::vector<std::string>> shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      if (word) words.push_back(std::move(*word));
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    if (c == '"' || c == '\'') {
      BANSOKO_CHECK(read_quoted(text, at, c, *word));
    } else if (c == '\\') {
      if (at == text.size()) return fail(Errc::invalid, "a backslash at the end escapes nothing");
      *word += text[at++];
    } else {
      *word += c;
    }
  }
  if (word) words.push_back(std::move(*word));
  return words;
}

}  // namespace bansoko::selection
