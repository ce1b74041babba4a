// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include "base/counter.h"
#include "shield/capture/capture.h"
#include "shield/capture/pcapfile/record_reader.h"

namespace bansoko::capture::pcapfile {
namespace {

/// A capture file. Frames are numbered from 1. When the file is cut short or damaged, what is whole
/// before that comes first; then receive() fails and names the packet.
class CaptureFile final : public Capture {
 public:
  CaptureFile(std::string path, std::unique_ptr<RecordReader> reader)
      : path_(std::move(path)), reader_(std::move(reader)) {}

  Result<Batch> receive(std::span<packet::Frame> batch, std::chrono::milliseconds wait) override;
  void settle(std::span<const packet::Verdict> /*verdicts*/) noexcept override {}
  Counters counters() const noexcept override {
    return {.received = received_.value(),
            .bytes = bytes_.value(),
            .truncated = truncated_.value(),
            .errors = errors_.value()};
  }

 private:
  packet::Frame frame_of(const Record& record) noexcept;
  tl::unexpected<Error> again() const { return tl::unexpected<Error>(*failed_); }

  std::string path_;
  std::unique_ptr<RecordReader> reader_;
  std::uint32_t number_ = 0;  // of the last record
  std::optional<Error> failed_;
  Counter received_;
  Counter bytes_;
  Counter truncated_;
  Counter errors_;
};

Result<Batch> CaptureFile::receive(std::span<packet::Frame> batch, std::chrono::milliseconds /*wait*/) {
  if (failed_) return again();
  reader_->start_batch();
  Batch filled;
  Record record;
  while (filled.count < batch.size()) {
    const auto next = reader_->next(record);
    if (!next) {
      errors_.add();
      failed_ = Error{next.error().code,
                      fmt::format("{}: packet {}: {}", path_, number_ + 1, next.error().message)};
      if (filled.count != 0) break;
      return again();
    }
    if (*next == RecordReader::Next::batch_is_full) break;
    filled.ended = *next == RecordReader::Next::end;
    if (filled.ended) break;
    ++number_;
    batch[filled.count++] = frame_of(record);
  }
  received_.add(filled.count);
  return filled;
}

packet::Frame CaptureFile::frame_of(const Record& record) noexcept {
  bytes_.add(record.wire_size);
  if (record.wire_size > record.bytes.size()) truncated_.add();
  return {.bytes = record.bytes,
          .link = reader_->link(),
          .arrived = record.arrived,
          .id = number_,
          .wire_size = record.wire_size,
          .checksums_trusted = false,
          .may_be_unsegmented = true};
}

Result<std::unique_ptr<RecordReader>> open_reader(std::unique_ptr<Lookahead> source) {
  BANSOKO_TRY(const Bytes start, source->peek());
  if (start.empty()) return fail(Errc::invalid, "the file is empty, not a capture");
  if (is_classic(start)) return read_classic(std::move(source));
  return read_by_libpcap(std::move(source));
}

Result<std::unique_ptr<Capture>> open_file(const Settings& settings, unsigned worker) {
  if (worker != 0) return fail(Errc::unsupported, "{}: a capture is read by one worker", settings.path);
  BANSOKO_TRY(auto source, open_source(settings.path));
  auto reader = open_reader(std::move(source));
  if (!reader) return fail(reader.error().code, "{}: {}", settings.path, reader.error().message);
  return std::make_unique<CaptureFile>(settings.path, std::move(*reader));
}

}  // namespace

const Driver& describe() {
  static constexpr Driver driver{.name = "pcapfile",
                                 .help = "a capture: pcap or pcapng, also gzip'ed or from standard input",
                                 .can_drop = false,
                                 .open = open_file};
  return driver;
}

}  // namespace bansoko::capture::pcapfile
