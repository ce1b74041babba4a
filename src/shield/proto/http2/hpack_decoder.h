// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "shield/proto/http2/dynamic_table.h"
#include "shield/proto/http2/field_list.h"
#include "shield/proto/http2/frame.h"
#include "shield/proto/http2/huffman.h"

namespace bansoko::proto::http2 {

/// What is wrong with a header block, each told once per block.
struct HpackFaults {
  bool index = false;             // nothing stands there
  bool huffman = false;           // padding that is none, or the end sign
  bool integer_overflow = false;  // the rest of the block cannot be read
  bool size_update = false;       // not at the beginning, or to more than was allowed
  bool too_long = false;          // decodes to more than anybody accepts: the rest is not read
  bool cut = false;               // ends within a field

  bool operator==(const HpackFaults&) const = default;
};

/// Decodes the header blocks of one side (RFC 7541), in pieces of any size.
class HpackDecoder {
 public:
  /// A block may decode to so many times FieldLimits::text.
  static constexpr std::size_t kMostDecoded = 16;
  static constexpr std::size_t kMostUpdates = 4;  // remembered of one block; RFC 7541 section 4.2 has two

  /// `budget` outlives it. At most `most_table` bytes of the dynamic table are held.
  HpackDecoder(MemoryBudget& budget, std::size_t most_table) noexcept : table_(budget, most_table) {}

  void reset() noexcept;
  /// The other side lets the table be so large.
  void allow(std::uint32_t table_size) noexcept { allowed_ = table_size; }

  void begin_block() noexcept;
  /// Decodes a piece of a block to the end of `to`.
  void read(Bytes piece, FieldList& to, const FieldLimits& limits);
  /// The block is over.
  void end_block(FieldList& to) noexcept;
  /// A part of the block was lost: the rest of it cannot be read, and what the table holds is not known.
  void lose() noexcept;

  const HpackFaults& faults() const noexcept { return faults_; }
  /// The new sizes of the table that the block has stated.
  std::span<const std::uint64_t> updates() const noexcept { return std::span(updates_).first(update_count_); }
  std::uint64_t block_size() const noexcept { return block_size_; }

 private:
  enum class At : std::uint8_t { field, index, name_length, name, value_length, value, lost };
  enum class Kind : std::uint8_t { indexed, incremental, unindexed, size_update };

  void begin_field(std::uint8_t first, FieldList& to);
  bool read_integer(std::uint8_t byte) noexcept;
  bool begin_integer(std::uint8_t first, unsigned bits) noexcept;
  void have_index(FieldList& to, const FieldLimits& limits);
  void begin_string(std::uint8_t first, At text, FieldList& to, const FieldLimits& limits);
  void have_length(At text, FieldList& to, const FieldLimits& limits);
  void read_text(ByteReader& in, FieldList& to, const FieldLimits& limits);
  void end_text(FieldList& to, const FieldLimits& limits);
  void update_size() noexcept;
  bool refer(std::uint64_t index, bool with_value, FieldList& to, const FieldLimits& limits);
  void end_field(FieldList& to, const FieldLimits& limits);

  DynamicTable table_;
  HuffmanReader huffman_;
  std::uint32_t allowed_ = kFirstTableSize;
  At at_ = At::field;
  Kind kind_ = Kind::indexed;
  bool in_integer_ = false;
  bool is_huffman_ = false;
  bool is_known_ = true;    // what the field under way refers to
  bool has_field_ = false;  // the block has had one
  unsigned shift_ = 0;
  std::uint64_t integer_ = 0;
  std::uint64_t left_ = 0;  // of the string under way
  std::uint64_t block_size_ = 0;
  HpackFaults faults_;
  std::array<std::uint64_t, kMostUpdates> updates_{};
  std::size_t update_count_ = 0;
};

}  // namespace bansoko::proto::http2
