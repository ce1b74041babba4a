// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "assess/knowledge/database.h"

namespace bansoko::knowledge {

/// Texts that stand in many rows, by number. The empty text is 0.
class WordReader {
 public:
  /// The database must outlive this.
  static Result<WordReader> of(Database& database);

  /// Valid for the life of this.
  Result<std::string_view> text(std::int64_t id);
  /// Nothing: no row can have it.
  Result<std::optional<std::int64_t>> id_of(std::string_view text);

 private:
  Statement by_id_, by_text_;
  std::unordered_map<std::int64_t, std::string> known_;
};

/// Gives texts their numbers, new ones where they have none.
class WordWriter {
 public:
  /// The database must outlive this.
  static Result<WordWriter> of(Database& database);

  Result<std::int64_t> id_of(std::string_view text);
  /// A CVE's code; of another name less than 0: its word's number. 0 for no name.
  Result<std::int64_t> code_of(std::string_view cve);
  /// What is wrong with the file, if anything.
  const Result<>& state() const noexcept { return state_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  Database* database_ = nullptr;
  Statement add_, find_;
  Result<> state_;
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> known_;
};

}  // namespace bansoko::knowledge
