// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shield/packet/frame.h"

namespace bansoko::capture {

/// Where a live driver stands: on the protected host itself, on a router, or as a bridge.
enum class Place : std::uint8_t { host, gateway, bridge };

/// What the kernel is to do with packets nobody answers for.
enum class OnFailure : std::uint8_t { open, closed };

/// How the firewall's tables lead packets to a driver.
enum class Lead : std::uint8_t {
  none,       // the driver needs no tables
  queue,      // the kernel holds each packet until it is answered
  log_group,  // the kernel lets each packet go on and sends a copy
};

struct Settings {
  std::string path = {};  // pcapfile: a capture, or "-" for standard input
  Place place = Place::gateway;
  std::uint16_t first_queue = 0;      // nfqueue: worker n listens on queue first_queue + n
  std::uint16_t first_group = 20000;  // nflog: worker n gets the copies of log group first_group + n
  std::uint32_t queue_length =
      8192;  // packets the kernel holds for one worker; on_overload open: receive_buffer limits
  std::uint32_t receive_buffer = 8U << 20U;   // bytes
  OnFailure on_crash = OnFailure::open;       // no process listens
  OnFailure on_overload = OnFailure::closed;  // the queue is full
  bool observe = false;  // mode observe: never drops, never holds longer than accept does
};

/// What a driver has seen. Raised by its worker.
struct Counters {
  std::uint64_t received = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;       // known to have come, never shown to us
  std::uint64_t truncated = 0;  // cut short by the driver
  std::uint64_t errors = 0;     // answers the kernel did not take
};

struct Batch {
  std::size_t count = 0;
  bool ended = false;  // a capture has no more; a live driver never says so
};

/// A source of frames. Each is answered, whether or not anybody waits for the answer.
class Capture {
 public:
  virtual ~Capture() = default;

  /// Fills `batch`; waits up to `wait` for the first. The frames are valid until settle().
  virtual Result<Batch> receive(std::span<packet::Frame> batch, std::chrono::milliseconds wait) = 0;

  /// Answers every frame of the last receive(), in the same order.
  virtual void settle(std::span<const packet::Verdict> verdicts) noexcept = 0;

  virtual Counters counters() const noexcept = 0;
};

/// Everything the engine knows about one way to get packets.
struct Driver {
  std::string_view name;
  std::string_view help;
  bool can_drop;
  Lead lead = Lead::none;
  Result<std::unique_ptr<Capture>> (*open)(const Settings& settings, unsigned worker);
};

/// All drivers built in: one per folder beside this file.
std::span<const Driver* const> all_drivers();

}  // namespace bansoko::capture
