// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/knowledge/knowledge.h"
#include "assess/knowledge/words.h"

namespace bansoko::knowledge {

/// The open file and its statements, by what they give.
class Knowledge::State {
 public:
  static Result<std::unique_ptr<State>> of(Database opened);

  /// Less than 0: a word; nothing: no row can have it.
  Result<std::optional<std::int64_t>> code_of(std::string_view cve);
  Result<std::string> name_of(std::int64_t code);
  Result<std::vector<std::string>> split_word(std::int64_t id, char between);
  /// Calls `row` for each row of the statement, whose values are bound.
  template <class Row>
  Result<> each(Statement& statement, const Row& row) {
    for (;;) {
      BANSOKO_TRY(const bool more, statement.step());
      if (!more) break;
      BANSOKO_CHECK(row(statement));
    }
    statement.reset();
    return {};
  }
  /// Calls `row` for each row of each CVE.
  template <class Row>
  Result<> each_of(Statement& statement, std::span<const std::string> cves, const Row& row) {
    for (const std::string& cve : cves) {
      BANSOKO_TRY(const auto code, code_of(cve));
      if (!code) continue;
      statement.bind(*code);
      BANSOKO_CHECK(each(statement, [&](const Statement& at) { return row(cve, at); }));
    }
    return {};
  }

  Database database;
  WordReader words;
  Statement feeds, left_out, microsoft_products, microsoft, supersedes, vulnerability, exploited, probability,
      ssvc, japanese, package, affected, lifecycle;

 private:
  explicit State(Database opened) : database(std::move(opened)) {}
  Result<> prepare();
};

}  // namespace bansoko::knowledge
