// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::proto {

/// What stands before the content of an ASN.1 element in BER (ITU-T X.690 sections 8.1.2 and 8.1.3).
struct BerHeader {
  std::uint8_t first = 0;    // byte of the identifier: class, form and the number, if that is below 31
  std::uint32_t number = 0;  // of the tag
  bool is_indefinite = false;
  std::uint64_t size = 0;  // of the content; indefinite: 0

  bool is_universal() const noexcept { return first >> 6U == 0; }
  bool is_constructed() const noexcept { return (first & 0x20U) != 0; }
};

/// Nothing: it is cut short, or not as BER has it. The content may be cut short all the same.
std::optional<BerHeader> read_ber_header(ByteReader& in) noexcept;

/// One element: its tag, which is of one byte, and content.
struct BerElement {
  std::uint8_t tag = 0;
  Bytes content = {};
};

/// Reads elements one after the other, as the protocols that restrict BER have them: tags of one byte,
/// lengths that are stated. What is inside one is for a reader of its own, so depth is the caller's. Failure
/// is sticky, as with ByteReader.
class BerReader {
 public:
  /// What becomes of an element that is longer than what is left: of a message whose end is not at hand the
  /// elements that hold it are.
  enum class TooLong : bool { fails, is_cut };

  explicit BerReader(Bytes bytes, TooLong too_long = TooLong::fails) noexcept
      : in_(bytes), is_cutting_(too_long == TooLong::is_cut) {}

  static constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kOctets = 0x04, kEnumerated = 0x0a,
                                kSequence = 0x30, kSet = 0x31;

  /// Of the next element; 0: there is none.
  std::uint8_t tag() const noexcept { return at_end() ? std::uint8_t{0} : in_.rest().front(); }
  /// Nothing is left, or nothing that could be read.
  bool at_end() const noexcept { return !ok() || in_.rest().empty(); }

  BerElement next() noexcept;
  /// The content of the next element, whose tag is as expected.
  Bytes take(std::uint8_t expected) noexcept;
  /// The content of the next element, if it has this tag.
  std::optional<Bytes> take_if(std::uint8_t wanted) noexcept;
  void skip() noexcept { next(); }
  void skip_if(std::uint8_t wanted) noexcept { take_if(wanted); }
  /// A whole number that is not negative, of at most 64 bits.
  std::uint64_t integer(std::uint8_t expected = kInteger) noexcept;

  bool ok() const noexcept { return ok_ && in_.ok(); }
  Bytes rest() const noexcept { return in_.rest(); }

 private:
  ByteReader in_;
  bool is_cutting_;
  bool ok_ = true;
};

/// A whole number, negative ones in 32 bits as their two's complement; nothing: it is longer.
std::optional<std::uint32_t> read_int32(Bytes content) noexcept;

}  // namespace bansoko::proto
