// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <vector>

#include "shield/capture/pcapfile/record_reader.h"

namespace bansoko::capture::pcapfile {
namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;
constexpr std::uint32_t kMostBytes = 256U << 10U;  // of one packet, as in libpcap: more is garbage
constexpr std::size_t kWindow = 512U << 10U;       // holds a record of any size; larger ones leave the cache
static_assert(kWindow >= kRecordHeader + kMostBytes);

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;

/// Numbers are in the order of the machine that wrote the file.
struct Format {
  bool little = false;
  bool nanoseconds = false;

  std::uint32_t u32(ByteReader& reader) const noexcept { return little ? reader.u32le() : reader.u32(); }
};

std::optional<Format> format_of(Bytes start) noexcept {
  ByteReader big(start);
  ByteReader little(start);
  const std::uint32_t as_big = big.u32();
  const std::uint32_t as_little = little.u32le();
  if (as_big == kMicroseconds || as_big == kNanoseconds) return Format{false, as_big == kNanoseconds};
  if (as_little == kMicroseconds || as_little == kNanoseconds) return Format{true, as_little == kNanoseconds};
  return std::nullopt;
}

/// A stretch of the file that slides forward only when a batch starts or has nothing yet.
class Classic final : public RecordReader {
 public:
  explicit Classic(std::unique_ptr<ByteSource> source) : source_(std::move(source)), window_(kWindow) {}

  Result<> read_header();
  packet::Link link() const noexcept override { return link_; }
  void start_batch() noexcept override { batch_at_ = at_; }
  Result<Next> next(Record& record) override;

 private:
  Bytes rest() const noexcept { return Bytes(window_).subspan(at_, filled_ - at_); }
  bool batch_is_empty() const noexcept { return batch_at_ == at_; }
  Result<bool> have(std::size_t size);

  std::unique_ptr<ByteSource> source_;
  std::vector<std::uint8_t> window_;
  std::size_t at_ = 0;  // where the next record begins
  std::size_t filled_ = 0;
  std::size_t batch_at_ = 0;  // where the batch began
  Format format_;
  packet::Link link_ = packet::Link::ethernet;
};

/// Reads on until `size` bytes from at_ are here; false when the file ends before. Needs an empty batch.
Result<bool> Classic::have(std::size_t size) {
  if (filled_ - at_ >= size) return true;
  std::copy(window_.begin() + static_cast<std::ptrdiff_t>(at_),
            window_.begin() + static_cast<std::ptrdiff_t>(filled_), window_.begin());
  filled_ -= at_;
  at_ = 0;
  batch_at_ = 0;
  while (filled_ < size) {
    BANSOKO_TRY(const std::size_t more, source_->read(std::span(window_).subspan(filled_)));
    if (more == 0) return false;
    filled_ += more;
  }
  return true;
}

Result<> Classic::read_header() {
  BANSOKO_TRY(const bool whole, have(kFileHeader));
  if (!whole) return fail(Errc::invalid, "cut short in the header of the file");
  format_ = format_of(rest()).value_or(Format{});
  ByteReader reader(rest().first(kFileHeader));
  reader.skip(20);
  constexpr std::uint32_t kTypeBits = 0x03ffffff;  // above them stands the length of a checksum
  BANSOKO_TRY(link_, link_type(format_.u32(reader) & kTypeBits));
  at_ += kFileHeader;
  batch_at_ = at_;
  return {};
}

Result<RecordReader::Next> Classic::next(Record& record) {
  if (filled_ - at_ < kRecordHeader) {
    if (!batch_is_empty()) return Next::batch_is_full;
    BANSOKO_TRY(const bool whole, have(kRecordHeader));
    if (!whole && at_ == filled_) return Next::end;
    if (!whole) return fail(Errc::invalid, "cut short in the header of this packet");
  }
  ByteReader header(rest().first(kRecordHeader));
  const std::uint32_t seconds = format_.u32(header);
  const std::uint32_t fraction = format_.u32(header);
  const std::uint32_t size = format_.u32(header);
  const std::uint32_t wire_size = format_.u32(header);
  if (size > kMostBytes)
    return fail(Errc::invalid, "says it has {} bytes, more than the possible {}: the file is damaged", size,
                kMostBytes);
  if (filled_ - at_ < kRecordHeader + size) {
    if (!batch_is_empty()) return Next::batch_is_full;
    BANSOKO_TRY(const bool whole, have(kRecordHeader + size));
    if (!whole) return fail(Errc::invalid, "cut short: {} of {} bytes", filled_ - at_ - kRecordHeader, size);
  }
  record.bytes = rest().subspan(kRecordHeader, size);
  record.wire_size = std::max(wire_size, size);
  record.arrived = std::chrono::seconds(seconds) +
                   std::chrono::nanoseconds(std::uint64_t{fraction} * (format_.nanoseconds ? 1U : 1000U));
  at_ += kRecordHeader + size;
  return Next::record;
}

}  // namespace

bool is_classic(Bytes start) noexcept { return format_of(start).has_value(); }

Result<std::unique_ptr<RecordReader>> read_classic(std::unique_ptr<ByteSource> source) {
  auto reader = std::make_unique<Classic>(std::move(source));
  BANSOKO_CHECK(reader->read_header());
  return reader;
}

}  // namespace bansoko::capture::pcapfile
