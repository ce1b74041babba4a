// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// One-time codes that suspend enforce. `<folder>/break-glass-codes.json` (0600) keeps for each its hash
/// (scrypt, RFC 7914, one salt for a set: 80 random bits are not to be found by trying) and when it was used.
namespace bansoko::state {

inline constexpr std::size_t kMaxCodes = 100;
/// After so many wrong ones, each counted before it is looked at, none is looked at for kLockout.
inline constexpr std::uint64_t kMaxWrong = 5;
inline constexpr std::int64_t kLockout = 900;  // seconds

struct Code {
  std::string hash = {};  // 64 hexadecimal digits
  std::int64_t used = 0;  // seconds since 1970; 0: not yet
};

struct Codes {
  std::int64_t prepared = 0;
  std::string salt = {};  // 32 hexadecimal digits
  std::vector<Code> codes = {};
  std::uint64_t wrong = 0;      // since the last right one, or the last lockout
  std::int64_t last_wrong = 0;  // when
};

/// Until when none is looked at; 0: they are.
std::int64_t locked_until(const Codes& codes, std::int64_t now) noexcept;
std::size_t unused(const Codes& codes) noexcept;

Result<Codes> parse_codes(std::string_view text, std::string_view what);
/// Nothing: none were ever prepared.
Result<std::optional<Codes>> read_codes(const std::string& folder);

/// New ones, in the place of all before: "7K3Q-0ZBM-XW5D-9H2T". They are shown now or never.
Result<std::vector<std::string>> prepare_codes(const std::string& folder, std::size_t count,
                                               std::int64_t now);

enum class Guess : std::uint8_t { right, wrong, used_before, locked, none_prepared };

struct Tried {
  Guess guess = Guess::none_prepared;
  std::size_t unused = 0;   // after it
  std::uint64_t wrong = 0;  // with it
  std::int64_t locked_until = 0;
};

/// A right one is used with this, whatever becomes of it afterwards. Case, spaces and hyphens do not count.
Result<Tried> try_code(const std::string& folder, std::string_view code, std::int64_t now);

}  // namespace bansoko::state
