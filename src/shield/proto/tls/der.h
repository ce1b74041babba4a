// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::proto::tls {

/// The tags that certificates are made of (ITU-T X.690).
enum DerTag : std::uint8_t {
  der_boolean = 0x01,
  der_integer = 0x02,
  der_octet_string = 0x04,
  der_object_id = 0x06,
  der_utf8_string = 0x0c,
  der_utc_time = 0x17,
  der_generalized_time = 0x18,
  der_bmp_string = 0x1e,
  der_sequence = 0x30,
  der_set = 0x31,
};

/// One element: its tag and content.
struct DerElement {
  std::uint8_t tag = 0;
  Bytes content = {};
};

/// Reads elements one after the other; what is inside one is for a reader of its own, so depth is the
/// caller's. Failure is sticky.
class DerReader {
 public:
  explicit DerReader(Bytes bytes) noexcept : in_(bytes) {}

  bool at_end() const noexcept { return in_.rest().empty(); }
  bool ok() const noexcept { return ok_ && in_.ok(); }
  Bytes rest() const noexcept { return in_.rest(); }
  /// The tag of the next element; 0 at the end.
  std::uint8_t peek() const noexcept { return at_end() ? std::uint8_t{0} : in_.rest().front(); }

  DerElement next() noexcept;
  /// The content of the next element, which must have this tag.
  Bytes take(std::uint8_t tag) noexcept;
  /// Passes over the next element, if it has this tag.
  void skip_if(std::uint8_t tag) noexcept {
    if (peek() == tag) next();
  }

 private:
  ByteReader in_;
  bool ok_ = true;
};

/// Seconds since 1970 of a UTCTime or GeneralizedTime, 0 for what lies before.
std::optional<std::uint64_t> der_time(const DerElement& element) noexcept;

}  // namespace bansoko::proto::tls
