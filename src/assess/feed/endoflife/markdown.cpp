// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <fmt/format.h>

#include "assess/feed/endoflife/endoflife.h"
#include "assess/feed/names.h"
#include "base/map_reader.h"
#include "base/printable.h"
#include "base/settings_tree.h"
#include "base/text.h"

// https://github.com/endoflife-date/endoflife.date/blob/master/CONTRIBUTING.md tells what the keys mean.
namespace bansoko::feed::endoflife {
namespace {

constexpr std::size_t kLargestFront = std::size_t{1} << 20U;
constexpr std::size_t kMostDepth = 32;  // of brackets in one line, which the YAML reader follows by recursion

/// The YAML between the lines "---", after as many empty lines as keep its numbers of lines.
Result<std::string> front_matter(ByteSource& bytes) {
  std::string text;
  std::array<char, 16384> piece{};
  for (std::size_t got = 1; got != 0;) {
    BANSOKO_TRY(got, bytes.read(piece));
    text.append(piece.data(), got);
    const auto end = text.find("\n---", 3);
    const bool whole = end != std::string::npos && text.size() > end + 4;
    if (whole && (text[end + 4] == '\n' || text[end + 4] == '\r')) return "\n" + text.substr(4, end - 3);
    if (text.size() > kLargestFront)
      return fail(Errc::limit, "what stands before the text is longer than {} bytes", kLargestFront);
  }
  const auto end = text.find("\n---", 3);
  if (end != std::string::npos && end + 4 == text.size()) return "\n" + text.substr(4, end - 3);
  return fail(Errc::invalid, "what stands before the text has no end ('---')");
}

Result<> check_depth(std::string_view yaml) {
  std::size_t line = 1, open = 0;
  for (const char c : yaml) {
    if (c == '\n') {
      ++line;
      open = 0;
    } else if (c == '[' || c == '{') {
      ++open;
    }
    if (open > kMostDepth) return fail(Errc::limit, "line {}: more than {} brackets", line, kMostDepth);
  }
  return {};
}

std::string_view text_at(const settings::Node& map, std::string_view key) {
  const settings::Node* const value = settings::value_of(map, key);
  return value != nullptr && value->kind == settings::Kind::scalar ? std::string_view(value->text)
                                                                   : std::string_view();
}

std::string filled(std::string_view with, const assess::Lifecycle& cycle, std::string_view codename) {
  std::string text(with);
  for (const auto& [name, value] :
       {std::pair<std::string_view, std::string_view>{"__RELEASE_CYCLE__", cycle.cycle},
        {"__CODENAME__", codename},
        {"__LATEST__", cycle.latest}})
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
      text.replace(at, name.size(), value);
  return text;
}

/// A date, true or false. What is neither is counted.
void read_end(std::string_view value, std::optional<assess::Date>& day, bool* over, Tally& tally) {
  if (value.empty() || value == "false" || value == "null" || value == "~") return;
  if (value == "true") {
    if (over != nullptr) *over = true;
    return;
  }
  const auto date = assess::parse_date(value);
  if (date)
    day = *date;
  else
    tally.leave_out("values that are no date");
}

Result<> put_release(const settings::Node& release, const std::string& product, std::string_view label,
                     std::string_view link, Tally& tally) {
  assess::Lifecycle record{.product = product, .cycle = std::string(text_at(release, "releaseCycle"))};
  if (record.cycle.empty()) {
    tally.leave_out("releases without a name");
    return {};
  }
  record.latest = text_at(release, "latest");
  const std::string_view own = text_at(release, "releaseLabel"), codename = text_at(release, "codename");
  record.label =
      own.empty() && label.empty() ? record.cycle : filled(own.empty() ? label : own, record, codename);
  read_end(text_at(release, "releaseDate"), record.released, nullptr, tally);
  read_end(text_at(release, "eoas"), record.mainstream_end, nullptr, tally);
  read_end(text_at(release, "eol"), record.end, &record.ended, tally);
  read_end(text_at(release, "eoes"), record.extended_end, nullptr, tally);
  const std::string_view own_link = text_at(release, "link");
  record.link = filled(own_link.empty() ? link : own_link, record, codename);
  return tally.put(record);
}

}  // namespace

Result<Stamp> read_markdown(const Input& input, Tally& tally, const Limits& limits) {
  BANSOKO_TRY(const std::string yaml, front_matter(input.bytes));
  BANSOKO_CHECK(check_depth(yaml));
  settings::Faults faults;
  const auto tree = settings::parse_tree(yaml, input.name, faults);
  if (!faults.empty())
    return fail(Errc::invalid, "line {}: {}", faults.front().line,
                printable(faults.front().message).substr(0, 300));
  if (!tree || tree->kind != settings::Kind::map) return fail(Errc::invalid, "line 2: no mapping");
  const settings::Node* const releases = settings::value_of(*tree, "releases");
  if (releases == nullptr || releases->kind != settings::Kind::list)
    return fail(Errc::invalid, "line 2: it has no list 'releases'");
  std::string_view slug = text_at(*tree, "permalink");
  slug = slug.empty() ? stem_of(input.name) : slug.substr(slug.find_last_of('/') + 1);
  const std::string product(slug);
  if (product.size() > limits.max_text)
    return fail(Errc::limit, "its name is longer than {} bytes", limits.max_text);
  for (const settings::Node& release : releases->items) {
    if (release.kind != settings::Kind::map) return fail(Errc::invalid, "line {}: no release", release.line);
    BANSOKO_CHECK(put_release(release, product, text_at(*tree, "releaseLabel"),
                              text_at(*tree, "changelogTemplate"), tally));
  }
  tally.stamp.scope = printable(product);
  tally.stamp.together = "";
  return std::move(tally.stamp);
}

}  // namespace bansoko::feed::endoflife
