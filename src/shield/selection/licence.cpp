// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/licence.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/rule/lines.h"

namespace bansoko::selection {
namespace {

struct Phrase {
  std::string_view licence;
  std::string_view words;  // in lower case, one blank between them
};

constexpr std::array kPhrases{
    Phrase{"GPLv2", "gplv2"},
    Phrase{"GPLv2", "gpl v2"},
    Phrase{"GPLv2", "gpl-2"},
    Phrase{"GPLv2", "gpl version 2"},
    Phrase{"GPLv2", "gnu general public license version 2"},
    Phrase{"GPLv2", "gnu general public license, version 2"},
    Phrase{"GPLv2", "gnu general public license version 2, june 1991"},
    Phrase{"GPLv3", "gplv3"},
    Phrase{"GPLv3", "gpl-3"},
    Phrase{"GPLv3", "gnu general public license version 3"},
    Phrase{"BSD", "bsd license"},
    Phrase{"BSD", "bsd-3-clause"},
    Phrase{"BSD", "bsd-2-clause"},
    Phrase{"BSD", "redistribution and use in source and binary forms"},
    Phrase{"MIT", "mit license"},
    Phrase{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"},
    Phrase{"Apache-2.0", "apache license"},
    Phrase{"CC0", "cc0"},
    Phrase{"CC-BY-SA", "creative commons attribution-sharealike"},
    Phrase{"CC-BY-SA", "cc-by-sa"},
    Phrase{"non-commercial", "non-commercial use"},
    Phrase{"non-commercial", "noncommercial use"},
    Phrase{"ETPRO", "etpro-license"},
};

constexpr std::size_t kMostComments = std::size_t{16} << 10U;

/// In lower case, with one blank for each run of blanks, comment signs and line ends.
std::string plain(std::string_view text) {
  std::string words;
  bool blank = false;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#' || c == '*';
    if (is_blank) {
      blank = true;
      continue;
    }
    if (blank && !words.empty()) words += ' ';
    blank = false;
    words += to_lower(c);
  }
  return words;
}

}  // namespace

std::vector<std::string> licences_named(std::string_view text) {
  const std::string words = plain(text);
  std::vector<std::string> named;
  for (const Phrase& phrase : kPhrases) {
    if (!named.empty() && named.back() == phrase.licence) continue;
    if (words.find(phrase.words) != std::string::npos) named.emplace_back(phrase.licence);
  }
  return named;
}

std::string_view leading_comments(std::string_view text) {
  std::size_t size = 0;
  for (rule::Lines lines(text); !lines.at_end();) {
    const rule::Line line = lines.take();
    const auto said = trim(line.text);
    if ((!said.empty() && !said.starts_with('#')) || size > kMostComments) break;
    size = static_cast<std::size_t>(line.text.data() + line.text.size() - text.data());
  }
  return text.substr(0, size);
}

}  // namespace bansoko::selection
