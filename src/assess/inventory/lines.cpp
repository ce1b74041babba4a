// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/lines.h"

#include <algorithm>

#include "base/printable.h"

namespace bansoko::inventory {

Lines::Lines(std::string_view text) noexcept : rest_(text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

bool Lines::next() noexcept {
  if (rest_.empty()) return false;
  const auto end = rest_.find('\n');
  ended_ = end != std::string_view::npos;
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(ended_ ? end + 1 : rest_.size());
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++number_;
  return true;
}

std::string_view take_word(std::string_view& text) noexcept {
  constexpr std::string_view kBlank = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(kBlank));
  text.remove_prefix(word.size());
  return word;
}

std::string_view unquoted(std::string_view text) noexcept {
  const bool quoted =
      text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string_view file_name(std::string_view path) noexcept {
  const auto slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string kept_text(std::string_view text, std::size_t max_text) {
  std::string kept = printable(text.substr(0, max_text));
  kept.resize(std::min(kept.size(), max_text));
  return kept;
}

assess::Evidence evidence_of(const Document& document, std::uint32_t line, std::string_view text) {
  constexpr std::size_t kMaxText = 200;
  return {.source = document.name, .line = line, .text = kept_text(text, kMaxText)};
}

void note(assess::Host& host, assess::Gap gap, std::string what, assess::Evidence evidence) {
  host.missing.push_back({.gap = gap, .what = std::move(what), .evidence = std::move(evidence)});
}

}  // namespace bansoko::inventory
