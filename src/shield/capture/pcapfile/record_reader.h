// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "shield/capture/pcapfile/byte_source.h"
#include "shield/capture/pcapfile/link_type.h"

namespace bansoko::capture::pcapfile {

/// One packet as it stands in a capture.
struct Record {
  Bytes bytes = {};
  std::uint32_t wire_size = 0;
  std::chrono::nanoseconds arrived{};
};

/// The packets of a capture, one after another. Their bytes stay where they are until start_batch().
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  virtual packet::Link link() const noexcept = 0;

  /// Lets go of the records handed out before.
  virtual void start_batch() noexcept = 0;

  enum class Next : std::uint8_t { record, batch_is_full, end };
  /// Reads the next into `record`. The batch is full when going on would move records handed out in it.
  /// What is cut short or senseless is an error, and so is every further call.
  virtual Result<Next> next(Record& record) = 0;
};

/// Our reader for the classic format: no copy per packet, a quarter of libpcap's time.
Result<std::unique_ptr<RecordReader>> read_classic(std::unique_ptr<ByteSource> source);

/// libpcap, for pcapng and everything else that it knows.
Result<std::unique_ptr<RecordReader>> read_by_libpcap(std::unique_ptr<ByteSource> source);

/// Is this the start of a classic capture, of either byte order, with micro- or nanoseconds?
bool is_classic(Bytes start) noexcept;

}  // namespace bansoko::capture::pcapfile
