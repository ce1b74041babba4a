// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/message_ring.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>

namespace bansoko::capture {
namespace {

/// Makes the size of a slot no power of two, so that the beginnings of all slots do not compete for the same
/// lines of the cache.
constexpr std::size_t kSkew = 192;

}  // namespace

MessageRing::MessageRing(std::size_t slots, std::size_t most_bytes)
    : slot_size_(most_bytes + kSkew), bytes_(slots * slot_size_), slots_(slots), headers_(slots) {
  for (std::size_t i = 0; i < slots; ++i) {
    slots_[i] = {.iov_base = &bytes_[i * slot_size_], .iov_len = slot_size_};
    headers_[i].msg_hdr.msg_iov = &slots_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

Result<std::size_t> MessageRing::receive(int fd, std::size_t most, std::chrono::milliseconds wait) noexcept {
  const auto room = static_cast<unsigned>(std::min(most, headers_.size()));
  const auto take = [&] { return ::recvmmsg(fd, headers_.data(), room, MSG_DONTWAIT, nullptr); };
  int count = take();
  if (count < 0 && errno == EAGAIN && wait.count() > 0) {
    pollfd readable{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, static_cast<int>(wait.count())) > 0) count = take();
  }
  if (count >= 0) return static_cast<std::size_t>(count);
  // A full buffer is no error: what is missing leaves a gap in the numbers, and is counted from that.
  if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) return std::size_t{0};
  return fail(Errc::io, "{}", std::strerror(errno));
}

Bytes MessageRing::message(std::size_t i) const noexcept {
  return Bytes(bytes_).subspan(i * slot_size_, headers_[i].msg_len);
}

}  // namespace bansoko::capture
