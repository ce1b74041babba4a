// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/queries.h"

#include "assess/knowledge/codes.h"

namespace bansoko::knowledge {

Result<std::unique_ptr<Knowledge::State>> Knowledge::State::of(Database opened) {
  std::unique_ptr<State> state(new State(std::move(opened)));  // NOLINT(cppcoreguidelines-owning-memory)
  BANSOKO_TRY(state->words, WordReader::of(state->database));
  BANSOKO_CHECK(state->prepare());
  return state;
}

Result<> Knowledge::State::prepare() {
  const std::pair<Statement*, std::string_view> statements[] = {
      {&feeds,
       "SELECT format, scope, source, licence, date, version, imported, sha256, bytes, files, records, id "
       "FROM feed "
       "ORDER BY format, scope"},
      {&left_out, "SELECT why, times FROM left_out WHERE feed = ?"},
      {&microsoft_products,
       "SELECT text FROM word WHERE EXISTS (SELECT 1 FROM microsoft WHERE product = word.id) ORDER BY text"},
      {&microsoft,
       "SELECT kb, cve, component, bulletin, title, severity, impact, supersedes, posted FROM microsoft "
       "WHERE product = ?"},
      {&supersedes, "SELECT DISTINCT kb, supersedes FROM supersedence"},
      {&vulnerability,
       "SELECT published, modified, title, description, score2, vector2, score3, vector3, rejected "
       "FROM vulnerability WHERE cve = ? ORDER BY modified DESC, feed DESC, rowid DESC"},
      {&exploited,
       "SELECT vendor, product, name, added, due, ransomware FROM exploited WHERE cve = ? "
       "ORDER BY product = '', feed DESC, rowid DESC"},
      {&probability,
       "SELECT probability, percentile FROM probability WHERE cve = ? ORDER BY feed DESC, rowid DESC LIMIT "
       "1"},
      {&ssvc,
       "SELECT exploitation, automatable, impact, decided FROM ssvc WHERE cve = ? "
       "ORDER BY decided DESC, feed DESC, rowid DESC LIMIT 1"},
      {&japanese,
       "SELECT id, title, overview, solution, published, score2, vector2, score3, vector3, link, cves "
       "FROM japanese_cve JOIN japanese ON japanese.rowid = entry WHERE cve = ? "
       "ORDER BY japanese.feed, japanese.rowid"},
      {&package,
       "SELECT is_source, status, fixed_version, advisory, cve, severity, arch, module, published, "
       "introduced, last_affected FROM package "
       "WHERE package = ? AND distribution = ? AND release = ?"},
      {&affected,
       "SELECT cve, part, version, update_, edition, from_, from_included, to_, to_included, running_on FROM "
       "affected "
       "WHERE product = ?1 AND feed = coalesce((SELECT v.feed FROM vulnerability v JOIN feed f ON f.id = "
       "v.feed "
       "WHERE v.cve = affected.cve AND f.tables & 2 ORDER BY v.modified DESC, v.feed DESC LIMIT 1), feed)"},
      {&lifecycle,
       "SELECT cycle, label, released, mainstream_end, end_, extended_end, ended, latest, link FROM "
       "lifecycle "
       "WHERE product = ? ORDER BY feed, rowid"}};
  for (const auto& [statement, text] : statements) {
    BANSOKO_TRY(*statement, database.prepare(text));
  }
  return {};
}

Result<std::optional<std::int64_t>> Knowledge::State::code_of(std::string_view cve) {
  if (const auto code = code_of_cve(cve)) return code;
  BANSOKO_TRY(auto id, words.id_of(cve));
  if (id) id = -*id;
  return id;
}

Result<std::string> Knowledge::State::name_of(std::int64_t code) {
  if (code > 0) return name_of_cve(code);
  BANSOKO_TRY(const std::string_view text, words.text(-code));
  return std::string(text);
}

Result<std::vector<std::string>> Knowledge::State::split_word(std::int64_t id, char between) {
  std::vector<std::string> parts;
  BANSOKO_TRY(std::string_view text, words.text(id));
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(between), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace bansoko::knowledge
