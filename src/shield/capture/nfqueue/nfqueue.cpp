// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cassert>
#include <memory>

#include <sys/socket.h>

#include "base/counter.h"
#include "shield/capture/capture.h"
#include "shield/capture/message_ring.h"
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
constexpr std::size_t kMaxMessage = 65536 + 4096;  // a packet of at most 64 KiB, and its attributes

nanoseconds now() noexcept {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

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
  MessageRing ring_{kMaxBatch, kMaxMessage};
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
  auto count = ring_.receive(socket_.fd(), most, wait);
  if (!count) return fail(count.error().code, "the packet queue: {}", count.error().message);
  return count;
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
      .lead = Lead::queue,
      .open = open_queue};
  return driver;
}

}  // namespace bansoko::capture::nfqueue
