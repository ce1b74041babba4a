// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/literal_databases.h"

#include <cstdint>

namespace bansoko::pattern {
namespace {

std::string key_of(std::span<const Literal> literals) {
  std::string key;
  for (const Literal& literal : literals) {
    const auto head = static_cast<std::uint32_t>(literal.bytes.size() << 1U | (literal.nocase ? 1U : 0U));
    for (unsigned shift = 0; shift < 32; shift += 8) key += static_cast<char>(head >> shift & 0xffU);
    key += literal.bytes;
  }
  return key;
}

}  // namespace

Result<std::shared_ptr<const LiteralDatabase>> LiteralDatabases::of(std::span<const Literal> literals) {
  auto& known = known_[key_of(literals)];
  if (!known) {
    BANSOKO_TRY(LiteralDatabase made, LiteralDatabase::compile(literals, cache_));
    known = std::make_shared<const LiteralDatabase>(std::move(made));
  }
  return known;
}

}  // namespace bansoko::pattern
