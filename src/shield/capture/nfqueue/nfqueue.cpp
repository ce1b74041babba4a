// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include <poll.h>
#include <sys/socket.h>

#include "base/counter.h"
#include "shield/capture/capture.h"
#include "shield/capture/netlink_socket.h"
#include "shield/capture/nfqueue/bind.h"
#include "shield/capture/nfqueue/losses.h"
#include "shield/capture/nfqueue/message.h"
#include "shield/capture/nfqueue/verdicts.h"

namespace bansoko::capture::nfqueue {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kMaxBatch = 64;
/// A packet's message is at most 64 KiB and its attributes. Not a power of two, so that the beginnings
/// of all slots do not compete for the same lines of the cache.
constexpr std::size_t kSlotSize = 65536 + 4096 + 192;

nanoseconds now() noexcept {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

/// Receives up to kMaxBatch messages in one call, each into its own slot.
class Ring {
 public:
  Ring() : bytes_(kMaxBatch * kSlotSize) {
    for (std::size_t i = 0; i < kMaxBatch; ++i) {
      slots_[i] = {.iov_base = &bytes_[i * kSlotSize], .iov_len = kSlotSize};
      headers_[i].msg_hdr.msg_iov = &slots_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  /// How many messages came, at most `most`; -1 with errno.
  int receive(int fd, std::size_t most) noexcept {
    return ::recvmmsg(fd, headers_.data(), static_cast<unsigned>(most), MSG_DONTWAIT, nullptr);
  }
  Bytes message(std::size_t i) const noexcept {
    return Bytes(bytes_).subspan(i * kSlotSize, headers_[i].msg_len);
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::array<iovec, kMaxBatch> slots_{};
  std::array<mmsghdr, kMaxBatch> headers_{};
};

class Queue final : public Capture {
 public:
  Queue(NetlinkSocket socket, const Settings& settings, std::uint16_t number)
      : socket_(std::move(socket)),
        observe_(settings.observe),
        if_unanswered_(settings.on_crash == OnFailure::open ? packet::Action::accept : packet::Action::drop),
        writer_(number, kMaxBatch),
        losses_(number) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() override { settle({}); }

  Result<Batch> receive(std::span<packet::Frame> batch, milliseconds wait) override;
  void settle(std::span<const packet::Verdict> verdicts) noexcept override;
  Counters counters() const noexcept override;

 private:
  struct Held {
    std::uint32_t id = 0;
    std::uint32_t mark = 0;
  };

  Result<std::size_t> receive_messages(std::size_t most, milliseconds wait);
  std::size_t take(std::size_t messages, std::span<packet::Frame> batch) noexcept;
  void send(Bytes messages) noexcept;

  NetlinkSocket socket_;
  bool observe_ = false;
  packet::Action if_unanswered_ = packet::Action::accept;
  Ring ring_;
  std::array<Held, kMaxBatch> held_{};
  std::size_t held_count_ = 0;
  VerdictWriter writer_;
  Losses losses_;
  Counter received_;
  Counter bytes_;
  Counter lost_;
  Counter truncated_;
  Counter errors_;
};

Result<Batch> Queue::receive(std::span<packet::Frame> batch, milliseconds wait) {
  assert(held_count_ == 0);
  settle({});
  BANSOKO_TRY(const std::size_t messages, receive_messages(std::min(batch.size(), kMaxBatch), wait));
  return Batch{.count = take(messages, batch), .ended = false};
}

Result<std::size_t> Queue::receive_messages(std::size_t most, milliseconds wait) {
  int count = ring_.receive(socket_.fd(), most);
  if (count < 0 && errno == EAGAIN && wait.count() > 0) {
    pollfd readable{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, static_cast<int>(wait.count())) > 0) count = ring_.receive(socket_.fd(), most);
  }
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
  if (errno == ENOBUFS) {  // switched off, but harmless: the gap in the numbers is counted
    return std::size_t{0};
  }
  return fail(Errc::io, "the packet queue: {}", std::strerror(errno));
}

std::size_t Queue::take(std::size_t messages, std::span<packet::Frame> batch) noexcept {
  const nanoseconds clock = now();
  for (std::size_t i = 0; i < messages; ++i) {
    const auto packet = parse_packet(ring_.message(i));
    if (!packet) {
      const auto answer = parse_netlink_answer(ring_.message(i));
      if (!answer || answer->error != 0) errors_.add();
      continue;
    }
    losses_.see(packet->id);
    if (packet->wire_size > packet->payload.size()) truncated_.add();
    bytes_.add(packet->wire_size);
    held_[held_count_] = {packet->id, packet->mark};
    batch[held_count_++] = {.bytes = packet->payload,
                            .link = packet::Link::ip,
                            .arrived = packet->arrived.count() != 0 ? packet->arrived : clock,
                            .id = packet->id,
                            .wire_size = packet->wire_size,
                            .checksums_trusted = packet->checksums_trusted};
  }
  received_.add(held_count_);
  losses_.look(clock);
  lost_.set(losses_.total());
  return held_count_;
}

void Queue::settle(std::span<const packet::Verdict> verdicts) noexcept {
  if (held_count_ == 0) return;
  for (std::size_t i = 0; i < held_count_; ++i) {
    const packet::Action action = i < verdicts.size() ? verdicts[i].action : if_unanswered_;
    writer_.add(held_[i].id, reply_for(action, held_[i].mark, observe_));
  }
  held_count_ = 0;
  send(writer_.finish());
  writer_.clear();
}

void Queue::send(Bytes messages) noexcept {
  constexpr int kAttempts = 3;
  for (int i = 0; i < kAttempts; ++i)
    if (::send(socket_.fd(), messages.data(), messages.size(), 0) == static_cast<ssize_t>(messages.size()))
      return;
  errors_.add();
  // The kernel still holds those packets. The next answer to a run would accept them all, also the ones that
  // were to be dropped, so from now on each packet is answered by itself; the kernel drops the rest at the
  // end.
  writer_.use_runs(false);
}

Counters Queue::counters() const noexcept {
  return {.received = received_.value(),
          .bytes = bytes_.value(),
          .lost = lost_.value(),
          .truncated = truncated_.value(),
          .errors = errors_.value()};
}

Result<std::unique_ptr<Capture>> open_queue(const Settings& settings, unsigned worker) {
  const unsigned number = settings.first_queue + worker;
  if (number > 65535) return fail(Errc::invalid, "queue {}: the last possible is 65535", number);
  BANSOKO_TRY(NetlinkSocket socket, bind_queue(settings, static_cast<std::uint16_t>(number)));
  return std::make_unique<Queue>(std::move(socket), settings, static_cast<std::uint16_t>(number));
}

}  // namespace

const Driver& describe() {
  static constexpr Driver driver{
      .name = "nfqueue",
      .help = "packets of this host, a router or a bridge, held by the kernel until answered",
      .can_drop = true,
      .open = open_queue};
  return driver;
}

}  // namespace bansoko::capture::nfqueue
