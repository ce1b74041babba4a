// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "shield/pattern/gram_index.h"
#include "shield/pattern/literal.h"

namespace bansoko::pattern {

class DatabaseCache;
class Scratch;

/// Many literals, found in a buffer: by their grams, and the shortest by Vectorscan (block mode). Immutable
/// and shared by workers.
class LiteralDatabase {
 public:
  /// `literals` must not be empty, nor hold an empty one. One of the same bytes and case may come once only.
  /// With a cache it is taken from there, or kept there for the next time.
  static Result<LiteralDatabase> compile(std::span<const Literal> literals, DatabaseCache* cache = nullptr);
  LiteralDatabase(LiteralDatabase&&) noexcept;
  LiteralDatabase& operator=(LiteralDatabase&&) noexcept;
  ~LiteralDatabase();

  void scan(Bytes bytes, Scratch& scratch, OnHit on_hit, void* context) const noexcept;

  std::size_t longest() const noexcept { return longest_; }
  std::size_t memory() const noexcept;

 private:
  friend class Scratch;
  struct Database;
  LiteralDatabase() = default;
  Result<> build(std::span<const Literal> literals);
  bool restore(const std::string& content);
  void keep(DatabaseCache& cache, const std::string& name) const;

  std::unique_ptr<Database> database_;  // null: no literal is for it
  std::optional<GramIndex> long_, short_;
  std::size_t longest_ = 0;
};

/// The working memory of one thread, large enough for every database it was fitted to.
class Scratch {
 public:
  Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;
  ~Scratch();

  Result<> fit(const LiteralDatabase& database);

 private:
  friend class LiteralDatabase;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::pattern
