// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::keyword::asn1 {

/// What is looked for in the objects of ASN.1, encoded by BER (X.690).
struct Faults {
  bool bitstring = false;  // more unused bits are stated than it has bits
  bool real = false;       // a real number in text form of more than 256 bytes
  std::optional<std::uint32_t> longer_than = std::nullopt;
};

/// The objects that are looked at: one after the other, one in another, and all of them.
inline constexpr std::size_t kMaxObjects = 30, kMaxDepth = 30, kMaxInAll = 2048;

/// Whether one of the objects that `bytes` begin with, or one within them, has one of the faults. An object
/// that is cut short, or not as BER has it, or one too many, ends the walk: the one that holds it and those
/// behind are not looked at.
bool has_fault(Bytes bytes, const Faults& faults) noexcept;

}  // namespace bansoko::keyword::asn1
