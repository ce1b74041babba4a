// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::pattern {

/// A byte string to look for, a loan. `id` is the caller's own and may stand for several uses of it.
struct Literal {
  std::string_view bytes;
  bool nocase = false;
  std::uint32_t id = 0;
};

class DatabaseCache;
class Scratch;

/// Many literals, found in one pass over a buffer (Vectorscan, block mode). Immutable and shared by workers.
class LiteralDatabase {
 public:
  /// `literals` must not be empty, nor hold an empty one. One of the same bytes and case may come once only.
  /// With a cache it is taken from there, or kept there for the next time.
  static Result<LiteralDatabase> compile(std::span<const Literal> literals, DatabaseCache* cache = nullptr);
  LiteralDatabase(LiteralDatabase&&) noexcept;
  LiteralDatabase& operator=(LiteralDatabase&&) noexcept;
  ~LiteralDatabase();

  /// Called for each place where a literal ends; often, and more than once for the same one.
  using OnHit = void (*)(void* context, std::uint32_t id) noexcept;
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

  std::unique_ptr<Database> database_;
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
