// SPDX-License-Identifier: Apache-2.0
#include "tests/traffic/test_tcp.h"

#include <algorithm>

namespace bansoko::traffic {

using packet::TcpFlag;

TestTcp::TestTcp(const packet::Address& client, std::uint16_t client_port, const packet::Address& server,
                 std::uint16_t server_port)
    : ends_{End{client, client_port}, End{server, server_port}} {
  initial_sequences(1000, 9000);
}

TestTcp& TestTcp::segment_size(std::size_t bytes) {
  segment_size_ = bytes;
  return *this;
}

TestTcp& TestTcp::vlan(std::uint16_t tag) {
  ethernet_.vlans = {tag};
  return *this;
}

TestTcp& TestTcp::link(packet::Link kind) {
  link_ = kind;
  return *this;
}

TestTcp& TestTcp::initial_sequences(std::uint32_t client, std::uint32_t server) {
  at(From::client).first = client;
  at(From::client).next = client + 1;
  at(From::server).first = server;
  at(From::server).next = server + 1;
  return *this;
}

TestTcp& TestTcp::window(std::uint16_t announced) {
  window_ = announced;
  return *this;
}

TestTcp& TestTcp::handshake(const TcpOptions& options) {
  const Octets bytes = to_bytes(options);
  emit(From::client, at(From::client).first, TcpFlag::syn, {}, bytes);
  emit(From::server, at(From::server).first, TcpFlag::syn | TcpFlag::ack, {}, bytes);
  return acknowledge(From::client);
}

TestTcp& TestTcp::send(From side, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, std::max<std::size_t>(segment_size_, 1));
    bytes.remove_prefix(piece.size());
    emit(side, at(side).next, TcpFlag::ack | TcpFlag::psh, piece);
    skip(side, static_cast<std::uint32_t>(piece.size()));
  }
  return *this;
}

TestTcp& TestTcp::acknowledge(From side) { return emit(side, at(side).next, TcpFlag::ack, {}); }

TestTcp& TestTcp::segment(From side, std::int64_t offset, std::string_view bytes, std::uint8_t flags) {
  return emit(side, static_cast<std::uint32_t>(at(side).first + 1 + offset), flags, bytes);
}

TestTcp& TestTcp::skip(From side, std::uint32_t bytes) {
  at(side).next += bytes;
  return *this;
}

TestTcp& TestTcp::fin() { return fin(From::client).fin(From::server).acknowledge(From::client); }

TestTcp& TestTcp::fin(From side) {
  emit(side, at(side).next, TcpFlag::fin | TcpFlag::ack, {});
  return skip(side, 1);
}

TestTcp& TestTcp::reset(From side) { return emit(side, at(side).next, TcpFlag::rst | TcpFlag::ack, {}); }

std::uint32_t TestTcp::sent(From side) const noexcept {
  const End& end = ends_[static_cast<std::size_t>(side)];
  return end.next - end.first - 1;
}

TestTcp& TestTcp::emit(From side, std::uint32_t sequence, std::uint8_t flags, std::string_view bytes,
                       const Octets& options) {
  const End& from = at(side);
  const End& to = opposite(side);
  const IpFields ip{.source = from.address, .dest = to.address, .id = next_id_++};
  const Octets packet = tcp_packet(ip,
                                   {.source_port = from.port,
                                    .dest_port = to.port,
                                    .sequence = sequence,
                                    .acknowledgement = (flags & TcpFlag::ack) != 0 ? to.next : 0,
                                    .flags = flags,
                                    .window = window_,
                                    .options = options},
                                   bytes);
  frames_.push_back(link_ == packet::Link::ethernet ? ethernet(packet, ethernet_) : packet);
  return *this;
}

Octets udp_frame(const packet::Address& source, std::uint16_t source_port, const packet::Address& dest,
                 std::uint16_t dest_port, std::string_view payload) {
  return ethernet(udp_packet({.source = source, .dest = dest},
                             {.source_port = source_port, .dest_port = dest_port}, payload));
}

}  // namespace bansoko::traffic
