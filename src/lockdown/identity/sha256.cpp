// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/sha256.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <vector>

#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "lockdown/identity/file_state.h"

namespace bansoko::identity {
namespace {

constexpr std::size_t kPiece = 128U << 10U;

std::optional<std::uint8_t> value_of(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<std::uint8_t>(digit - 'a' + 10);
  return std::nullopt;
}

/// How much there was.
Result<std::uint64_t> add_all(int fd, Digest& digest, const std::stop_token& stop) {
  std::vector<std::uint8_t> piece(kPiece);
  std::uint64_t at = 0;
  for (;;) {
    if (stop.stop_requested()) return fail(Errc::limit, "reading was stopped");
    const auto got = ::pread(fd, piece.data(), piece.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read", errno);
    if (got == 0) return at;
    digest.add(Bytes(piece).first(static_cast<std::size_t>(got)));
    at += static_cast<std::uint64_t>(got);
  }
}

}  // namespace

std::string to_text(const Sha256& digest) { return hexadecimal(digest); }

std::optional<Sha256> sha256_from(std::string_view text) noexcept {
  Sha256 digest{};
  if (text.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const auto high = value_of(text[2 * i]);
    const auto low = value_of(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    digest.at(i) = static_cast<std::uint8_t>(*high << 4U | *low);
  }
  return digest;
}

Result<Sha256> digest_of(int fd, const std::stop_token& stop) {
  BANSOKO_TRY(const FileState before, state_of(fd));
  Digest digest(DigestKind::sha256);
  BANSOKO_TRY(const std::uint64_t size, add_all(fd, digest, stop));
  if (size != before.size) return fail(Errc::invalid, "it changed while it was read");
  Sha256 result{};
  std::ranges::copy(digest.finish(), result.begin());
  return result;
}

}  // namespace bansoko::identity
