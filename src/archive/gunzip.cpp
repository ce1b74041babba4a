// SPDX-License-Identifier: Apache-2.0
#include "archive/gunzip.h"

#include <algorithm>

#include <zlib.h>

namespace bansoko::archive {
namespace {

constexpr std::size_t kInflateSize = std::size_t{256} << 10U;
constexpr std::size_t kMostInput = std::size_t{1} << 30U;  // zlib counts in 32 bits

class Inflater {
 public:
  explicit Inflater(Bytes bytes) : ready_(::inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK) {
    // zlib's interface predates const; it does not write here.
    stream_.next_in = const_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) ::inflateEnd(&stream_);
  }

  Result<std::string> run(std::size_t max_size) {
    std::string text;
    while (ready_) {
      const std::size_t had = text.size();
      text.resize(had + kInflateSize);
      stream_.next_out = reinterpret_cast<Bytef*>(text.data() + had);
      stream_.avail_out = static_cast<uInt>(kInflateSize);
      const int got = ::inflate(&stream_, Z_NO_FLUSH);
      text.resize(text.size() - stream_.avail_out);
      if (text.size() > max_size)
        return fail(Errc::limit, "it is larger than {} bytes when unpacked", max_size);
      if (got == Z_STREAM_END && !begins_another()) return text;
      if (got == Z_BUF_ERROR) return fail(Errc::invalid, "its compressed data is cut short");
      if (got != Z_OK && got != Z_STREAM_END) break;
    }
    return fail(Errc::invalid, "its compressed data is damaged{}{}", stream_.msg == nullptr ? "" : ": ",
                stream_.msg == nullptr ? "" : stream_.msg);
  }

 private:
  /// A gzip file may be several one behind the other. What else follows the last is padding.
  bool begins_another() {
    if (!is_gzip(Bytes(stream_.next_in, stream_.avail_in))) return false;
    return ::inflateReset(&stream_) == Z_OK;
  }

  z_stream stream_{};
  bool ready_;
};

}  // namespace

bool is_gzip(Bytes bytes) noexcept { return bytes.size() > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }

Result<std::string> gunzip(Bytes bytes, std::size_t max_size) {
  if (bytes.size() > kMostInput) return fail(Errc::limit, "it is larger than {} bytes", kMostInput);
  return Inflater(bytes).run(max_size);
}

}  // namespace bansoko::archive
