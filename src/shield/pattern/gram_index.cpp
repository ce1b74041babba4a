// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/gram_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>

#include "base/text.h"
#include "shield/pattern/gram_weight.h"

#ifdef __x86_64__
#include <immintrin.h>
#define BANSOKO_AVX2 __attribute__((target("avx2")))
#endif

namespace bansoko::pattern {
namespace {

/// Sets the bit that tells small letters from capital ones. Other bytes fall together by that, too: it lets
/// through more, never less.
constexpr std::uint32_t kFold = 0x20202020;
constexpr std::uint64_t kFoldEight = 0x2020202020202020;
constexpr std::uint32_t kMixFirst = 0x9e3779b1, kMixLast = 0x85ebca6b;  // odd, their bits well spread

/// Bits in the filter for each gram: about one of so many grams that are in no window passes it.
constexpr std::size_t kBitsPerGram = 64;
constexpr unsigned kLeastBits = 10, kMostBits = 21;
constexpr unsigned kCoarser = 4;  // 2 to this many hashes share a row of entries

std::uint32_t four_at(const std::uint8_t* at) noexcept {
  std::uint32_t four = 0;
  std::memcpy(&four, at, sizeof four);
  return four | kFold;
}

/// The first four bytes of a gram and its last four make it up.
std::uint32_t hash_of(const std::uint8_t* at, std::size_t gram) noexcept {
  const std::uint32_t first = four_at(at) * kMixFirst;
  return gram == sizeof first ? first : first + four_at(at + gram - sizeof first) * kMixLast;
}

/// Eight bytes, with zeros behind the end.
std::uint64_t eight_at(Bytes bytes, std::size_t at) noexcept {
  std::uint64_t eight = 0;
  if (bytes.size() - at >= sizeof eight)
    std::memcpy(&eight, bytes.data() + at, sizeof eight);
  else
    std::memcpy(&eight, bytes.data() + at, bytes.size() - at);
  return eight;
}

bool same_letters(const char* lower, const std::uint8_t* bytes, std::size_t size) noexcept {
  for (std::size_t i = 0; i < size; ++i)
    if (lower[i] != to_lower(static_cast<char>(bytes[i]))) return false;
  return true;
}

/// Where the rarest window of a literal begins.
std::size_t best_window(std::string_view literal, GramForm form) noexcept {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::max();
  std::array<double, kLongGrams.step> weights{};  // of the grams that begin at the last places, in turn
  static_assert(kShortGrams.step <= kLongGrams.step);
  const auto weigh = [&](std::size_t at) {
    weights[at % form.step] = gram_weight(literal.substr(at, form.gram));
  };
  for (std::size_t at = 0; at + 1 < form.step; ++at) weigh(at);
  for (std::size_t at = 0; at + form.window() <= literal.size(); ++at) {
    weigh(at + form.step - 1);
    double weight = 0;
    for (std::size_t i = 0; i < form.step; ++i) weight += weights[(at + i) % form.step];
    if (weight >= least) continue;
    least = weight;
    best = at;
  }
  return best;
}

bool has_avx2() noexcept {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

}  // namespace

GramIndex::GramIndex(std::span<const Literal> literals, GramForm form) : form_(form), by_eight_(has_avx2()) {
  assert(!literals.empty());
  const std::size_t compared = std::min(form.window(), sizeof(std::uint64_t));
  window_mask_ = ~std::uint64_t{0} >> (64 - 8 * compared);
  const auto wanted = static_cast<unsigned>(std::bit_width(literals.size() * form.step * kBitsPerGram));
  const unsigned bits = std::clamp(wanted, kLeastBits, kMostBits);
  shift_ = 32 - bits;
  filter_.resize((std::size_t{1} << bits) / 32);
  first_.resize((std::size_t{1} << (bits - kCoarser)) + 1);
  std::vector<std::size_t> windows;
  for (const Literal& literal : literals) windows.push_back(best_window(literal.bytes, form));
  const auto for_each_gram = [&](auto&& use) {
    for (std::uint32_t i = 0; i < literals.size(); ++i)
      for (std::uint32_t at = 0; at < form.step; ++at)
        use(i, at, hash_of(as_bytes(literals[i].bytes).data() + windows[i] + at, form.gram) >> shift_);
  };
  for_each_gram([&](std::uint32_t, std::uint32_t, std::uint32_t hash) {
    filter_[hash / 32] |= std::uint32_t{1} << (hash % 32);
    ++first_[hash >> kCoarser];
  });
  for (std::size_t row = 1; row < first_.size(); ++row) first_[row] += first_[row - 1];
  entries_.resize(first_.back());
  // From each row's end to its beginning.
  for_each_gram([&](std::uint32_t i, std::uint32_t at, std::uint32_t hash) {
    const std::uint64_t window = eight_at(as_bytes(literals[i].bytes), windows[i]);
    entries_[--first_[hash >> kCoarser]] = {(window | kFoldEight) & window_mask_, i, at};
  });
  for (std::size_t i = 0; i < literals.size(); ++i) keep(literals[i], windows[i]);
}

void GramIndex::keep(const Literal& literal, std::size_t window) {
  kept_.push_back({.first = static_cast<std::uint32_t>(text_.size()),
                   .id = literal.id,
                   .size = static_cast<std::uint32_t>(literal.bytes.size()),
                   .window = static_cast<std::uint32_t>(window),
                   .nocase = literal.nocase});
  for (const char c : literal.bytes) text_ += literal.nocase ? to_lower(c) : c;
}

bool GramIndex::stands_at(Bytes bytes, std::size_t window, const Kept& literal) const noexcept {
  if (window < literal.window) return false;
  const std::size_t begin = window - literal.window;
  if (begin + literal.size > bytes.size()) return false;
  const char* const text = text_.data() + literal.first;
  return literal.nocase ? same_letters(text, bytes.data() + begin, literal.size)
                        : std::memcmp(text, bytes.data() + begin, literal.size) == 0;
}

void GramIndex::confirm(Bytes bytes, std::size_t at, std::uint32_t hash, OnHit on_hit,
                        void* context) const noexcept {
  const std::uint32_t row = hash >> kCoarser;
  for (std::uint32_t i = first_[row]; i != first_[row + 1]; ++i) {
    const Entry& entry = entries_[i];
    if (at < entry.in_window) continue;
    const std::size_t window = at - entry.in_window;
    if (((eight_at(bytes, window) | kFoldEight) & window_mask_) != entry.window) continue;
    const Kept& literal = kept_[entry.literal];
    if (stands_at(bytes, window, literal)) on_hit(context, literal.id);
  }
}

template <std::size_t kGram, std::size_t kStep>
void GramIndex::scan_from(std::size_t at, Bytes bytes, OnHit on_hit, void* context) const noexcept {
  for (; at + kGram <= bytes.size(); at += kStep) {
    const std::uint32_t hash = hash_of(bytes.data() + at, kGram) >> shift_;
    if ((filter_[hash / 32] >> (hash % 32) & 1) != 0) confirm(bytes, at, hash, on_hit, context);
  }
}

#ifdef __x86_64__
BANSOKO_AVX2 inline __m256i eight_of(std::uint32_t value) noexcept {
  return _mm256_set1_epi32(static_cast<int>(value));
}

BANSOKO_AVX2 inline __m256i folded_at(const std::uint8_t* at) noexcept {
  return _mm256_or_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)), eight_of(kFold));
}

// Eight grams at once, four bytes apart; of a smaller step as many times eight. Returns how far it came.
template <std::size_t kGram, std::size_t kStep>
BANSOKO_AVX2 std::size_t GramIndex::scan_by_eight(Bytes bytes, OnHit on_hit, void* context) const noexcept {
  constexpr std::size_t kBlock = 32, kTimes = 4 / kStep;
  constexpr std::size_t kReach = kBlock + (kTimes - 1) * kStep + kGram - 4;
  const __m256i first = eight_of(kMixFirst), last = eight_of(kMixLast), low = eight_of(31);
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(shift_));
  std::size_t at = 0;
  for (; at + kReach <= bytes.size(); at += kBlock) {
    std::array<std::uint32_t, 8 * kTimes> hashes;
    std::uint32_t passed = 0;
    for (std::size_t i = 0; i < kTimes; ++i) {
      const std::uint8_t* const grams = bytes.data() + at + i * kStep;
      __m256i hash = _mm256_mullo_epi32(folded_at(grams), first);
      if constexpr (kGram > 4)
        hash = _mm256_add_epi32(hash, _mm256_mullo_epi32(folded_at(grams + kGram - 4), last));
      hash = _mm256_srl_epi32(hash, shift);
      const __m256i words =
          _mm256_i32gather_epi32(reinterpret_cast<const int*>(filter_.data()), _mm256_srli_epi32(hash, 5), 4);
      const __m256i bits = _mm256_sllv_epi32(words, _mm256_andnot_si256(hash, low));
      passed |= static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(bits))) << (8 * i);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(hashes.data() + 8 * i), hash);
    }
    for (; passed != 0; passed &= passed - 1) {
      const auto which = static_cast<std::size_t>(std::countr_zero(passed));
      confirm(bytes, at + which % 8 * 4 + which / 8 * kStep, hashes[which], on_hit, context);
    }
  }
  return at;
}
#else
template <std::size_t kGram, std::size_t kStep>
std::size_t GramIndex::scan_by_eight(Bytes, OnHit, void*) const noexcept {
  return 0;
}
#endif

void GramIndex::scan(Bytes bytes, OnHit on_hit, void* context) const noexcept {
  if (!by_eight_) return scan_slowly(bytes, on_hit, context);
  if (form_.gram == kLongGrams.gram)
    scan_from<kLongGrams.gram, kLongGrams.step>(
        scan_by_eight<kLongGrams.gram, kLongGrams.step>(bytes, on_hit, context), bytes, on_hit, context);
  else
    scan_from<kShortGrams.gram, kShortGrams.step>(
        scan_by_eight<kShortGrams.gram, kShortGrams.step>(bytes, on_hit, context), bytes, on_hit, context);
}

void GramIndex::scan_slowly(Bytes bytes, OnHit on_hit, void* context) const noexcept {
  if (form_.gram == kLongGrams.gram)
    scan_from<kLongGrams.gram, kLongGrams.step>(0, bytes, on_hit, context);
  else
    scan_from<kShortGrams.gram, kShortGrams.step>(0, bytes, on_hit, context);
}

std::size_t GramIndex::memory() const noexcept {
  return filter_.size() * sizeof filter_[0] + first_.size() * sizeof first_[0] +
         entries_.size() * sizeof entries_[0] + kept_.size() * sizeof kept_[0] + text_.size();
}

}  // namespace bansoko::pattern
