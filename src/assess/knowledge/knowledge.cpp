// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/knowledge.h"

#include <algorithm>
#include <charconv>

#include "assess/knowledge/codes.h"
#include "assess/knowledge/queries.h"

namespace bansoko::knowledge {
namespace {

/// Of two columns, the score and the vector; a score less than 0 is none.
std::optional<assess::Cvss> cvss_of(const Statement& row, int column) {
  if (row.real(column) < 0) return {};
  return assess::Cvss{.score = row.real(column), .vector = row.text(column + 1)};
}

/// Fills what the newest row lacks.
void fill(assess::Vulnerability& known, const Statement& row) {
  if (!known.published) known.published = row.date(0);
  if (known.title.empty()) known.title = row.text(2);
  if (known.description.empty()) known.description = row.text(3);
  if (!known.cvss2) known.cvss2 = cvss_of(row, 4);
  if (!known.cvss3) known.cvss3 = cvss_of(row, 6);
}

}  // namespace

Knowledge::Knowledge(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Knowledge::Knowledge(Knowledge&&) noexcept = default;
Knowledge& Knowledge::operator=(Knowledge&&) noexcept = default;
Knowledge::~Knowledge() = default;

Result<Knowledge> Knowledge::open(const std::string& path, Check check) {
  BANSOKO_TRY(Database database, open_to_read(path, check));
  BANSOKO_TRY(auto state, State::of(std::move(database)));
  return Knowledge(std::move(state));
}

Result<std::vector<Feed>> Knowledge::feeds() {
  std::vector<Feed> feeds;
  state_->feeds.bind();
  BANSOKO_CHECK(state_->each(state_->feeds, [&](const Statement& row) -> Result<> {
    const auto count = [&row](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    Feed& feed = feeds.emplace_back();
    feed.format = row.text(0);
    feed.scope = row.text(1);
    feed.source = row.text(2);
    feed.licence = row.text(3);
    feed.date = row.date(4);
    feed.version = row.text(5);
    feed.imported = row.integer(6);
    feed.sha256 = row.text(7);
    feed.bytes = count(8);
    feed.files = count(9);
    feed.records = count(10);
    state_->left_out.bind(row.integer(11));
    return state_->each(state_->left_out, [&feed](const Statement& left) -> Result<> {
      feed.left_out[left.text(0)] = static_cast<std::uint64_t>(left.integer(1));
      return {};
    });
  }));
  return feeds;
}

Result<std::vector<std::string>> Knowledge::microsoft_products() {
  std::vector<std::string> products;
  state_->microsoft_products.bind();
  BANSOKO_CHECK(state_->each(state_->microsoft_products, [&products](const Statement& row) -> Result<> {
    products.push_back(row.text(0));
    return {};
  }));
  return products;
}

Result<std::vector<assess::MicrosoftFix>> Knowledge::microsoft_fixes(std::string_view product) {
  std::vector<assess::MicrosoftFix> fixes;
  BANSOKO_TRY(const auto id, state_->words.id_of(product));
  if (!id) return fixes;
  state_->microsoft.bind(*id);
  BANSOKO_CHECK(state_->each(state_->microsoft, [&](const Statement& row) -> Result<> {
    assess::MicrosoftFix& fix = fixes.emplace_back();
    fix.product = product;
    fix.kb = name_of_kb(row.integer(0));
    BANSOKO_TRY(fix.cve, state_->name_of(row.integer(1)));
    BANSOKO_TRY(fix.component, state_->words.text(row.integer(2)));
    BANSOKO_TRY(fix.bulletin, state_->words.text(row.integer(3)));
    BANSOKO_TRY(fix.title, state_->words.text(row.integer(4)));
    BANSOKO_TRY(fix.severity, state_->words.text(row.integer(5)));
    BANSOKO_TRY(fix.impact, state_->words.text(row.integer(6)));
    BANSOKO_TRY(fix.supersedes, state_->split_word(row.integer(7), ';'));
    fix.posted = row.date(8);
    return {};
  }));
  return fixes;
}

Result<std::vector<Supersedence>> Knowledge::supersedences() {
  std::vector<Supersedence> pairs;
  state_->supersedes.bind();
  BANSOKO_CHECK(state_->each(state_->supersedes, [&](const Statement& row) -> Result<> {
    BANSOKO_TRY(const auto names, state_->split_word(row.integer(1), ';'));
    for (const std::string& name : names)
      pairs.push_back(
          {static_cast<std::uint32_t>(row.integer(0)), static_cast<std::uint32_t>(code_of_kb(name))});
    return {};
  }));
  const auto as_pair = [](const Supersedence& one) { return std::pair(one.kb, one.superseded); };
  const auto same = [&as_pair](const auto& a, const auto& b) { return as_pair(a) == as_pair(b); };
  std::sort(pairs.begin(), pairs.end(),
            [&as_pair](const auto& a, const auto& b) { return as_pair(a) < as_pair(b); });
  pairs.erase(std::unique(pairs.begin(), pairs.end(), same), pairs.end());
  return pairs;
}

Result<std::vector<assess::Vulnerability>> Knowledge::vulnerabilities(std::span<const std::string> cves) {
  std::vector<assess::Vulnerability> found;
  const std::string* last = nullptr;  // the one that stands last in `found`
  BANSOKO_CHECK(state_->each_of(
      state_->vulnerability, cves, [&](const std::string& cve, const Statement& row) -> Result<> {
        if (last != &cve) {
          last = &cve;
          found.push_back({.cve = cve, .modified = row.date(1), .rejected = row.truth(8)});
        }
        fill(found.back(), row);
        return {};
      }));
  return found;
}

Result<std::vector<assess::KnownExploited>> Knowledge::known_exploited(std::span<const std::string> cves) {
  std::vector<assess::KnownExploited> found;
  const std::string* last = nullptr;
  BANSOKO_CHECK(
      state_->each_of(state_->exploited, cves, [&](const std::string& cve, const Statement& row) -> Result<> {
        if (std::exchange(last, &cve) == &cve) return {};
        assess::KnownExploited& one = found.emplace_back();
        one.cve = cve;
        one.vendor = row.text(0);
        one.product = row.text(1);
        one.name = row.text(2);
        one.added = row.date(3);
        one.due = row.date(4);
        one.ransomware = row.truth(5);
        return {};
      }));
  return found;
}

Result<std::vector<assess::ExploitProbability>> Knowledge::exploit_probabilities(
    std::span<const std::string> cves) {
  std::vector<assess::ExploitProbability> found;
  BANSOKO_CHECK(state_->each_of(
      state_->probability, cves, [&](const std::string& cve, const Statement& row) -> Result<> {
        found.push_back({.cve = cve, .probability = row.real(0), .percentile = row.real(1)});
        return {};
      }));
  return found;
}

Result<std::vector<assess::Ssvc>> Knowledge::ssvc(std::span<const std::string> cves) {
  std::vector<assess::Ssvc> found;
  BANSOKO_CHECK(
      state_->each_of(state_->ssvc, cves, [&](const std::string& cve, const Statement& row) -> Result<> {
        assess::Ssvc& one = found.emplace_back();
        one.cve = cve;
        one.exploitation = row.text(0);
        one.automatable = row.text(1);
        one.technical_impact = row.text(2);
        one.decided = row.date(3);
        return {};
      }));
  return found;
}

Result<std::vector<assess::JapaneseEntry>> Knowledge::japanese_entries(std::span<const std::string> cves) {
  std::map<std::string, assess::JapaneseEntry, std::less<>> by_id;
  BANSOKO_CHECK(
      state_->each_of(state_->japanese, cves, [&](const std::string&, const Statement& row) -> Result<> {
        assess::JapaneseEntry& entry = by_id[row.text(0)];
        entry = {.id = row.text(0), .title = row.text(1), .overview = row.text(2), .solution = row.text(3)};
        entry.published = row.date(4);
        entry.cvss2 = cvss_of(row, 5);
        entry.cvss3 = cvss_of(row, 7);
        entry.link = row.text(9);
        const std::string names = row.text(10);
        for (std::string_view rest = names; !rest.empty();) {
          const std::size_t end = std::min(rest.find(' '), rest.size());
          entry.cves.emplace_back(rest.substr(0, end));
          rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return {};
      }));
  std::vector<assess::JapaneseEntry> found;
  found.reserve(by_id.size());
  for (auto& [id, entry] : by_id) found.push_back(std::move(entry));
  return found;
}

}  // namespace bansoko::knowledge
