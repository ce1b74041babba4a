// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/finder.h"

#include <bit>
#include <cstring>

#include "base/text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace bansoko::pattern {
namespace {

std::uint8_t lower(std::uint8_t byte) noexcept {
  return static_cast<std::uint8_t>(to_lower(static_cast<char>(byte)));
}

#ifdef __SSE2__
constexpr std::size_t kStep = 16;

// A byte to compare with 16 at once. For a letter without regard to case, bit 0x20 is set on both sides;
// what this lets through beside the letter (such as '@' for '`') the full comparison refuses.
struct Probe {
  __m128i value;
  __m128i fold;

  Probe(std::uint8_t byte, bool nocase) noexcept {
    const bool letter = nocase && byte >= 'a' && byte <= 'z';
    value = _mm_set1_epi8(static_cast<char>(byte));
    fold = _mm_set1_epi8(letter ? 0x20 : 0);
  }
  __m128i matches(const std::uint8_t* at) const noexcept {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    return _mm_cmpeq_epi8(_mm_or_si128(bytes, fold), value);
  }
};
#endif

}  // namespace

Finder::Finder(std::string needle, bool nocase) : needle_(std::move(needle)), nocase_(nocase) {
  if (nocase_)
    for (char& c : needle_) c = to_lower(c);
}

bool Finder::same_at(const std::uint8_t* place) const noexcept {
  if (!nocase_) return std::memcmp(place, needle_.data(), needle_.size()) == 0;
  for (std::size_t i = 0; i < needle_.size(); ++i)
    if (lower(place[i]) != static_cast<std::uint8_t>(needle_[i])) return false;
  return true;
}

bool Finder::stands_at(Bytes bytes, std::size_t at) const noexcept {
  return at <= bytes.size() && needle_.size() <= bytes.size() - at && same_at(bytes.data() + at);
}

std::size_t Finder::find(Bytes bytes, std::size_t from) const noexcept {
  const std::size_t size = needle_.size();
  if (size == 0 || bytes.size() < size || from > bytes.size() - size) return kNone;
  const std::size_t end = bytes.size() - size + 1;  // one past the last possible start
  std::size_t at = from;
#ifdef __SSE2__
  // First and last byte of the needle at 16 places at once, then the whole where both fit.
  const Probe first(static_cast<std::uint8_t>(needle_.front()), nocase_);
  const Probe last(static_cast<std::uint8_t>(needle_.back()), nocase_);
  for (; at + kStep <= end; at += kStep) {
    const std::uint8_t* place = bytes.data() + at;
    auto hits = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_and_si128(first.matches(place), last.matches(place + size - 1))));
    while (hits != 0) {
      const auto offset = static_cast<std::size_t>(std::countr_zero(hits));
      if (same_at(place + offset)) return at + offset;
      hits &= hits - 1;
    }
  }
#endif
  for (; at < end; ++at)
    if (same_at(bytes.data() + at)) return at;
  return kNone;
}

}  // namespace bansoko::pattern
