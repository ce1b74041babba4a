// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "base/counter.h"
#include "shield/capture/capture.h"
#include "shield/capture/message_ring.h"
#include "shield/capture/netlink_reader.h"
#include "shield/capture/netlink_socket.h"
#include "shield/capture/nflog/bind.h"
#include "shield/capture/nflog/message.h"

namespace bansoko::capture::nflog {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kSlots = 16;
/// Copies come several together. The kernel's buffer begins with the first of them and has at most twice the
/// room that the longest needs.
constexpr std::size_t kMaxMessages = std::size_t{128} * 1024;

nanoseconds now() noexcept {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

/// Copies of packets that have long gone on: nobody waits for an answer.
class Group final : public Capture {
 public:
  explicit Group(NetlinkSocket socket) : socket_(std::move(socket)) {}

  Result<Batch> receive(std::span<packet::Frame> batch, milliseconds wait) override;
  void settle(std::span<const packet::Verdict>) noexcept override {}
  Counters counters() const noexcept override;

 private:
  std::optional<Bytes> next_message() noexcept;
  std::optional<packet::Frame> read(Bytes message, nanoseconds clock) noexcept;

  NetlinkSocket socket_;
  MessageRing ring_{kSlots, kMaxMessages};
  std::size_t received_slots_ = 0;
  std::size_t next_slot_ = 0;
  Bytes rest_ = {};  // of the slot before, still to be read
  Gaps gaps_;
  Counter received_;
  Counter bytes_;
  Counter lost_;
  Counter truncated_;
  Counter errors_;
};

Result<Batch> Group::receive(std::span<packet::Frame> batch, milliseconds wait) {
  // What one call brought may be more than one batch: the rest of it comes first.
  if (rest_.empty() && next_slot_ == received_slots_) {
    next_slot_ = received_slots_ = 0;
    const auto received = ring_.receive(socket_.fd(), kSlots, wait);
    if (!received) return fail(received.error().code, "the log group: {}", received.error().message);
    received_slots_ = *received;
  }
  std::size_t count = 0;
  const nanoseconds clock = now();
  while (count < batch.size()) {
    const auto message = next_message();
    if (!message) break;
    if (const auto frame = read(*message, clock)) batch[count++] = *frame;
  }
  received_.add(count);
  lost_.set(gaps_.missing());
  return Batch{.count = count, .ended = false};
}

std::optional<Bytes> Group::next_message() noexcept {
  while (true) {
    if (rest_.empty()) {
      if (next_slot_ == received_slots_) return std::nullopt;
      rest_ = ring_.message(next_slot_++);
    }
    if (const auto message = take_message(rest_)) return message;
    errors_.add();
    rest_ = {};
  }
}

std::optional<packet::Frame> Group::read(Bytes message, nanoseconds clock) noexcept {
  const auto copy = parse_copy(message);
  if (!copy) {
    // The end of several copies, or the acknowledgement of a setting.
    const auto answer = parse_netlink_answer(message);
    if (answer && answer->error != 0) errors_.add();
    return std::nullopt;
  }
  if (copy->sequence) gaps_.see(*copy->sequence);
  if (copy->payload.empty()) return std::nullopt;
  const std::uint32_t size = wire_size(copy->payload);
  if (size > copy->payload.size()) truncated_.add();
  bytes_.add(size);
  return packet::Frame{.bytes = copy->payload,
                       .link = packet::Link::ip,
                       .arrived = copy->arrived.count() != 0 ? copy->arrived : clock,
                       .id = copy->sequence.value_or(0),
                       .wire_size = size,
                       .checksums_trusted = is_checksum_unfilled(copy->payload)};
}

Counters Group::counters() const noexcept {
  return {.received = received_.value(),
          .bytes = bytes_.value(),
          .lost = lost_.value(),
          .truncated = truncated_.value(),
          .errors = errors_.value()};
}

Result<std::unique_ptr<Capture>> open_group(const Settings& settings, unsigned worker) {
  const unsigned number = settings.first_group + worker;
  if (number > 65535) return fail(Errc::invalid, "log group {}: the last possible is 65535", number);
  BANSOKO_TRY(NetlinkSocket socket, bind_group(settings, static_cast<std::uint16_t>(number)));
  return std::make_unique<Group>(std::move(socket));
}

}  // namespace

const Driver& describe() {
  static constexpr Driver driver{
      .name = "nflog",
      .help = "copies of the packets of this host, a router or a bridge; nothing is ever held or dropped",
      .can_drop = false,
      .lead = Lead::log_group,
      .open = open_group};
  return driver;
}

}  // namespace bansoko::capture::nflog
