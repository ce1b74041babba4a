// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <vector>

#include <pcap/pcap.h>

#include "shield/capture/pcapfile/record_reader.h"

namespace bansoko::capture::pcapfile {
namespace {

constexpr std::size_t kArena = 1U << 20U;  // of copied packets in one batch; grows for a single larger one

/// libpcap's file, read from a ByteSource; the reason of a failure is kept, since stdio has no room for it.
struct Cookie {
  std::unique_ptr<ByteSource> source;
  std::optional<Error> failed;

  static ssize_t read(void* cookie, char* into, std::size_t size) {
    auto& self = *static_cast<Cookie*>(cookie);
    auto got = self.source->read({reinterpret_cast<std::uint8_t*>(into), size});
    if (got) return static_cast<ssize_t>(*got);
    self.failed = got.error();
    return -1;
  }
};

class Libpcap final : public RecordReader {
 public:
  explicit Libpcap(std::unique_ptr<ByteSource> source) : arena_(kArena) {
    cookie_.source = std::move(source);
  }
  Libpcap(const Libpcap&) = delete;
  Libpcap& operator=(const Libpcap&) = delete;
  ~Libpcap() override {
    if (pcap_ != nullptr) pcap_close(pcap_);
  }

  Result<> open();
  packet::Link link() const noexcept override { return link_; }
  void start_batch() noexcept override { used_ = 0; }
  Result<Next> next(Record& record) override;

 private:
  tl::unexpected<Error> failure(const char* libpcap_says) const {
    if (cookie_.failed) return tl::unexpected<Error>(*cookie_.failed);
    return fail(Errc::invalid, "{}", libpcap_says);
  }

  Cookie cookie_;
  pcap_t* pcap_ = nullptr;
  packet::Link link_ = packet::Link::ethernet;
  std::vector<std::uint8_t> arena_;
  std::size_t used_ = 0;
  pcap_pkthdr* header_ = nullptr;  // a packet that was read and found no room in the batch
  const std::uint8_t* data_ = nullptr;
};

Result<> Libpcap::open() {
  constexpr cookie_io_functions_t kFunctions{
      .read = Cookie::read, .write = nullptr, .seek = nullptr, .close = nullptr};
  std::FILE* const file = ::fopencookie(&cookie_, "r", kFunctions);
  if (file == nullptr) return fail(Errc::io, "no memory for a stream");
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  pcap_ = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, message.data());
  if (pcap_ == nullptr) {
    // libpcap takes the stream only when it succeeds.
    (void)std::fclose(file);  // NOLINT(cppcoreguidelines-owning-memory)
    return failure(message.data());
  }
  BANSOKO_TRY(link_, link_type(static_cast<std::uint32_t>(pcap_datalink(pcap_))));
  return {};
}

Result<RecordReader::Next> Libpcap::next(Record& record) {
  if (header_ == nullptr) {
    const int got = pcap_next_ex(pcap_, &header_, &data_);
    if (got == PCAP_ERROR_BREAK) return Next::end;
    if (got != 1) {
      header_ = nullptr;
      return failure(pcap_geterr(pcap_));
    }
  }
  const std::size_t size = header_->caplen;
  if (size > arena_.size() - used_) {
    if (used_ != 0) return Next::batch_is_full;
    arena_.resize(size);
  }
  // libpcap lends a packet only until the next one.
  const std::span kept = std::span(arena_).subspan(used_, size);
  std::copy_n(data_, size, kept.begin());
  used_ += size;
  record.bytes = kept;
  record.wire_size = std::max(header_->len, header_->caplen);
  record.arrived = std::chrono::seconds(header_->ts.tv_sec) + std::chrono::nanoseconds(header_->ts.tv_usec);
  header_ = nullptr;
  return Next::record;
}

}  // namespace

Result<std::unique_ptr<RecordReader>> read_by_libpcap(std::unique_ptr<ByteSource> source) {
  auto reader = std::make_unique<Libpcap>(std::move(source));
  BANSOKO_CHECK(reader->open());
  return reader;
}

}  // namespace bansoko::capture::pcapfile
