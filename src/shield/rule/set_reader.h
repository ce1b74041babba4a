// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include "base/suggest.h"
#include "base/text.h"

namespace bansoko::rule {

/// What is wrong with a piece of a rule, and at which byte of it.
struct TextFault {
  std::size_t offset = 0;
  std::string message;
  std::string valid;
  bool matches_nothing = false;  // well formed, but what the variables stand for leaves nothing
};

template <class T>
using Read = tl::expected<T, TextFault>;

/// Reads the grammar that address lists and port lists share: `any`, `!x`, `[x,![y,z]]`, `$VARIABLE`.
///
/// `Kind` says what a set is made of: its `Set`, the words `one`, `many` and `valid` for messages, and
/// literal(text), which reads what is neither list nor variable. Variables are looked up once and kept:
/// a reader that lives as long as the rules are read makes each further use cheap.
template <class Kind>
class SetReader {
 public:
  using Set = typename Kind::Set;
  using Values = std::map<std::string, std::string, std::less<>>;

  /// `variables`, and `others` (names known for something else), are loans for the reader's life.
  SetReader(const Values& variables, const Values& others) : variables_(variables), others_(others) {}

  Read<Set> read(std::string_view text) {
    const auto known = whole_.find(text);
    if (known != whole_.end()) return known->second;
    auto set = read_anew(text);
    // Most rules have one of a few fields; a long list is one rule's own.
    if (set && text.size() <= kMostKept) whole_.emplace(text, *set);
    return set;
  }

 private:
  static constexpr std::size_t kMaxDepth = 16;          // lists within lists, variables within variables
  static constexpr std::size_t kMaxRanges = 1U << 18U;  // of one list, its variables worked in
  static constexpr std::size_t kMostKept = 64;

  Read<Set> read_anew(std::string_view text) {
    Cursor at{text, 0};
    Parts parts;
    if (auto fault = element(at, parts)) return tl::unexpected(std::move(*fault));
    at.skip_blanks();
    if (at.ended()) return combine(std::move(parts), 0, trim(text));
    if (at.next() == ',') return refuse(at.offset, "a list without brackets", "[a,b]");
    return refuse(at.offset, fmt::format("'{}' after the {}", at.rest(), Kind::one), Kind::valid);
  }

  struct Cursor {
    std::string_view text;
    std::size_t offset = 0;

    bool ended() const { return offset == text.size(); }
    char next() const { return text[offset]; }
    std::string_view rest() const { return trim(text.substr(offset)); }
    void skip_blanks() { offset = std::min(text.find_first_not_of(" \t\r\n", offset), text.size()); }
    bool take(char wanted) {
      if (ended() || next() != wanted) return false;
      ++offset;
      return true;
    }
  };

  struct Parts {
    std::vector<typename Set::Range> with, without;
  };
  using Fault = std::optional<TextFault>;

  static tl::unexpected<TextFault> refuse(std::size_t offset, std::string message, std::string_view valid) {
    return tl::unexpected(TextFault{offset, std::move(message), std::string(valid)});
  }

  /// One element of a list, perhaps negated.
  Fault element(Cursor& at, Parts& parts) {
    at.skip_blanks();
    const auto begin = at.offset;
    const bool negated = at.take('!');
    if (negated && !at.ended() && at.next() == '!')
      return TextFault{at.offset, "a second '!'", "one '!' before what is left out"};
    auto set = term(at);
    if (!set) return std::move(set.error());
    const auto written = at.text.substr(begin, at.offset - begin);
    if (negated && set->is_any()) {
      const auto reason = fmt::format(": what it negates is every {}", Kind::one);
      return nothing_left(begin, written, reason);
    }
    auto& ranges = negated ? parts.without : parts.with;
    if (ranges.size() + set->ranges().size() > kMaxRanges)
      return TextFault{begin, fmt::format("the list holds more than {} ranges", kMaxRanges),
                       "a shorter list"};
    ranges.insert(ranges.end(), set->ranges().begin(), set->ranges().end());
    return {};
  }

  Read<Set> term(Cursor& at) {
    if (at.ended() || at.next() == ',' || at.next() == ']')
      return refuse(at.offset, fmt::format("no {} here", Kind::one), Kind::valid);
    if (at.next() == '[') return list(at);
    const auto begin = at.offset;
    at.offset = std::min(at.text.find_first_of(",[]", begin), at.text.size());
    const auto word = trim(at.text.substr(begin, at.offset - begin));
    if (word.starts_with('$')) return variable(word.substr(1), begin);
    if (same_text(word, "any")) return Set();
    auto set = Kind::literal(word);
    if (!set) set.error().offset += begin;
    return set;
  }

  Read<Set> list(Cursor& at) {
    const auto begin = at.offset++;
    if (depth_ >= kMaxDepth)
      return refuse(begin, fmt::format("lists and variables more than {} deep", kMaxDepth), "a flatter list");
    Parts parts;
    ++depth_;
    do {
      if (auto fault = element(at, parts)) {
        --depth_;
        return tl::unexpected(std::move(*fault));
      }
      at.skip_blanks();
    } while (at.take(','));
    --depth_;
    if (at.ended()) return refuse(begin, "the '[' opened here is not closed", "[a,b]");
    if (!at.take(']')) return refuse(at.offset, fmt::format("'{}' is in the way", at.next()), "',' or ']'");
    return combine(std::move(parts), begin, at.text.substr(begin, at.offset - begin));
  }

  static Read<Set> combine(Parts parts, std::size_t offset, std::string_view written) {
    Set with = parts.with.empty() ? Set() : Set(std::move(parts.with));
    if (parts.without.empty()) return with;
    Set left = with.without(Set(std::move(parts.without)));
    if (left.ranges().empty()) return tl::unexpected(nothing_left(offset, written, {}));
    return left;
  }

  static TextFault nothing_left(std::size_t offset, std::string_view written, std::string_view reason) {
    return {offset, fmt::format("'{}' leaves no {}{}", written, Kind::one, reason),
            std::string(Kind::nothing_left), written.find('$') != std::string_view::npos};
  }

  Read<Set> variable(std::string_view name, std::size_t offset) {
    if (const auto known = resolved_.find(name); known != resolved_.end()) return known->second;
    const auto found = variables_.find(name);
    if (found == variables_.end()) return undefined(name, offset);
    if (std::find(open_.begin(), open_.end(), name) != open_.end())
      return refuse(offset, fmt::format("${} stands for itself: {}", name, way_to(name)),
                    "a variable without a circle");
    if (depth_ >= kMaxDepth)
      return refuse(offset, fmt::format("lists and variables more than {} deep", kMaxDepth),
                    "a flatter list");
    open_.push_back(name);
    ++depth_;
    auto set = read(found->second);
    --depth_;
    open_.pop_back();
    if (!set) return refuse(offset, fmt::format("in ${}: {}", name, set.error().message), set.error().valid);
    resolved_.emplace(name, *set);
    return set;
  }

  Read<Set> undefined(std::string_view name, std::size_t offset) const {
    if (others_.contains(name))
      return refuse(offset, fmt::format("${} does not stand for {}", name, Kind::many), known_names());
    std::vector<std::string_view> names;
    for (const auto& [known, value] : variables_) names.push_back(known);
    const auto meant = nearest(name, names);
    const auto hint = meant.empty() ? std::string() : fmt::format(", did you mean ${}?", meant);
    return refuse(offset, fmt::format("${} is not defined{}", name, hint), known_names());
  }

  std::string known_names() const {
    std::string names;
    for (const auto& [name, value] : variables_) names += (names.empty() ? "$" : ", $") + name;
    return names.empty() ? "no variable is defined" : names;
  }

  std::string way_to(std::string_view name) const {
    std::string way;
    for (auto each = std::find(open_.begin(), open_.end(), name); each != open_.end(); ++each)
      way += fmt::format("${} -> ", *each);
    return way + fmt::format("${}", name);
  }

  const Values& variables_;
  const Values& others_;
  std::map<std::string, Set, std::less<>> resolved_;  // variables
  std::map<std::string, Set, std::less<>> whole_;     // texts
  std::vector<std::string_view> open_;
  std::size_t depth_ = 0;
};

}  // namespace bansoko::rule
