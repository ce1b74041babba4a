// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "assess/knowledge/codes.h"
#include "assess/knowledge/writer.h"

namespace bansoko::knowledge {
namespace {

/// A score of -1 stands for none.
struct Score {
  explicit Score(const std::optional<assess::Cvss>& cvss)
      : score(cvss ? cvss->score : -1), vector(cvss ? std::string_view(cvss->vector) : std::string_view()) {}
  double score;
  std::string_view vector;
};

}  // namespace

template <class... Values>
Result<> Writer::insert(Table table, const Values&... values) {
  const auto at = static_cast<std::size_t>(table);
  store_ = inserts_[at].run(id_, values...);
  BANSOKO_CHECK(store_);
  tables_ |= 1U << at;
  last_rows_[at] = database_.last_row();
  return {};
}

Result<> Writer::count_record() {
  if (++records_ > max_records_) return fail(Errc::limit, "it has more than {} records", max_records_);
  return {};
}

Result<> Writer::put(const assess::Vulnerability& record) {
  BANSOKO_CHECK(count_record());
  BANSOKO_TRY(const auto cve, words_.code_of(record.cve));
  const Score two(record.cvss2), three(record.cvss3);
  return insert(Table::vulnerability, cve, record.published, record.modified, record.title,
                record.description, two.score, two.vector, three.score, three.vector, record.rejected);
}

Result<> Writer::put(const assess::AffectedProduct& record) {
  BANSOKO_CHECK(count_record());
  BANSOKO_TRY(const auto cve, words_.code_of(record.cve));
  BANSOKO_TRY(const auto product, words_.id_of(record.product));
  BANSOKO_TRY(const auto running_on, words_.id_of(fmt::format("{}", fmt::join(record.running_on, "\n"))));
  return insert(Table::affected, cve, std::string_view(&record.part, 1), product, record.version,
                record.update, record.edition, record.from, record.from_included, record.to,
                record.to_included, running_on);
}

Result<> Writer::put(const assess::KnownExploited& record) {
  BANSOKO_CHECK(count_record());
  BANSOKO_TRY(const auto cve, words_.code_of(record.cve));
  return insert(Table::exploited, cve, record.vendor, record.product, record.name, record.added, record.due,
                record.ransomware);
}

Result<> Writer::put(const assess::ExploitProbability& record) {
  BANSOKO_CHECK(count_record());
  BANSOKO_TRY(const auto cve, words_.code_of(record.cve));
  return insert(Table::probability, cve, record.probability, record.percentile);
}

Result<> Writer::put(const assess::Ssvc& record) {
  BANSOKO_CHECK(count_record());
  BANSOKO_TRY(const auto cve, words_.code_of(record.cve));
  return insert(Table::ssvc, cve, record.exploitation, record.automatable, record.technical_impact,
                record.decided);
}

Result<> Writer::put(const assess::MicrosoftFix& record) {
  BANSOKO_CHECK(count_record());
  BANSOKO_TRY(const auto cve, words_.code_of(record.cve));
  BANSOKO_TRY(const auto product, words_.id_of(record.product));
  BANSOKO_TRY(const auto component, words_.id_of(record.component));
  BANSOKO_TRY(const auto bulletin, words_.id_of(record.bulletin));
  BANSOKO_TRY(const auto title, words_.id_of(record.title));
  BANSOKO_TRY(const auto severity, words_.id_of(record.severity));
  BANSOKO_TRY(const auto impact, words_.id_of(record.impact));
  BANSOKO_TRY(const auto supersedes, words_.id_of(fmt::format("{}", fmt::join(record.supersedes, ";"))));
  const std::int64_t kb = code_of_kb(record.kb);
  if (kb != 0 && supersedes != 0 && superseding_.emplace(kb, supersedes).second)
    BANSOKO_CHECK(insert(Table::supersedence, kb, supersedes));
  return insert(Table::microsoft, product, component, kb, cve, bulletin, title, severity, impact, supersedes,
                record.posted);
}

Result<> Writer::put(const assess::PackageFix& record) {
  BANSOKO_CHECK(count_record());
  BANSOKO_TRY(const auto cve, words_.code_of(record.cve));
  BANSOKO_TRY(const auto distribution, words_.id_of(record.distribution));
  BANSOKO_TRY(const auto release, words_.id_of(record.release));
  BANSOKO_TRY(const auto package, words_.id_of(record.package));
  BANSOKO_TRY(const auto advisory, words_.id_of(record.advisory));
  BANSOKO_TRY(const auto severity, words_.id_of(record.severity));
  BANSOKO_TRY(const auto arch, words_.id_of(record.arch));
  BANSOKO_TRY(const auto module, words_.id_of(record.module));
  return insert(Table::package, distribution, release, package, record.is_source,
                static_cast<std::int64_t>(record.status), record.fixed_version, advisory, cve, severity, arch,
                module, record.published, record.introduced, record.last_affected);
}

Result<> Writer::put(const assess::Lifecycle& record) {
  BANSOKO_CHECK(count_record());
  return insert(Table::lifecycle, record.product, record.cycle, record.label, record.released,
                record.mainstream_end, record.end, record.extended_end, record.ended, record.latest,
                record.link);
}

Result<> Writer::put(const assess::JapaneseEntry& record) {
  BANSOKO_CHECK(count_record());
  const Score two(record.cvss2), three(record.cvss3);
  BANSOKO_CHECK(insert(Table::japanese, record.id, record.title, record.overview, record.solution,
                       record.published, two.score, two.vector, three.score, three.vector, record.link,
                       fmt::format("{}", fmt::join(record.cves, " "))));
  const std::int64_t entry = database_.last_row();
  for (const std::string& name : record.cves) {
    BANSOKO_TRY(const auto cve, words_.code_of(name));
    BANSOKO_CHECK(insert(Table::japanese_cve, cve, entry));
  }
  return {};
}

}  // namespace bansoko::knowledge
