// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/content.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"

namespace bansoko::scan {
namespace {

constexpr std::size_t kPiece = 128U << 10U;

Result<std::size_t> read_at(int fd, std::span<std::uint8_t> out, std::uint64_t at) {
  for (;;) {
    const auto got = ::pread(fd, out.data(), out.size(), static_cast<off_t>(at));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return fail_errno("cannot read", errno);
  }
}

}  // namespace

ContentReader::ContentReader(const Pacer& pacer, std::stop_token stop)
    : pacer_(pacer), stop_(std::move(stop)), piece_(kPiece) {}

Result<identity::FileKind> ContentReader::kind_of(int fd) {
  BANSOKO_TRY(const std::size_t got, read_at(fd, std::span(piece_).first(identity::kHeadSize), 0));
  return identity::kind_of(Bytes(piece_).first(got));
}

Result<trust::Content> ContentReader::digest(int fd, bool md5, std::uint64_t max_size, std::uint64_t& bytes) {
  Digest sha256(DigestKind::sha256);
  std::optional<Digest> also;
  if (md5) also.emplace(DigestKind::md5);
  for (std::uint64_t at = 0;;) {
    if (stop_.stop_requested()) return fail(Errc::limit, "reading was stopped");
    BANSOKO_TRY(const std::size_t got, read_at(fd, piece_, at));
    if (got == 0) break;
    const Bytes read = Bytes(piece_).first(got);
    sha256.add(read);
    if (also) also->add(read);
    at += got;
    bytes += got;
    if (at > max_size) return fail(Errc::limit, "there is more than {} bytes", max_size);
    pacer_.pause();
  }
  trust::Content content;
  std::ranges::copy(sha256.finish(), content.sha256.begin());
  if (also) std::ranges::copy(also->finish(), content.md5.emplace().begin());
  return content;
}

}  // namespace bansoko::scan
