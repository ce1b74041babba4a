// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/digest.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/tls/hello.h"

namespace bansoko::proto::tls {

/// What is needed to make JA4 fingerprints, taken once.
struct Ja4Scratch {
  static constexpr std::size_t kMostNumbers = 512;

  Ja4Scratch() : sha256(DigestKind::sha256) { numbers.reserve(kMostNumbers); }

  Digest sha256;
  std::vector<std::uint16_t> numbers;
};

/// JA4 of a client's hello over TCP: counts, and two digests of sorted lists. Nothing is written for one with
/// more ciphers or extensions than kMostNumbers.
void write_ja4(const Hello& hello, Ja4Scratch& scratch, BudgetedBytes& text);

}  // namespace bansoko::proto::tls
