// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "assess/model/date.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bansoko::knowledge {

/// One prepared statement. Its database must outlive it.
class Statement {
 public:
  Statement() = default;

  /// Gives it its values, in order, and forgets what it did before. Texts are a loan until the next call of
  /// step() has ended it.
  template <class... Values>
  void bind(const Values&... values) {
    reset();
    int at = 0;
    (bind_one(++at, values), ...);
  }
  /// Whether there is a row.
  Result<bool> step();
  /// Binds and runs it to its end.
  template <class... Values>
  Result<> run(const Values&... values) {
    bind(values...);
    return finish();
  }
  void reset();

  // Of the row, by column from 0.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool truth(int column) const { return integer(column) != 0; }
  std::optional<assess::Date> date(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  template <std::integral Number>
  void bind_one(int at, Number number) {
    bind_integer(at, static_cast<std::int64_t>(number));
  }
  void bind_one(int at, double number);
  void bind_one(int at, std::string_view text);
  void bind_one(int at, const std::string& text) { bind_one(at, std::string_view(text)); }
  void bind_one(int at, const char* text) { bind_one(at, std::string_view(text)); }
  void bind_one(int at, const std::optional<assess::Date>& date);
  void bind_integer(int at, std::int64_t number);
  Result<> finish();
  tl::unexpected<Error> refusal() const;

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// An open SQLite file.
class Database {
 public:
  enum class Mode { read, write };  // write: makes the file if it is not there

  static Result<Database> open(const std::string& path, Mode mode);

  /// Statements without values and without rows.
  Result<> run(const char* statements);
  Result<Statement> prepare(std::string_view statement);
  /// The one number that a statement gives.
  Result<std::int64_t> number(std::string_view statement);
  std::int64_t last_row() const noexcept;
  std::int64_t changes() const noexcept;
  const std::string& path() const noexcept { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace bansoko::knowledge
