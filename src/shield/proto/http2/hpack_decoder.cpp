// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/hpack_decoder.h"

#include <algorithm>

#include "shield/proto/http2/static_table.h"

namespace bansoko::proto::http2 {
namespace {

constexpr std::size_t kPiece = 512;  // of a Huffman string, decoded at a time
constexpr unsigned kMostShift = 28;  // RFC 7541 section 5.1: five bytes hold any sensible number
constexpr std::uint8_t kHuffmanBit = 0x80;

}  // namespace

void HpackDecoder::reset() noexcept {
  table_.reset(kFirstTableSize);
  allowed_ = kFirstTableSize;
  begin_block();
}

void HpackDecoder::begin_block() noexcept {
  at_ = At::field;
  in_integer_ = has_field_ = false;
  block_size_ = 0;
  faults_ = {};
  update_count_ = 0;
}

void HpackDecoder::lose() noexcept {
  at_ = At::lost;
  table_.lose();
}

void HpackDecoder::read(Bytes piece, FieldList& to, const FieldLimits& limits) {
  block_size_ += piece.size();
  ByteReader in(piece);
  while (!in.rest().empty() && at_ != At::lost) {
    if (at_ == At::name || at_ == At::value) {
      read_text(in, to, limits);
      continue;
    }
    const std::uint8_t byte = in.u8();
    if (in_integer_) {
      if (!read_integer(byte)) continue;
      if (at_ == At::index)
        have_index(to, limits);
      else if (at_ != At::lost)
        have_length(at_ == At::name_length ? At::name : At::value, to, limits);
    } else if (at_ == At::field) {
      begin_field(byte, to);
      if (!in_integer_) have_index(to, limits);
    } else {
      begin_string(byte, at_ == At::name_length ? At::name : At::value, to, limits);
    }
  }
}

void HpackDecoder::end_block(FieldList& to) noexcept {
  if (at_ == At::field || at_ == At::lost) return;
  faults_.cut = true;
  to.drop_unknown();
  // Whether it would have been added to the table, and as what, nobody knows.
  table_.lose();
}

/// True: the number is complete.
bool HpackDecoder::begin_integer(std::uint8_t first, unsigned bits) noexcept {
  const auto most = static_cast<std::uint8_t>((1U << bits) - 1);
  integer_ = first & most;
  shift_ = 0;
  in_integer_ = integer_ == most;
  return !in_integer_;
}

bool HpackDecoder::read_integer(std::uint8_t byte) noexcept {
  integer_ += static_cast<std::uint64_t>(byte & 0x7fU) << shift_;
  shift_ += 7;
  in_integer_ = (byte & 0x80U) != 0;
  if (in_integer_ && shift_ > kMostShift) {
    faults_.integer_overflow = true;
    in_integer_ = false;
    lose();
  }
  return !in_integer_;
}

/// RFC 7541 section 6.
void HpackDecoder::begin_field(std::uint8_t first, FieldList& to) {
  to.begin_field();
  is_known_ = true;
  at_ = At::index;
  if ((first & 0x80U) != 0) {
    kind_ = Kind::indexed;
    begin_integer(first, 7);
  } else if ((first & 0x40U) != 0) {
    kind_ = Kind::incremental;
    begin_integer(first, 6);
  } else if ((first & 0x20U) != 0) {
    kind_ = Kind::size_update;
    begin_integer(first, 5);
  } else {
    kind_ = Kind::unindexed;
    begin_integer(first, 4);
  }
}

void HpackDecoder::have_index(FieldList& to, const FieldLimits& limits) {
  if (at_ == At::lost) return;
  if (kind_ == Kind::size_update) {
    at_ = At::field;
    return update_size();
  }
  has_field_ = true;
  if (kind_ == Kind::indexed) {
    is_known_ = refer(integer_, true, to, limits);
    return end_field(to, limits);
  }
  if (integer_ == 0) {
    at_ = At::name_length;
    return;
  }
  is_known_ = refer(integer_, false, to, limits);
  to.end_name();
  at_ = At::value_length;
}

/// Appends what an index stands for; false: it is not known.
bool HpackDecoder::refer(std::uint64_t index, bool with_value, FieldList& to, const FieldLimits& limits) {
  if (index > 0 && index <= kStaticFields) {
    const NamedText& field = static_table()[static_cast<std::size_t>(index - 1)];
    to.append(field.name, limits);
    if (!with_value) return true;
    to.end_name();
    to.append(field.value, limits);
    return true;
  }
  const auto back = static_cast<std::size_t>(index - kStaticFields - 1);
  if (index == 0 || !table_.has(back)) {
    faults_.index |= index == 0 || !table_.is_partial();
    if (with_value) to.end_name();
    return false;
  }
  const auto put = [&](const DynamicTable::Text& text) {
    to.append(text.first, limits);
    to.append(text.second, limits);
  };
  put(table_.name(back));
  if (!with_value) return true;
  to.end_name();
  put(table_.value(back));
  return true;
}

void HpackDecoder::begin_string(std::uint8_t first, At text, FieldList& to, const FieldLimits& limits) {
  is_huffman_ = (first & kHuffmanBit) != 0;
  huffman_.reset();
  if (begin_integer(first, 7)) have_length(text, to, limits);
}

void HpackDecoder::have_length(At text, FieldList& to, const FieldLimits& limits) {
  left_ = integer_;
  at_ = text;
  if (left_ == 0) end_text(to, limits);
}

void HpackDecoder::read_text(ByteReader& in, FieldList& to, const FieldLimits& limits) {
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(left_, std::min(in.rest().size(), kPiece)));
  const Bytes piece = in.take(size);
  if (is_huffman_) {
    std::array<char, kPiece * HuffmanReader::kMostPerByte + 1> decoded;
    to.append({decoded.data(), huffman_.read(piece, decoded)}, limits);
  } else {
    to.append(as_text(piece), limits);
  }
  left_ -= size;
  if (left_ == 0) end_text(to, limits);
}

void HpackDecoder::end_text(FieldList& to, const FieldLimits& limits) {
  if (is_huffman_ && !huffman_.ends_well()) faults_.huffman = true;
  if (at_ == At::value) return end_field(to, limits);
  to.end_name();
  at_ = At::value_length;
}

void HpackDecoder::end_field(FieldList& to, const FieldLimits& limits) {
  at_ = At::field;
  if (!is_known_ && kind_ == Kind::indexed) return to.drop_unknown();
  if (kind_ == Kind::incremental) table_.add(to.name(), to.value(), to.whole_name() + to.whole_value());
  // What the name was is not known, what the value is may tell all the same.
  if (!is_known_) to.note_unknown();
  to.end_field(limits);
  if (to.size() <= kMostDecoded * limits.text) return;
  faults_.too_long = true;
  lose();
}

void HpackDecoder::update_size() noexcept {
  faults_.size_update |= has_field_ || integer_ > allowed_;
  if (update_count_ < updates_.size()) updates_[update_count_++] = integer_;
  table_.resize(static_cast<std::uint32_t>(std::min<std::uint64_t>(integer_, 0xffffffff)));
}

}  // namespace bansoko::proto::http2
