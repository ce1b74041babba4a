// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/xml_feed.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bansoko::feed {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool all_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct NamedCharacter {
  std::string_view name;
  std::string_view text;
};

constexpr std::array kNamedCharacters{
    NamedCharacter{"&amp;", "&"},  NamedCharacter{"&lt;", "<"},    NamedCharacter{"&gt;", ">"},
    NamedCharacter{"&#39;", "'"},  NamedCharacter{"&quot;", "\""}, NamedCharacter{"&nbsp;", " "},
    NamedCharacter{"&apos;", "'"}, NamedCharacter{"&rsquo;", "’"}, NamedCharacter{"&reg;", "®"}};

/// What stands at the beginning of a text in HTML for one character, and the character.
NamedCharacter named_character(std::string_view text) noexcept {
  for (const NamedCharacter& one : kNamedCharacters)
    if (text.starts_with(one.name)) return one;
  return {text.substr(0, 1), text.substr(0, 1)};
}

}  // namespace

Result<> read_xml(ByteSource& bytes, const Limits& limits, xml::Handler& records) {
  const xml::Limits of_xml{
      .max_bytes = limits.max_bytes, .max_depth = limits.max_depth, .max_text = limits.max_text};
  return xml::parse([&bytes](std::span<char> out) { return bytes.read(out); }, records, of_xml);
}

std::string_view xml_root(std::string_view head) noexcept {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  while (true) {
    const auto begin = head.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos || head[begin] != '<') return {};
    head.remove_prefix(begin);
    const std::string_view end = head.starts_with("<!--") ? "-->" : head.starts_with("<?") ? "?>" : "";
    if (end.empty()) break;
    const auto at = head.find(end);
    if (at == std::string_view::npos) return {};
    head.remove_prefix(at + end.size());
  }
  head.remove_prefix(1);
  if (head.starts_with("!")) return {};
  const std::string_view name = head.substr(0, head.find_first_of(" \t\r\n/>"));
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_cve(std::string_view text) noexcept {
  return text.size() >= 13 && text.size() <= 24 && text.starts_with("CVE-") && text[8] == '-' &&
         all_digits(text.substr(4, 4)) && all_digits(text.substr(9));
}

std::optional<assess::Date> date_of(std::string_view text) {
  auto date = assess::parse_date(text);
  if (!date) return std::nullopt;
  return *date;
}

std::string_view file_stem(std::string_view name) noexcept {
  const auto slash = name.rfind('/');
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  for (const std::string_view ending :
       {".gz", ".bz2", ".xz", ".zip", ".xml", ".oval", ".json", ".rdf", ".xlsx"})
    if (name.size() > ending.size() && name.ends_with(ending)) name.remove_suffix(ending.size());
  return name;
}

std::optional<double> score_of(std::string_view text) noexcept {
  double score = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), score);
  if (read.ec != std::errc() || !std::isfinite(score) || score < 0 || score > 10) return std::nullopt;
  return score;
}

std::string plain_text(std::string_view html) {
  std::string made;
  while (!html.empty()) {
    if (html.front() == '<') {
      const auto end = html.find('>');
      html.remove_prefix(end == std::string_view::npos ? html.size() : end + 1);
      if (!made.empty() && made.back() != ' ') made += ' ';
      continue;
    }
    const NamedCharacter next = named_character(html);
    html.remove_prefix(next.name.size());
    const bool blank = kBlanks.find(next.text.front()) != std::string_view::npos;
    if (!blank)
      made += next.text;
    else if (!made.empty() && made.back() != ' ')
      made += ' ';
  }
  if (made.ends_with(' ')) made.pop_back();
  return made;
}

}  // namespace bansoko::feed
