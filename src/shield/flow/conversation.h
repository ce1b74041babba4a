// SPDX-License-Identifier: Apache-2.0
#pragma once

// For tests: a TCP conversation in a few words, and a sink that checks what every delivery promises.

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "shield/flow/tcp_tracker.h"

namespace bansoko::flow {

/// One segment: who sends which bytes of its stream. Offset 0 is the byte after the SYN.
struct TestSegment {
  Side from = Side::client;
  std::int64_t offset = 0;
  std::string_view bytes = {};
  unsigned flags = packet::TcpFlag::ack;
  std::int64_t acknowledged = 0;
  std::uint16_t window = 65535;
  std::uint32_t other_isn = 0;  // added to the sender's
  std::optional<std::uint32_t> timestamp = std::nullopt;
  std::chrono::nanoseconds arrived{};
  bool is_signed = false;

  TestSegment with(unsigned more) const {
    return changed([&](auto& it) { it.flags |= more; });
  }
  TestSegment only(unsigned flag) const {
    return changed([&](auto& it) { it.flags = flag; });
  }
  TestSegment acks(std::int64_t offset_acked) const {
    return changed([&](auto& it) { it.acknowledged = offset_acked; });
  }
  TestSegment offers(std::uint16_t size) const {
    return changed([&](auto& it) { it.window = size; });
  }
  TestSegment isn(std::uint32_t moved) const {
    return changed([&](auto& it) { it.other_isn = moved; });
  }
  TestSegment stamped(std::uint32_t value, std::chrono::nanoseconds when = {}) const {
    return changed([&](auto& it) {
      it.timestamp = value;
      it.arrived = when;
    });
  }
  TestSegment with_signature() const {
    return changed([](auto& it) { it.is_signed = true; });
  }
  TestSegment urgent() const { return with(packet::TcpFlag::urg); }
  TestSegment fin() const { return with(packet::TcpFlag::fin); }
  TestSegment rst() const { return with(packet::TcpFlag::rst); }

 private:
  template <typename Change>
  TestSegment changed(Change change) const {
    TestSegment copy = *this;
    change(copy);
    return copy;
  }
};

inline TestSegment c(std::int64_t offset, std::string_view bytes = {}) {
  return {.from = Side::client, .offset = offset, .bytes = bytes};
}
inline TestSegment s(std::int64_t offset, std::string_view bytes = {}) {
  return {.from = Side::server, .offset = offset, .bytes = bytes};
}
inline TestSegment syn(std::string_view bytes = {}) { return c(-1, bytes).only(packet::TcpFlag::syn); }
inline TestSegment syn_ack() { return s(-1).with(packet::TcpFlag::syn); }

/// Writes down what is delivered: "ab|cd" two chunks, "<3>" a gap, "$" the end.
class TestSink : public ChunkSink {
 public:
  void on_chunk(Flow& flow, const StreamChunk& chunk) noexcept override {
    phase = flow.phase;
    const auto side = index(chunk.from);
    const std::string_view window = as_text(chunk.window);
    const std::string_view history = window.substr(0, chunk.history);
    std::string& text = texts[side];
    broken = broken || ended[side] || (chunk.gap > 0 && chunk.history > 0);
    broken = broken || chunk.offset != next[side] + chunk.gap || !text.ends_with(history);
    if (chunk.gap > 0) {
      text.clear();
      logs[side] += "<" + std::to_string(chunk.gap) + ">";
    } else if (!logs[side].empty() && !chunk.bytes().empty()) {
      logs[side] += "|";
    }
    text += as_text(chunk.bytes());
    if (chunk.bytes().size() < 200) logs[side] += as_text(chunk.bytes());
    if (chunk.last) logs[side] += "$";
    ended[side] = chunk.last;
    next[side] = chunk.offset + chunk.bytes().size();
    largest_history = std::max(largest_history, chunk.history);
    ++chunks;
    assert(!broken);
  }

  std::array<std::string, 2> logs;
  std::array<std::string, 2> texts;  // since the last gap
  std::array<std::uint64_t, 2> next{};
  std::array<bool, 2> ended{};
  std::size_t largest_history = 0;
  std::size_t chunks = 0;
  Phase phase = Phase::opening;  // when the last chunk came
  bool broken = false;
};

/// Two ends with their initial sequence numbers, and one tracker between them.
struct Conversation {
  explicit Conversation(const StreamSettings& settings, std::uint32_t flows = 1) : tracker(settings, flows) {
    flow.id = 1;
    flow.key.protocol = packet::Protocol::tcp;
  }

  packet::Packet packet_of(const TestSegment& segment) const {
    packet::Packet packet;
    packet.ip_version = 4;
    packet.protocol = packet::Protocol::tcp;
    packet.has_transport = true;
    packet.payload = as_bytes(segment.bytes);
    const std::uint32_t own = isn[index(segment.from)];
    const std::uint32_t peer = isn[index(other(segment.from))];
    packet.tcp.flags = static_cast<std::uint8_t>(segment.flags);
    packet.tcp.sequence = own + segment.other_isn + 1 + static_cast<std::uint32_t>(segment.offset);
    packet.tcp.acknowledgement = peer + 1 + static_cast<std::uint32_t>(segment.acknowledged);
    packet.tcp.window = segment.window;
    packet.arrived = segment.arrived;
    packet.tcp.has_timestamp = segment.timestamp.has_value();
    packet.tcp.timestamp = segment.timestamp.value_or(0);
    packet.tcp.is_signed = segment.is_signed;
    packet.tcp.has_window_scale = (segment.flags & packet::TcpFlag::syn) != 0 && scale > 0;
    packet.tcp.window_scale = scale;
    return packet;
  }

  TcpTracker::Outcome send(const TestSegment& segment) noexcept {
    packet::Packet packet = packet_of(segment);
    const auto outcome = tracker.accept(flow, segment.from, packet, sink);
    anomalies.merge(packet.anomalies);
    return outcome;
  }

  void open() noexcept {
    send(syn());
    send(syn_ack());
    send(c(0));
  }

  TcpTracker tracker;
  Flow flow;
  TestSink sink;
  std::array<std::uint32_t, 2> isn{1000, 5000};
  std::uint8_t scale = 0;
  packet::AnomalySet anomalies;
};

inline packet::AnomalySet set_of(const std::vector<packet::Anomaly>& anomalies) {
  packet::AnomalySet set;
  for (const packet::Anomaly anomaly : anomalies) set.add(anomaly);
  return set;
}

/// What became of each: '.' accepted, 'x' refused.
inline std::string send_all(Conversation& conversation, const std::vector<TestSegment>& segments) {
  std::string outcomes;
  for (const TestSegment& segment : segments)
    outcomes += conversation.send(segment) == TcpTracker::Outcome::accept ? '.' : 'x';
  return outcomes;
}

}  // namespace bansoko::flow
