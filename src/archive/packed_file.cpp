// SPDX-License-Identifier: Apache-2.0
#include "archive/packed_file.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "archive/gunzip.h"
#include "base/file.h"

namespace bansoko::archive {
namespace {

constexpr std::size_t kPackedSize = std::size_t{128} << 10U;
constexpr std::size_t kGzipMagic = 3;  // what is_gzip() looks at
constexpr std::size_t kUnpackedSize = std::size_t{256} << 10U;

}  // namespace

Result<UniqueFd> open_regular(const std::string& path) {
  // A pipe without a writer would be waited for.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return fail_errno("cannot open " + path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno("cannot read " + path, errno);
  if (!S_ISREG(status.st_mode)) return fail(Errc::invalid, "{} is no regular file", path);
  return fd;
}

Result<std::size_t> read_some(int fd, std::span<std::uint8_t> out) {
  for (;;) {
    const ssize_t got = ::read(fd, out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return fail_errno("cannot read it", errno);
  }
}

/// One gzip member after the other.
class PackedFile::Inflater {
 public:
  enum class Step { more, end, damaged };

  Inflater() : ready_(::inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK) {}
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) ::inflateEnd(&stream_);
  }

  /// Takes from `packed` and gives to `out`, of which `made` is filled.
  Step run(Bytes& packed, std::span<std::uint8_t> out, std::size_t& made) {
    // zlib's interface predates const; it does not write here.
    stream_.next_in = const_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int got = ready_ ? ::inflate(&stream_, Z_NO_FLUSH) : Z_MEM_ERROR;
    packed = packed.last(stream_.avail_in);
    made = out.size() - stream_.avail_out;
    if (got == Z_STREAM_END) return Step::end;
    return got == Z_OK || got == Z_BUF_ERROR ? Step::more : Step::damaged;
  }

  void again() { ready_ = ready_ && ::inflateReset(&stream_) == Z_OK; }
  bool between_members = false;

 private:
  z_stream stream_{};
  bool ready_;
};

PackedFile::PackedFile(UniqueFd fd) : fd_(std::move(fd)), packed_(kPackedSize) {}
PackedFile::PackedFile(PackedFile&&) noexcept = default;
PackedFile& PackedFile::operator=(PackedFile&&) noexcept = default;
PackedFile::~PackedFile() = default;

Result<PackedFile> PackedFile::open(const std::string& path) {
  BANSOKO_TRY(UniqueFd fd, open_regular(path));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno("cannot read " + path, errno);
  PackedFile file(std::move(fd));
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  BANSOKO_CHECK(file.fill());
  if (archive::is_gzip(file.rest_)) {
    file.inflater_ = std::make_unique<Inflater>();
    file.unpacked_.resize(kUnpackedSize);
  }
  return file;
}

Result<> PackedFile::fill() {
  const std::size_t had = rest_.size();
  std::copy(rest_.begin(), rest_.end(), packed_.begin());
  BANSOKO_TRY(const std::size_t got, read_some(fd_.get(), std::span(packed_).subspan(had)));
  rest_ = Bytes(packed_).first(had + got);
  packed_bytes_ += got;
  return {};
}

Result<Bytes> PackedFile::read() {
  if (inflater_ != nullptr) return inflate();
  if (rest_.empty()) BANSOKO_CHECK(fill());
  return std::exchange(rest_, Bytes());
}

Result<Bytes> PackedFile::inflate() {
  for (;;) {
    if (rest_.size() < kGzipMagic) BANSOKO_CHECK(fill());
    if (inflater_->between_members) {
      // A gzip file may be several one behind the other. What else follows the last is padding.
      if (!archive::is_gzip(rest_)) return Bytes();
      inflater_->again();
      inflater_->between_members = false;
    }
    if (rest_.empty()) return fail(Errc::invalid, "its compressed data is cut short");
    std::size_t made = 0;
    const auto step = inflater_->run(rest_, unpacked_, made);
    if (step == Inflater::Step::damaged) return fail(Errc::invalid, "its compressed data is damaged");
    inflater_->between_members = step == Inflater::Step::end;
    if (made != 0) return Bytes(unpacked_).first(made);
  }
}

std::int64_t PackedFile::seek(std::int64_t offset, int whence) noexcept {
  // What was read ahead lies before where the descriptor stands.
  if (whence == SEEK_CUR) offset -= static_cast<std::int64_t>(rest_.size());
  rest_ = {};
  return ::lseek(fd_.get(), offset, whence);
}

}  // namespace bansoko::archive
