// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

/// NDR, the form of the parameters of DCE/RPC: [C706] chapter 14.
namespace bansoko::keyword::dcerpc_ndr {

inline constexpr std::size_t kMaxItems = 48;
inline constexpr std::size_t kMaxNames = 4;
/// Pointers whose referents are still to come, in one walk.
inline constexpr std::size_t kMaxPointers = 32;
/// Characters of a string that are looked at.
inline constexpr std::size_t kMaxText = 4096;
/// Bytes of the stub data within which `anywhere` begins.
inline constexpr std::size_t kMaxBegin = 4096;

/// A number written in the rule, or what an earlier item was called.
struct Operand {
  static constexpr std::uint8_t kNone = 0xFF;
  std::uint64_t value = 0;
  std::uint8_t name = kNone;
};

struct Condition {
  enum class About : std::uint8_t { nothing, size, most, offset, count, joined, climbs };
  enum class Operator : std::uint8_t { equal, unequal, less, less_or_equal, greater, greater_or_equal };
  About about = About::nothing;
  Operator op = Operator::equal;
  Operand operand = {};
  std::uint8_t joined_with = Operand::kNone;  // an earlier string, which the server puts behind this one
};

/// One parameter, or a piece of one.
struct Item {
  enum class Type : std::uint8_t { number, pointer, text, array, varying, opaque };
  Type type = Type::number;
  std::uint8_t width = 4;    // of the number, of one character; what is opaque begins at a multiple of it
  std::uint32_t size = 0;    // of one element, of what is opaque
  bool is_referent = false;  // of the next pointer that was not null: else it is not there
  bool is_unique = false;    // its pointer stands directly before it
  std::uint8_t name = Operand::kNone;
  Condition condition = {};
};

struct Walk {
  std::vector<Item> items = {};
  /// They may begin at any multiple of four, in either order: what is packed within has its own.
  bool is_anywhere = false;
};

/// NDR64 ([MS-RPCE] section 2.2.5) has pointers and counts of 8 bytes. Either: it is not known which.
enum class Syntax : std::uint8_t { ndr, ndr64, either };

/// Whether stub data, whose numbers are in this order, consists of these items, as far as they go, and every
/// condition on them holds. Of a string that is the last item the beginning is enough.
bool holds(const Walk& walk, Bytes stub, bool little_endian, Syntax syntax = Syntax::ndr) noexcept;

}  // namespace bansoko::keyword::dcerpc_ndr
