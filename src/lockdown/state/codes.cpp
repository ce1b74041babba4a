// SPDX-License-Identifier: Apache-2.0
#include "lockdown/state/codes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "lockdown/state/json_file.h"

namespace bansoko::state {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

// Digits and letters that nobody mistakes for one another: without I, L, O and U.
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kSigns = 16, kGroup = 4;
constexpr std::size_t kSaltDigits = 32, kHashDigits = 64;
constexpr auto kLockTime = 10s;

std::string path_in(const std::string& folder) { return folder + "/break-glass-codes.json"; }

Result<FileLock> lock_of(const std::string& folder) {
  return FileLock::take(folder + "/break-glass.lock", kLockTime);
}

/// As it was shown, without what does not count. 'O' was read for zero, 'I' and 'L' for one.
std::string plain(std::string_view code) {
  std::string signs;
  for (const char c : code.substr(0, 256)) {
    if (c == ' ' || c == '-') continue;
    const char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    signs += upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper;
  }
  return signs;
}

/// 16 MiB and some 50 ms for each try (RFC 7914 section 2: N, r, p).
Result<std::string> hash_of(std::string_view signs, const std::string& salt) {
  constexpr std::uint64_t kCost = 16384, kBlock = 8, kParallel = 1, kMemory = 64U << 20U;
  std::array<std::uint8_t, kHashDigits / 2> hash{};
  if (EVP_PBE_scrypt(signs.data(), signs.size(), as_bytes(salt).data(), salt.size(), kCost, kBlock, kParallel,
                     kMemory, hash.data(), hash.size()) != 1)
    return fail(Errc::io, "a code cannot be hashed");
  return hexadecimal(hash);
}

Result<std::string> random_code() {
  std::array<std::uint8_t, kSigns> random{};
  if (RAND_priv_bytes(random.data(), static_cast<int>(random.size())) != 1)
    return fail(Errc::io, "no random numbers for codes are to be had");
  std::string signs;
  for (const std::uint8_t byte : random) signs += kAlphabet[byte % kAlphabet.size()];
  return signs;
}

std::string grouped(std::string_view signs) {
  std::string text;
  for (std::size_t i = 0; i < signs.size(); i += kGroup)
    text += (i == 0 ? "" : "-") + std::string(signs.substr(i, kGroup));
  return text;
}

Result<> save(const std::string& folder, const Codes& codes) {
  json list = json::array();
  for (const Code& code : codes.codes)
    list.push_back({{"hash", code.hash}, {"used", static_cast<std::uint64_t>(code.used)}});
  return write_json(path_in(folder), {{"prepared", static_cast<std::uint64_t>(codes.prepared)},
                                      {"salt", codes.salt},
                                      {"wrong", codes.wrong},
                                      {"last_wrong", static_cast<std::uint64_t>(codes.last_wrong)},
                                      {"codes", std::move(list)}});
}

bool is_hexadecimal(const std::string& text, std::size_t size) noexcept {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool same(const std::string& a, const std::string& b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// Uses the code up if it is one of them. What the file says of wrong ones is set already.
Guess use(Codes& codes, const std::string& hash, std::int64_t now) noexcept {
  const auto found = std::ranges::find_if(codes.codes, [&](const Code& one) { return same(one.hash, hash); });
  if (found == codes.codes.end()) return Guess::wrong;
  if (found->used != 0) return Guess::used_before;
  found->used = now;
  codes.wrong = 0;
  return Guess::right;
}

}  // namespace

/// A clock put back before the last wrong one does not end it sooner than kLockout later.
std::int64_t locked_until(const Codes& codes, std::int64_t now) noexcept {
  const std::int64_t until = codes.last_wrong + kLockout;
  return codes.wrong >= kMaxWrong && now < until ? until : 0;
}

std::size_t unused(const Codes& codes) noexcept {
  return static_cast<std::size_t>(std::ranges::count(codes.codes, 0, &Code::used));
}

Result<Codes> parse_codes(std::string_view text, std::string_view what) {
  Fields fields(text, what);
  Codes codes{.prepared = fields.time("prepared"),
              .salt = fields.text("salt"),
              .wrong = fields.number("wrong"),
              .last_wrong = fields.time("last_wrong")};
  if (!is_hexadecimal(codes.salt, kSaltDigits)) fields.refuse("'salt' is none");
  const json* const list = fields.find("codes");
  if (list != nullptr && (!list->is_array() || list->size() > kMaxCodes)) fields.refuse("'codes' is no list");
  BANSOKO_CHECK(fields.checked());
  for (const json& item : *list) {
    Fields each(item, what);
    codes.codes.push_back({.hash = each.text("hash"), .used = each.time("used")});
    if (!is_hexadecimal(codes.codes.back().hash, kHashDigits)) each.refuse("'hash' is none");
    BANSOKO_CHECK(each.checked());
  }
  return codes;
}

Result<std::optional<Codes>> read_codes(const std::string& folder) {
  BANSOKO_TRY(const auto text, read_if_there(path_in(folder)));
  if (!text) return std::optional<Codes>();
  BANSOKO_TRY(Codes codes, parse_codes(*text, path_in(folder)));
  return std::optional(std::move(codes));
}

Result<std::vector<std::string>> prepare_codes(const std::string& folder, std::size_t count,
                                               std::int64_t now) {
  if (count == 0 || count > kMaxCodes) return fail(Errc::invalid, "from 1 to {} codes", kMaxCodes);
  BANSOKO_TRY(const FileLock lock, lock_of(folder));
  std::array<std::uint8_t, kSaltDigits / 2> salt{};
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1)
    return fail(Errc::io, "no random numbers for codes are to be had");
  Codes codes{.prepared = now, .salt = hexadecimal(salt)};
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < count; ++i) {
    BANSOKO_TRY(const std::string signs, random_code());
    BANSOKO_TRY(std::string hash, hash_of(signs, codes.salt));
    codes.codes.push_back({.hash = std::move(hash)});
    shown.push_back(grouped(signs));
  }
  BANSOKO_CHECK(save(folder, codes));
  return shown;
}

Result<Tried> try_code(const std::string& folder, std::string_view code, std::int64_t now) {
  BANSOKO_TRY(const FileLock lock, lock_of(folder));
  BANSOKO_TRY(auto known, read_codes(folder));
  if (!known || known->codes.empty()) return Tried{};
  Codes& codes = *known;
  const auto tried = [&](Guess guess) {
    return Tried{guess, unused(codes), codes.wrong, locked_until(codes, now)};
  };
  if (locked_until(codes, now) != 0) return tried(Guess::locked);
  if (codes.wrong >= kMaxWrong) codes.wrong = 0;
  // Counted as wrong before it is looked at: who kills us meanwhile has not tried for nothing.
  ++codes.wrong;
  codes.last_wrong = now;
  BANSOKO_CHECK(save(folder, codes));
  BANSOKO_TRY(const std::string hash, hash_of(plain(code), codes.salt));
  const Guess guess = use(codes, hash, now);
  if (guess == Guess::right) BANSOKO_CHECK(save(folder, codes));
  return tried(guess);
}

}  // namespace bansoko::state
