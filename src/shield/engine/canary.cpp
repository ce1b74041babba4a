// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/canary.h"

#include <algorithm>
#include <span>

#include "shield/packet/packet.h"

namespace bansoko::engine {
namespace {

constexpr std::string_view kRequest = "bansoko canary 5f1d0c6e";
constexpr std::array<std::uint8_t, 4> kClient{192, 0, 2, 1};
constexpr std::array<std::uint8_t, 4> kServer{192, 0, 2, 2};
constexpr std::uint16_t kServerPort = 9;  // discard
constexpr std::size_t kHeaders = 40;      // IPv4 and TCP without options

struct Step {
  bool from_client;
  std::uint8_t flags;
  std::uint32_t sequence;
  std::uint32_t acknowledgement;
  std::string_view payload;
};

constexpr std::array<Step, Canary::kFrames> kSteps{
    Step{true, packet::syn, 1000, 0, {}},
    Step{false, packet::syn | packet::ack, 2000, 1001, {}},
    Step{true, packet::ack, 1001, 2001, {}},
    Step{true, packet::psh | packet::ack, 1001, 2001, kRequest},
};

/// Puts network-order fields one after the other.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> into) noexcept : into_(into) {}

  void u8(std::uint8_t value) noexcept { into_[size_++] = value; }
  void u16(std::uint16_t value) noexcept {
    u8(static_cast<std::uint8_t>(value >> 8U));
    u8(static_cast<std::uint8_t>(value & 0xffU));
  }
  void u32(std::uint32_t value) noexcept {
    u16(static_cast<std::uint16_t>(value >> 16U));
    u16(static_cast<std::uint16_t>(value & 0xffffU));
  }
  void bytes(Bytes bytes) noexcept {
    for (const std::uint8_t byte : bytes) u8(byte);
  }
  std::size_t size() const noexcept { return size_; }

 private:
  std::span<std::uint8_t> into_;
  std::size_t size_ = 0;
};

}  // namespace

std::string_view canary_rule() noexcept {
  return "drop tcp 192.0.2.1 any -> 192.0.2.2 9 (msg:\"Bansoko canary\"; flow:established,to_server; "
         "content:\"bansoko canary 5f1d0c6e\"; sid:2147483647; rev:1;)\n";
}

packet::Frame Canary::frame(std::size_t index, std::chrono::nanoseconds now) noexcept {
  static_assert(kHeaders + kRequest.size() <= kLargest);
  const Step& step = kSteps.at(index);
  const auto total = static_cast<std::uint16_t>(kHeaders + step.payload.size());
  Writer out(bytes_);
  out.u16(0x4500);  // version, header length, type of service
  out.u16(total);
  out.u32(0x4000);  // identification 0, do not fragment
  out.u16(0x4006);  // time to live, TCP
  out.u16(0);       // checksums are trusted, see below
  out.bytes(step.from_client ? kClient : kServer);
  out.bytes(step.from_client ? kServer : kClient);
  out.u16(step.from_client ? port_ : kServerPort);
  out.u16(step.from_client ? kServerPort : port_);
  out.u32(step.sequence);
  out.u32(step.acknowledgement);
  out.u16(static_cast<std::uint16_t>(0x5000U | step.flags));
  out.u16(0xffff);  // window
  out.u32(0);       // checksum, urgent pointer
  out.bytes(as_bytes(step.payload));
  return {.bytes = Bytes(bytes_).first(out.size()),
          .link = packet::Link::ip,
          .arrived = now,
          .wire_size = total,
          .checksums_trusted = true};
}

}  // namespace bansoko::engine
