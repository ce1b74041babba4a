// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "shield/flow/tcp_tracker.h"

namespace bansoko::flow {
namespace {

constexpr std::size_t kFlows = 2;
constexpr std::size_t kRemembered = 64;

void require(bool claim) noexcept {
  if (!claim) std::abort();
}

/// Keeps the last bytes of each stream, and holds every delivery against them.
class Witness : public ChunkSink {
 public:
  void on_chunk(Flow& flow, const StreamChunk& chunk) noexcept override {
    Stream& stream = streams_[flow.slot][index(chunk.from)];
    require(!stream.ended);
    require(chunk.history <= chunk.window.size());
    require(chunk.offset == stream.next + chunk.gap);
    require(chunk.gap == 0 || chunk.history == 0);
    require(chunk.history <= stream.next - stream.begin);
    const Bytes history = chunk.window.first(chunk.history);
    for (std::size_t back = 1; back <= std::min(history.size(), kRemembered); ++back)
      require(history[history.size() - back] == stream.recent[(stream.next - back) % kRemembered]);
    if (chunk.gap > 0) stream.begin = chunk.offset;
    stream.next = chunk.offset;
    for (const std::uint8_t byte : chunk.bytes()) stream.recent[stream.next++ % kRemembered] = byte;
    stream.ended = chunk.last;
  }

  void forget(std::uint32_t slot) noexcept { streams_[slot] = {}; }

 private:
  struct Stream {
    std::uint64_t begin = 0;  // nothing was lost since
    std::uint64_t next = 0;
    bool ended = false;
    std::array<std::uint8_t, kRemembered> recent{};
  };
  std::array<std::array<Stream, 2>, kFlows> streams_{};
};

StreamSettings settings_of(std::uint8_t choice, std::uint8_t receiver) noexcept {
  StreamSettings settings{.memory = 8192, .window = 1024, .history = 32, .max_ranges = 3};
  settings.depth = (choice & 1U) != 0 ? 600 : 0;
  settings.midstream = static_cast<Midstream>((choice >> 1U & 3U) % 3);
  settings.on_memory_limit = static_cast<OnLimit>(choice >> 3U & 1U);
  settings.on_segment_limit = static_cast<OnLimit>(choice >> 4U & 1U);
  settings.on_unverified = static_cast<OnLimit>(choice >> 5U & 1U);
  settings.on_conflict = static_cast<OnLimit>(receiver >> 3U & 1U);
  settings.refused_arrives = (receiver & 0x10U) != 0;
  settings.on_syn_data = static_cast<OnLimit>(receiver >> 5U & 1U);
  settings.on_one_sided = static_cast<OnLimit>(receiver >> 6U & 1U);
  settings.urgent = static_cast<Urgent>(receiver >> 7U & 1U);
  if ((choice & 0x40U) != 0) settings.memory = 1024;
  if ((choice & 0x80U) != 0) settings.history = 2000;
  return settings;
}

class Run {
 public:
  Run(std::uint8_t choice, std::uint8_t receiver) noexcept
      : system_(static_cast<packet::System>((receiver & 7U) % 7U)),
        tracker_(settings_of(choice, receiver), kFlows) {
    for (std::uint32_t slot = 0; slot < kFlows; ++slot) begin(slot);
  }

  ~Run() {
    for (Flow& flow : flows_) tracker_.end(flow, witness_);
    require(tracker_.counters().memory_used.value() == 0);
  }

  void step(ByteReader& in) noexcept {
    const std::uint8_t head = in.u8();
    Flow& flow = flows_[head & 1U];
    const Side from = (head & 2U) != 0 ? Side::server : Side::client;
    if ((head & 0xf0U) == 0xf0U) return special(flow, from, head);
    packet::Packet packet;
    packet.protocol = packet::Protocol::tcp;
    packet.has_transport = true;
    packet.tcp.flags = in.u8();
    packet.tcp.sequence = 0xffffff00U + place(in);
    packet.tcp.acknowledgement = 0xffffff00U + place(in);
    packet.tcp.window = in.u8();
    packet.tcp.has_window_scale = (head & 4U) != 0;
    packet.tcp.window_scale = head >> 4U;
    if ((head & 0x80U) != 0) {
      packet.tcp.has_timestamp = true;
      packet.tcp.timestamp = static_cast<std::uint32_t>(in.u8()) << 25U;
    }
    packet.payload = (head & 8U) != 0 ? in.take(in.u8()) : Bytes{};
    const auto outcome = tracker_.accept(flow, from, packet, witness_);
    require(outcome == TcpTracker::Outcome::accept || !packet.anomalies.empty());
    require(tracker_.counters().memory_used.value() <= 8192);
  }

 private:
  static std::uint32_t place(ByteReader& in) noexcept {
    const auto value = static_cast<std::int16_t>(in.u16());
    return static_cast<std::uint32_t>(value > 0x7f00 ? value << 16 : value / 8);
  }

  void begin(std::uint32_t slot) noexcept {
    flows_[slot] = Flow{.id = ++last_id_, .slot = slot};
    flows_[slot].is_successor = last_id_ % 3 == 0;
    for (packet::HostView& host : flows_[slot].hosts) host.system = system_;
    witness_.forget(slot);
  }

  void special(Flow& flow, Side from, std::uint8_t head) noexcept {
    if ((head & 8U) != 0) return tracker_.stop(flow, from);
    tracker_.end(flow, witness_);
    begin(flow.slot);
  }

  packet::System system_;
  TcpTracker tracker_;
  Witness witness_;
  std::array<Flow, kFlows> flows_{};
  std::uint64_t last_id_ = 0;
};

}  // namespace
}  // namespace bansoko::flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bansoko::ByteReader in({data, size});
  const std::uint8_t choice = in.u8();
  bansoko::flow::Run run(choice, in.u8());
  while (!in.rest().empty()) run.step(in);
  return 0;
}
