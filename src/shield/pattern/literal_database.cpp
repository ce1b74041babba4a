// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/literal_database.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <hs/hs.h>

#include "base/digest.h"
#include "base/free_memory.h"
#include "shield/pattern/database_cache.h"

namespace bansoko::pattern {

struct LiteralDatabase::Database {
  struct Free {
    void operator()(hs_database_t* database) const noexcept { hs_free_database(database); }
  };
  std::unique_ptr<hs_database_t, Free> handle;
};

struct Scratch::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { hs_free_scratch(handle); }
  hs_scratch_t* handle = nullptr;
};

namespace {

// Not hs_compile_lit_multi: it refuses literals that begin with NUL, and is no faster.
std::string as_expression(std::string_view bytes) {
  std::string expression;
  expression.reserve(bytes.size() * 4);
  for (const char byte : bytes)
    fmt::format_to(std::back_inserter(expression), "\\x{:02x}", static_cast<std::uint8_t>(byte));
  return expression;
}

struct Hit {
  OnHit call;
  void* context;
};

// For small writes Vectorscan builds an automaton of all literals besides, as long as they are fewer than
// 10,000. For hundreds of them it takes 200 ms and 170 MiB, and is then thrown away for its size. An
// expression with a stated minimum length keeps it from trying: 20 ms and 5 MiB, and the same speed. It
// stands for nothing.
constexpr std::size_t kFewLiterals = 128;
constexpr const char* kSpoiler = R"(\xf3\x9a\x01\xc7.{0,2}\xe2\x88\xb5\x93)";
constexpr unsigned kSpoilerId = ~0U;

/// Names what a database is compiled from: the literals, the library, and what the processor can do.
std::string name_of(std::span<const Literal> literals) {
  hs_platform_info_t platform{};
  hs_populate_platform(&platform);
  std::string described =
      fmt::format("{}\n{}\n{} {}\n", hs_version(), kSpoiler, platform.tune, platform.cpu_features);
  const auto add_number = [&described](std::uint32_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) described += static_cast<char>(number >> shift);
  };
  for (const Literal& literal : literals) {
    add_number(static_cast<std::uint32_t>(literal.bytes.size()));
    add_number(literal.nocase ? 1 : 0);
    add_number(literal.id);
    described += literal.bytes;
  }
  Digest digest(DigestKind::sha256);
  digest.add(as_bytes(described));
  return hexadecimal(digest.finish());
}

hs_expr_ext_t spoiler_terms() noexcept {
  hs_expr_ext_t terms{};
  terms.flags = HS_EXT_FLAG_MIN_LENGTH;
  terms.min_length = 9;
  return terms;
}

int on_match(unsigned id, unsigned long long, unsigned long long, unsigned, void* context) noexcept {
  if (id == kSpoilerId) return 0;
  const auto& hit = *static_cast<const Hit*>(context);
  hit.call(hit.context, id);
  return 0;
}

// So few literals Vectorscan finds about as fast as one: a pass more would take longer.
constexpr std::size_t kMostOthers = 48;

void spare_pass(std::vector<Literal>& indexed, std::vector<Literal>& others) {
  if (indexed.size() + others.size() > kMostOthers) return;
  others.insert(others.end(), indexed.begin(), indexed.end());
  indexed.clear();
}

}  // namespace

LiteralDatabase::LiteralDatabase(LiteralDatabase&&) noexcept = default;
LiteralDatabase& LiteralDatabase::operator=(LiteralDatabase&&) noexcept = default;
LiteralDatabase::~LiteralDatabase() = default;

Result<LiteralDatabase> LiteralDatabase::compile(std::span<const Literal> literals, DatabaseCache* cache) {
  LiteralDatabase made;
  std::vector<Literal> by_long, by_short, others;
  for (const Literal& literal : literals) {
    const std::size_t size = literal.bytes.size();
    made.longest_ = std::max(made.longest_, size);
    auto& rest = size >= kShortGrams.window() ? by_short : others;
    (size >= kLongGrams.window() ? by_long : rest).push_back(literal);
  }
  spare_pass(by_short, others);
  spare_pass(by_long, others);
  if (!by_long.empty()) made.long_.emplace(by_long, kLongGrams);
  if (!by_short.empty()) made.short_.emplace(by_short, kShortGrams);
  if (others.empty()) return made;
  const std::string name = cache == nullptr ? "" : name_of(others);
  if (cache != nullptr && made.restore(cache->find(name))) return made;
  BANSOKO_CHECK(made.build(others));
  if (cache != nullptr) made.keep(*cache, name);
  return made;
}

Result<> LiteralDatabase::build(std::span<const Literal> literals) {
  std::vector<std::string> expressions;
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const Literal& literal : literals) {
    expressions.push_back(as_expression(literal.bytes));
    flags.push_back(literal.nocase ? HS_FLAG_CASELESS : 0U);
    ids.push_back(literal.id);
  }
  texts.reserve(expressions.size() + 1);
  for (const std::string& expression : expressions) texts.push_back(expression.c_str());
  const hs_expr_ext_t spoiler = spoiler_terms();
  std::vector<const hs_expr_ext_t*> terms(texts.size(), nullptr);
  if (texts.size() > kFewLiterals) {
    texts.push_back(kSpoiler);
    flags.push_back(HS_FLAG_DOTALL);
    ids.push_back(kSpoilerId);
    terms.push_back(&spoiler);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_ext_multi(texts.data(), flags.data(), ids.data(), terms.data(),
                           static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr, &database,
                           &error) != HS_SUCCESS) {
    const std::string reason = error != nullptr ? error->message : "unknown reason";
    hs_free_compile_error(error);
    return fail(Errc::invalid, "the pattern database of {} literals cannot be built: {}", literals.size(),
                reason);
  }
  give_back_free_memory();  // Vectorscan's compiler leaves tens of MiB of free pages behind
  database_ = std::make_unique<Database>();
  database_->handle.reset(database);
  return {};
}

bool LiteralDatabase::restore(const std::string& content) {
  hs_database_t* database = nullptr;
  if (content.empty() || hs_deserialize_database(content.data(), content.size(), &database) != HS_SUCCESS)
    return false;
  database_ = std::make_unique<Database>();
  database_->handle.reset(database);
  return true;
}

void LiteralDatabase::keep(DatabaseCache& cache, const std::string& name) const {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(database_->handle.get(), &bytes, &size) != HS_SUCCESS) return;
  const std::unique_ptr<char, decltype(&std::free)> kept(bytes, &std::free);
  cache.keep(name, as_bytes({bytes, size}));
}

void LiteralDatabase::scan(Bytes bytes, Scratch& scratch, OnHit on_hit, void* context) const noexcept {
  if (long_) long_->scan(bytes, on_hit, context);
  if (short_) short_->scan(bytes, on_hit, context);
  if (database_ == nullptr) return;
  Hit hit{on_hit, context};
  hs_scan(database_->handle.get(), reinterpret_cast<const char*>(bytes.data()),
          static_cast<unsigned>(bytes.size()), 0, scratch.state_->handle, on_match, &hit);
}

std::size_t LiteralDatabase::memory() const noexcept {
  std::size_t size = 0;
  if (database_ != nullptr) hs_database_size(database_->handle.get(), &size);
  if (long_) size += long_->memory();
  if (short_) size += short_->memory();
  return size;
}

Scratch::Scratch() : state_(std::make_unique<State>()) {}
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;
Scratch::~Scratch() = default;

Result<> Scratch::fit(const LiteralDatabase& database) {
  if (database.database_ == nullptr) return {};
  if (hs_alloc_scratch(database.database_->handle.get(), &state_->handle) != HS_SUCCESS)
    return fail(Errc::limit, "no memory for the pattern matcher's scratch space");
  return {};
}

}  // namespace bansoko::pattern
