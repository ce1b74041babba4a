// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "shield/packet/frame.h"
#include "tests/traffic/frames.h"

namespace bansoko::traffic {

enum class From : std::uint8_t { client, server };

/// A TCP conversation as a list of frames:
/// `TestTcp().handshake().client("GET / HTTP/1.1\r\n\r\n").server("HTTP/1.1 200 OK\r\n\r\n").fin().frames()`.
/// Each segment acknowledges all that the other side has sent.
class TestTcp {
 public:
  explicit TestTcp(const packet::Address& client = kClient, std::uint16_t client_port = 40000,
                   const packet::Address& server = kServer, std::uint16_t server_port = 80);

  /// What follows is cut into segments of at most `bytes` (1460 at first).
  TestTcp& segment_size(std::size_t bytes);
  /// What follows carries this VLAN tag.
  TestTcp& vlan(std::uint16_t tag);
  /// What follows is Ethernet frames (as at first) or bare IP packets.
  TestTcp& link(packet::Link kind);
  /// The sequence number of each SYN. Call before the handshake.
  TestTcp& initial_sequences(std::uint32_t client, std::uint32_t server);
  /// What follows, SYN included, announces this window, unscaled.
  TestTcp& window(std::uint16_t announced);

  /// SYN, SYN/ACK and ACK, with `options` on both SYNs.
  TestTcp& handshake(const TcpOptions& options = {.mss = 1460});
  TestTcp& client(std::string_view bytes) { return send(From::client, bytes); }
  TestTcp& server(std::string_view bytes) { return send(From::server, bytes); }
  TestTcp& send(From side, std::string_view bytes);
  /// An empty segment that acknowledges all the other side has sent.
  TestTcp& acknowledge(From side);

  /// One segment at `offset` bytes from the beginning of the side's stream (which may be negative, or far
  /// ahead). It does not move the place where send() goes on; see skip().
  TestTcp& segment(From side, std::int64_t offset, std::string_view bytes,
                   std::uint8_t flags = packet::TcpFlag::ack | packet::TcpFlag::psh);
  /// send() goes on `bytes` further ahead, as if these had been sent.
  TestTcp& skip(From side, std::uint32_t bytes);

  /// Both sides close, in an orderly way, or only one.
  TestTcp& fin();
  TestTcp& fin(From side);
  TestTcp& reset(From side);

  /// How many bytes of data this side has sent or skipped.
  std::uint32_t sent(From side) const noexcept;
  const std::vector<Octets>& frames() const noexcept { return frames_; }

 private:
  struct End {
    packet::Address address = {};
    std::uint16_t port = 0;
    std::uint32_t first = 0;  // sequence number of the SYN
    std::uint32_t next = 0;
  };

  End& at(From side) noexcept { return ends_[static_cast<std::size_t>(side)]; }
  End& opposite(From side) noexcept { return ends_[1 - static_cast<std::size_t>(side)]; }
  TestTcp& emit(From side, std::uint32_t sequence, std::uint8_t flags, std::string_view bytes,
                const Octets& options = {});

  std::array<End, 2> ends_;
  std::size_t segment_size_ = 1460;
  std::uint16_t window_ = 65535;
  packet::Link link_ = packet::Link::ethernet;
  EthernetFields ethernet_ = {};
  std::uint32_t next_id_ = 1;
  std::vector<Octets> frames_;
};

/// A UDP datagram in an Ethernet frame.
Octets udp_frame(const packet::Address& source, std::uint16_t source_port, const packet::Address& dest,
                 std::uint16_t dest_port, std::string_view payload);

}  // namespace bansoko::traffic
