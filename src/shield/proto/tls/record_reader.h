// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "shield/proto/tls/anomaly.h"

namespace bansoko::proto::tls {

/// A run of bytes of one record.
struct Piece {
  bool is_sslv2 = false;  // a record of SSL 2.0, which has no type
  std::uint8_t type = 0;
  std::uint32_t record_size = 0;
  std::uint32_t at = 0;  // where in the record
  Bytes bytes = {};

  bool ends_record() const noexcept { return at + bytes.size() == record_size; }
};

/// Takes one side's stream apart into records, however it is cut.
class RecordReader {
 public:
  enum class Read : std::uint8_t { nothing, piece, malformed };

  /// Takes bytes off the front of `rest`, up to the end of a record at most. `nothing`: a header not yet
  /// whole, or that of an empty record.
  Read next(Bytes& rest, Piece& piece, Faults& faults) noexcept;
  /// What was given last ends inside a header.
  bool is_in_header() const noexcept { return header_size_ > 0; }

 private:
  std::size_t header_needed() const noexcept;
  Read begin(Faults& faults) noexcept;
  Read begin_sslv2(Faults& faults) noexcept;

  static constexpr std::size_t kHeaderSize = 5, kSslv2HeaderSize = 2;

  std::array<std::uint8_t, kHeaderSize> header_{};
  std::uint8_t header_size_ = 0;
  bool is_first_ = true;
  Piece record_ = {};  // the record under way: `at` is how much of it has been taken
};

}  // namespace bansoko::proto::tls
