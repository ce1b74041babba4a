// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/pcapfile/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace bansoko::capture::pcapfile {
namespace {

class File final : public ByteSource {
 public:
  explicit File(UniqueFd fd) : fd_(std::move(fd)) {}

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    while (true) {
      const auto size = ::read(fd_.get(), into.data(), into.size());
      if (size >= 0) return static_cast<std::size_t>(size);
      if (errno != EINTR) return fail(Errc::io, "{}", std::strerror(errno));
    }
  }

 private:
  UniqueFd fd_;
};

bool is_gzip(Bytes start) noexcept { return start.size() >= 2 && start[0] == 0x1f && start[1] == 0x8b; }

}  // namespace

Result<Bytes> Lookahead::peek() {
  while (size_ < first_.size()) {
    BANSOKO_TRY(const std::size_t size, from_->read(std::span(first_).subspan(size_)));
    if (size == 0) break;
    size_ += size;
  }
  return Bytes(first_).first(size_);
}

Result<std::size_t> Lookahead::read(std::span<std::uint8_t> into) {
  if (given_ == size_) return from_->read(into);
  const std::size_t size = std::min(into.size(), size_ - given_);
  std::copy_n(first_.begin() + static_cast<std::ptrdiff_t>(given_), size, into.begin());
  given_ += size;
  return size;
}

Result<std::unique_ptr<Lookahead>> open_source(const std::string& path) {
  const bool standard_input = path == "-";
  // A copy of descriptor 0: closing it is ours, closing standard input is not.
  UniqueFd fd(standard_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                             : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid())
    return fail(errno == ENOENT ? Errc::not_found : Errc::io, "{}: {}", path, std::strerror(errno));
  if (!standard_input) ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  auto source = std::make_unique<Lookahead>(std::make_unique<File>(std::move(fd)));
  const auto start = source->peek();
  if (!start) return fail(start.error().code, "{}: {}", path, start.error().message);
  if (is_gzip(*start)) source = std::make_unique<Lookahead>(unpack_gzip(std::move(source)));
  return source;
}

}  // namespace bansoko::capture::pcapfile
