// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/record_reader.h"

#include <algorithm>

#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

constexpr std::uint8_t kSslv2Bit = 0x80;  // set in a header of two bytes; no type of TLS has it

}  // namespace

// Only a hello may come in the form of SSL 2.0, hence only the first record.
std::size_t RecordReader::header_needed() const noexcept {
  const bool is_sslv2 = is_first_ && header_size_ > 0 && (header_[0] & kSslv2Bit) != 0;
  return is_sslv2 ? kSslv2HeaderSize : kHeaderSize;
}

RecordReader::Read RecordReader::next(Bytes& rest, Piece& piece, Faults& faults) noexcept {
  while (!rest.empty()) {
    if (record_.at < record_.record_size) {
      piece = record_;
      piece.bytes = rest.first(std::min<std::size_t>(rest.size(), record_.record_size - record_.at));
      record_.at += static_cast<std::uint32_t>(piece.bytes.size());
      rest = rest.subspan(piece.bytes.size());
      return Read::piece;
    }
    header_[header_size_++] = rest.front();
    rest = rest.subspan(1);
    if (header_size_ < header_needed()) continue;
    if (begin(faults) == Read::malformed) return Read::malformed;
    header_size_ = 0;
    is_first_ = false;
    // What was wrong with this one is told before the next is looked at.
    if (record_.record_size == 0) break;
  }
  return Read::nothing;
}

RecordReader::Read RecordReader::begin(Faults& faults) noexcept {
  if (header_size_ == kSslv2HeaderSize) return begin_sslv2(faults);
  ByteReader in(header_);
  record_ = {};
  record_.type = in.u8();
  const std::uint8_t major = in.u8();
  const std::uint8_t minor = in.u8();
  record_.record_size = in.u16();
  if (record_.type < change_cipher_spec || record_.type > heartbeat) {
    faults.add(is_first_ ? invalid_tls_header : invalid_record_type);
    return Read::malformed;
  }
  if (major != kMajorVersion || minor > kMaxMinorVersion) faults.add(invalid_record_version);
  if (record_.record_size > kMaxRecord || (record_.record_size == 0 && record_.type != application_data))
    faults.add(invalid_record_length);
  const bool readable = major == kMajorVersion && record_.record_size <= kMaxRecord;
  return readable ? Read::nothing : Read::malformed;
}

RecordReader::Read RecordReader::begin_sslv2(Faults& faults) noexcept {
  record_ = {};
  record_.is_sslv2 = true;
  record_.record_size = ByteReader(header_).u16() & ~(kSslv2Bit << 8U);
  if (record_.record_size > 0) return Read::nothing;
  faults.add(invalid_sslv2_header);
  return Read::malformed;
}

}  // namespace bansoko::proto::tls
