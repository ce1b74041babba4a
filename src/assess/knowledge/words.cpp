// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/words.h"

#include "assess/knowledge/codes.h"

namespace bansoko::knowledge {
namespace {

constexpr std::size_t kMostKnown = 400'000;  // words held in memory; all are in the file
constexpr std::size_t kLongestKnown = 1024;

}  // namespace

Result<WordReader> WordReader::of(Database& database) {
  WordReader words;
  BANSOKO_TRY(words.by_id_, database.prepare("SELECT text FROM word WHERE id = ?"));
  BANSOKO_TRY(words.by_text_, database.prepare("SELECT id FROM word WHERE text = ?"));
  return words;
}

Result<std::string_view> WordReader::text(std::int64_t id) {
  if (id == 0) return std::string_view();
  const auto known = known_.find(id);
  if (known != known_.end()) return std::string_view(known->second);
  by_id_.bind(id);
  BANSOKO_TRY(const bool row, by_id_.step());
  if (!row) return fail(Errc::invalid, "it is damaged: word {} is missing", id);
  return std::string_view(known_.emplace(id, by_id_.text(0)).first->second);
}

Result<std::optional<std::int64_t>> WordReader::id_of(std::string_view text) {
  by_text_.bind(text);
  BANSOKO_TRY(const bool row, by_text_.step());
  std::optional<std::int64_t> id;
  if (row) id = by_text_.integer(0);
  by_text_.reset();
  return id;
}

Result<WordWriter> WordWriter::of(Database& database) {
  WordWriter words;
  words.database_ = &database;
  BANSOKO_TRY(words.add_, database.prepare("INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING"));
  BANSOKO_TRY(words.find_, database.prepare("SELECT id FROM word WHERE text = ?"));
  return words;
}

Result<std::int64_t> WordWriter::id_of(std::string_view text) {
  if (text.empty()) return 0;
  const auto known = known_.find(text);
  if (known != known_.end()) return known->second;
  find_.bind(text);
  BANSOKO_TRY(const bool row, find_.step());
  std::int64_t id = row ? find_.integer(0) : 0;
  find_.reset();
  if (!row) {
    state_ = add_.run(text);
    BANSOKO_CHECK(state_);
    id = database_->last_row();
  }
  if (known_.size() >= kMostKnown) known_.clear();
  if (text.size() <= kLongestKnown) known_.emplace(text, id);
  return id;
}

Result<std::int64_t> WordWriter::code_of(std::string_view cve) {
  if (const auto code = code_of_cve(cve)) return *code;
  BANSOKO_TRY(const std::int64_t id, id_of(cve));
  return -id;
}

}  // namespace bansoko::knowledge
