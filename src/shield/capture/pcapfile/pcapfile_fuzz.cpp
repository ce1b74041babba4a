// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "shield/capture/pcapfile/record_reader.h"

namespace {

using namespace bansoko;
using namespace bansoko::capture::pcapfile;

void require(bool claim) {
  if (!claim) std::abort();
}

/// The input, `step` bytes at a time, so that records are cut everywhere.
class Memory final : public ByteSource {
 public:
  Memory(Bytes bytes, std::size_t step) : rest_(bytes), step_(step) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const std::size_t size = std::min({into.size(), rest_.size(), step_});
    std::copy_n(rest_.begin(), size, into.begin());
    rest_ = rest_.subspan(size);
    return size;
  }

 private:
  Bytes rest_;
  std::size_t step_;
};

/// Everything the input holds, and how it ended, in a few words to compare by.
std::string story(Bytes bytes, std::size_t step, std::size_t batch_size) {
  std::string text;
  auto reader = read_classic(std::make_unique<Memory>(bytes, step));
  if (!reader) return reader.error().message;
  std::size_t in_batch = 0;
  while (true) {
    if (in_batch == batch_size) {
      (*reader)->start_batch();
      in_batch = 0;
    }
    Record record;
    const auto next = (*reader)->next(record);
    if (!next) return text + next.error().message;
    if (*next == RecordReader::Next::end) return text + "end";
    if (*next == RecordReader::Next::batch_is_full) {
      require(in_batch != 0);
      in_batch = batch_size;
      continue;
    }
    ++in_batch;
    require(record.wire_size >= record.bytes.size());
    text.append(record.bytes.begin(), record.bytes.end());
    text += '|';
  }
}

}  // namespace

// However the bytes arrive and whatever the batches, the packets are the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const std::string whole = story(bytes, size + 1, 1);
  require(whole == story(bytes, 7, 1));
  require(whole == story(bytes, 100, 5));
  auto gzip = unpack_gzip(std::make_unique<Memory>(bytes, 11));
  std::vector<std::uint8_t> plain(4096);
  for (int i = 0; i < 64; ++i)
    if (const auto got = gzip->read(plain); !got || *got == 0) break;
  return 0;
}
