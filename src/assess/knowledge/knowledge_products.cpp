// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "assess/knowledge/knowledge.h"
#include "assess/knowledge/queries.h"

namespace bansoko::knowledge {

Result<std::vector<assess::PackageFix>> Knowledge::package_fixes(std::string_view distribution,
                                                                 std::string_view release,
                                                                 std::span<const std::string> packages) {
  std::vector<assess::PackageFix> fixes;
  BANSOKO_TRY(const auto distribution_id, state_->words.id_of(distribution));
  BANSOKO_TRY(const auto release_id,
              release.empty() ? std::optional<std::int64_t>(0) : state_->words.id_of(release));
  if (!distribution_id || !release_id) return fixes;
  for (const std::string& package : packages) {
    BANSOKO_TRY(const auto id, state_->words.id_of(package));
    if (!id) continue;
    state_->package.bind(*id, *distribution_id, *release_id);
    BANSOKO_CHECK(state_->each(state_->package, [&](const Statement& row) -> Result<> {
      assess::PackageFix& fix = fixes.emplace_back();
      fix.distribution = distribution;
      fix.release = release;
      fix.package = package;
      fix.is_source = row.truth(0);
      fix.status = static_cast<assess::FixStatus>(row.integer(1));
      fix.fixed_version = row.text(2);
      BANSOKO_TRY(fix.advisory, state_->words.text(row.integer(3)));
      BANSOKO_TRY(fix.cve, state_->name_of(row.integer(4)));
      BANSOKO_TRY(fix.severity, state_->words.text(row.integer(5)));
      BANSOKO_TRY(fix.arch, state_->words.text(row.integer(6)));
      BANSOKO_TRY(fix.module, state_->words.text(row.integer(7)));
      fix.published = row.date(8);
      fix.introduced = row.text(9);
      fix.last_affected = row.text(10);
      return {};
    }));
  }
  return fixes;
}

Result<std::vector<assess::AffectedProduct>> Knowledge::affected_products(
    std::span<const std::string> products) {
  std::vector<assess::AffectedProduct> found;
  for (const std::string& product : products) {
    BANSOKO_TRY(const auto id, state_->words.id_of(product));
    if (!id) continue;
    state_->affected.bind(*id);
    BANSOKO_CHECK(state_->each(state_->affected, [&](const Statement& row) -> Result<> {
      assess::AffectedProduct& one = found.emplace_back();
      BANSOKO_TRY(one.cve, state_->name_of(row.integer(0)));
      const std::string part = row.text(1);
      one.part = part.empty() ? 'a' : part[0];
      one.product = product;
      one.version = row.text(2);
      one.update = row.text(3);
      one.edition = row.text(4);
      one.from = row.text(5);
      one.from_included = row.truth(6);
      one.to = row.text(7);
      one.to_included = row.truth(8);
      BANSOKO_TRY(one.running_on, state_->split_word(row.integer(9), '\n'));
      return {};
    }));
  }
  return found;
}

Result<std::vector<assess::Lifecycle>> Knowledge::lifecycles(std::span<const std::string> products) {
  std::vector<assess::Lifecycle> found;
  for (const std::string& product : products) {
    std::map<std::string, std::size_t, std::less<>> cycles;  // where in `found` one stands
    state_->lifecycle.bind(product);
    BANSOKO_CHECK(state_->each(state_->lifecycle, [&](const Statement& row) -> Result<> {
      const auto [at, is_new] = cycles.try_emplace(row.text(0), found.size());
      if (is_new) found.emplace_back();
      assess::Lifecycle& one = found[at->second];
      one.product = product;
      one.cycle = row.text(0);
      one.label = row.text(1);
      one.released = row.date(2);
      one.mainstream_end = row.date(3);
      one.end = row.date(4);
      one.extended_end = row.date(5);
      one.ended = row.truth(6);
      one.latest = row.text(7);
      one.link = row.text(8);
      return {};
    }));
  }
  return found;
}

}  // namespace bansoko::knowledge
