// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace bansoko {

/// SipHash-1-3 over whole 64-bit words: without the key nobody can choose inputs that collide.
class KeyedHash {
 public:
  explicit KeyedHash(std::uint64_t seed) noexcept : key0_(spread(seed)), key1_(spread(key0_ ^ seed)) {}

  std::uint64_t operator()(std::span<const std::uint64_t> words) const noexcept {
    State state{key0_ ^ 0x736f6d6570736575, key1_ ^ 0x646f72616e646f6d, key0_ ^ 0x6c7967656e657261,
                key1_ ^ 0x7465646279746573};
    for (const std::uint64_t word : words) state.absorb(word);
    state.absorb(std::uint64_t{words.size() * sizeof(std::uint64_t)} << 56U);
    state.c ^= 0xff;
    for (int round = 0; round < 3; ++round) state.mix();
    return state.a ^ state.b ^ state.c ^ state.d;
  }

 private:
  struct State {
    std::uint64_t a, b, c, d;

    void absorb(std::uint64_t word) noexcept {
      d ^= word;
      mix();
      a ^= word;
    }
    void mix() noexcept {
      a += b;
      b = std::rotl(b, 13) ^ a;
      a = std::rotl(a, 32);
      c += d;
      d = std::rotl(d, 16) ^ c;
      a += d;
      d = std::rotl(d, 21) ^ a;
      c += b;
      b = std::rotl(b, 17) ^ c;
      c = std::rotl(c, 32);
    }
  };

  // SplitMix64: makes a full-width key of a seed with few bits set.
  static constexpr std::uint64_t spread(std::uint64_t seed) noexcept {
    seed += 0x9e3779b97f4a7c15;
    seed = (seed ^ seed >> 30U) * 0xbf58476d1ce4e5b9;
    seed = (seed ^ seed >> 27U) * 0x94d049bb133111eb;
    return seed ^ seed >> 31U;
  }

  std::uint64_t key0_;
  std::uint64_t key1_;
};

}  // namespace bansoko
