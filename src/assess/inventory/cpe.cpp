// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/cpe.h"

#include <charconv>
#include <vector>

#include "assess/inventory/text.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const char* const end = escape ? text.data() + i + 3 : nullptr;
    if (escape && std::from_chars(text.data() + i + 1, end, value, 16).ptr == end) {
      made += static_cast<char>(static_cast<unsigned char>(value));
      i += 2;
    } else {
      made += text[i];
    }
  }
  return made;
}

/// Parts of a 2.3 name: a colon behind a backslash is part of a value.
std::vector<std::string> formatted_parts(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size() && parts.size() < 12; ++i) {
    if (text[i] == '\\' && i + 1 < text.size())
      parts.back() += text[++i];
    else if (text[i] == ':')
      parts.emplace_back();
    else
      parts.back() += text[i];
  }
  return parts;
}

std::vector<std::string> uri_parts(std::string_view text) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(text, ':', 12)) parts.push_back(percent_decoded(part));
  return parts;
}

}  // namespace

std::optional<Cpe> parse_cpe(std::string_view text) {
  text = trim(text);
  if (text.size() > 4096) return {};
  std::vector<std::string> parts;
  if (text.starts_with("cpe:/"))
    parts = uri_parts(text.substr(5));
  else if (text.starts_with("cpe:2.3:"))
    parts = formatted_parts(text.substr(8));
  if (parts.size() < 3 || parts[0].size() != 1 || parts[1].empty() || parts[2].empty()) return {};
  parts.resize(5);
  const auto value = [](const std::string& part) {
    return part == "*" || part == "-" ? std::string() : lowered(shown(part));
  };
  return Cpe{parts[0][0], value(parts[1]), value(parts[2]), value(parts[3]), value(parts[4])};
}

std::optional<PackageUrl> parse_purl(std::string_view text) {
  text = trim(text);
  if (!text.starts_with("pkg:") || text.size() > 4096) return {};
  text.remove_prefix(4);
  while (text.starts_with('/')) text.remove_prefix(1);
  text = text.substr(0, text.find('#'));
  PackageUrl made;
  const std::size_t question = text.find('?');
  if (question != std::string_view::npos)
    for (const std::string_view one : split(text.substr(question + 1), '&', 32))
      if (const std::size_t equal = one.find('='); equal != std::string_view::npos)
        made.qualifiers.emplace(lowered(one.substr(0, equal)),
                                shown(percent_decoded(one.substr(equal + 1)), 4096));
  text = text.substr(0, question);
  const std::size_t at = text.rfind('@'), last = text.rfind('/');
  if (at != std::string_view::npos && (last == std::string_view::npos || at > last)) {
    made.version = shown(percent_decoded(text.substr(at + 1)), 4096);
    text = text.substr(0, at);
  }
  const std::size_t first = text.find('/'), name = text.rfind('/');
  if (first == std::string_view::npos) return {};
  made.type = lowered(text.substr(0, first));
  made.name = shown(percent_decoded(text.substr(name + 1)), 4096);
  if (name > first) made.space = shown(percent_decoded(text.substr(first + 1, name - first - 1)), 4096);
  if (made.name.empty() || made.type.empty()) return {};
  return made;
}

}  // namespace bansoko::inventory
