// SPDX-License-Identifier: Apache-2.0
#include "patches/conversation.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "patches/message_items.h"
#include "shield/packet/packet.h"

namespace bansoko::patches {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSegment = 1460;
constexpr std::size_t kMostPieces = 4096;       // of one message in pieces of bytes
constexpr std::size_t kUnacknowledged = 16384;  // bytes, well within the window
constexpr std::size_t kFragment = 8;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::size_t kClient = 0, kServer = 1;
constexpr auto kBetween = 1ms;

std::string u16(std::uint64_t value) { return integer_bytes(value, 2, true); }
std::string u32(std::uint64_t value) { return integer_bytes(value, 4, true); }

/// `number` within a network of the form first.second/15 or larger.
std::array<std::uint8_t, 4> address(std::uint8_t first, std::uint8_t second, std::uint32_t number) {
  return {first, static_cast<std::uint8_t>(second + (number >> 16U & 1U)),
          static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
}

bool is_saying(const Move& move) noexcept {
  return move.what == Move::What::client || move.what == Move::What::server;
}

std::vector<Move> joined(const std::vector<Move>& moves) {
  std::vector<Move> made;
  for (const Move& move : moves)
    if (!made.empty() && is_saying(move) && made.back().what == move.what)
      made.back().bytes += move.bytes;
    else
      made.push_back(move);
  return made;
}

std::size_t longest(const std::vector<Move>& moves) {
  std::size_t most = 0;
  for (const Move& move : moves) most = std::max(most, move.bytes.size());
  return most;
}

}  // namespace

std::string to_text(const Packing& packing) {
  switch (packing.how) {
    case Packing::How::bytes:
      return "in segments of one byte";
    case Packing::How::joined:
      return "with messages joined";
    case Packing::How::split:
      return fmt::format("with messages split at byte {}", packing.at);
    case Packing::How::swapped:
      return "with the halves of messages swapped";
    case Packing::How::fragments:
      return "in fragments";
    case Packing::How::whole:
      break;
  }
  return "in whole segments";
}

std::vector<Packing> packings_of(const TestCase& test, std::size_t most_splits) {
  using How = Packing::How;
  if (test.to.udp) return {{How::whole}, {How::fragments}};
  std::vector<Packing> packings{{How::whole}, {How::bytes}, {How::joined}, {How::swapped}};
  const std::size_t places = longest(test.moves);
  const std::size_t step = std::max<std::size_t>(1, places / std::max<std::size_t>(1, most_splits));
  for (std::size_t at = 1; at < places; at += step) packings.push_back({How::split, at});
  return packings;
}

Conversation::Conversation(const TestCase& test, std::uint32_t number, Packing packing) : packing_(packing) {
  // RFC 1918 for the protected side, RFC 2544 for the other.
  ends_[test.client_is_protected ? kClient : kServer].address = address(10, 0, number);
  ends_[test.client_is_protected ? kServer : kClient].address = address(198, 18, number);
  const std::vector<Move> moves = packing.how == Packing::How::joined ? joined(test.moves) : test.moves;
  for (std::uint32_t i = 0; i < test.connections; ++i) {
    const auto begun = now_;
    connect(test.to);
    hold(moves);
    close(false);
    now_ = std::max(now_, begun + test.every);
  }
}

void Conversation::hold(const std::vector<Move>& moves) {
  for (const Move& move : moves) {
    if (is_saying(move))
      say(move.what == Move::What::client ? kClient : kServer, move.bytes);
    else if (move.what == Move::What::wait)
      now_ += move.time;
    else if (move.what == Move::What::connect)
      connect(move.port);
    else
      close(move.what == Move::What::reset);
  }
}

void Conversation::connect(Port port) {
  close(false);
  udp_ = port.udp;
  is_open_ = true;
  ends_[kClient].port = next_port_++;
  ends_[kServer].port = port.number;
  ends_[kClient].next = 1000;
  ends_[kServer].next = 9000;
  if (udp_) return;
  segment(kClient, packet::syn, {}, 0);
  ++ends_[kClient].next;
  segment(kServer, packet::syn | packet::ack, {}, 0);
  ++ends_[kServer].next;
  acknowledge(kClient);
}

void Conversation::close(bool by_reset) {
  if (!std::exchange(is_open_, false) || udp_) return;
  if (by_reset) {
    segment(kClient, packet::rst | packet::ack, {}, 0);
    return;
  }
  for (const std::size_t side : {kClient, kServer}) {
    segment(side, packet::fin | packet::ack, {}, 0);
    ++ends_[side].next;
  }
  acknowledge(kClient);
}

void Conversation::say(std::size_t from, const std::string& bytes) {
  if (udp_)
    say_udp(from, bytes);
  else
    say_tcp(from, bytes);
}

std::size_t Conversation::piece_of(std::size_t size) const noexcept {
  if (packing_.how != Packing::How::bytes) return kSegment;
  return (size + kMostPieces - 1) / kMostPieces;
}

void Conversation::say_tcp(std::size_t from, const std::string& bytes) {
  constexpr std::uint8_t kData = packet::psh | packet::ack;
  const std::size_t piece = std::max<std::size_t>(1, piece_of(bytes.size()));
  std::size_t cut = 0;
  if (packing_.how == Packing::How::split && packing_.at < bytes.size()) cut = packing_.at;
  if (packing_.how == Packing::How::swapped && bytes.size() <= 2 * kSegment) cut = bytes.size() / 2;
  if (packing_.how == Packing::How::swapped && cut != 0) {
    segment(from, kData, bytes.substr(cut), cut);
    segment(from, kData, bytes.substr(0, cut), 0);
    ends_[from].next += static_cast<std::uint32_t>(bytes.size());
  } else {
    std::size_t unacknowledged = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = std::min({piece, bytes.size() - at, at < cut ? cut - at : bytes.size()});
      segment(from, kData, bytes.substr(at, size), 0);
      ends_[from].next += static_cast<std::uint32_t>(size);
      at += size;
      unacknowledged += size;
      if (unacknowledged >= kUnacknowledged && at < bytes.size()) {
        acknowledge(1 - from);
        unacknowledged = 0;
      }
    }
  }
  acknowledge(1 - from);
}

void Conversation::say_udp(std::size_t from, const std::string& bytes) {
  const End& source = ends_[from];
  const End& dest = ends_[1 - from];
  const std::string datagram = u16(source.port) + u16(dest.port) + u16(8 + bytes.size()) + u16(0) + bytes;
  ++id_;
  if (packing_.how != Packing::How::fragments) {
    send(from, packet::Protocol::udp, datagram, 0);
    return;
  }
  const std::size_t size = std::max(kFragment, datagram.size() / 64 / kFragment * kFragment);
  for (std::size_t at = 0; at < datagram.size(); at += size) {
    const bool more = at + size < datagram.size();
    send(from, packet::Protocol::udp, datagram.substr(at, size),
         static_cast<std::uint16_t>((more ? kMoreFragments : 0U) | at / kFragment));
  }
}

void Conversation::segment(std::size_t from, std::uint8_t flags, const std::string& bytes,
                           std::size_t ahead) {
  const End& source = ends_[from];
  const End& dest = ends_[1 - from];
  const bool acknowledges = (flags & packet::ack) != 0;
  ++id_;
  send(from, packet::Protocol::tcp,
       u16(source.port) + u16(dest.port) + u32(source.next + static_cast<std::uint32_t>(ahead)) +
           u32(acknowledges ? dest.next : 0) + u16(0x5000U | flags) + u16(0xFFFF) + u32(0) + bytes,
       0);
}

void Conversation::acknowledge(std::size_t from) { segment(from, packet::ack, {}, 0); }

void Conversation::send(std::size_t from, std::uint8_t protocol, const std::string& upper,
                        std::uint16_t fragment) {
  const auto text = [](const std::array<std::uint8_t, 4>& address) {
    return std::string(address.begin(), address.end());
  };
  constexpr std::size_t kHeader = 20;
  frames_.push_back({u16(0x4500) + u16(kHeader + upper.size()) + u16(id_) + u16(fragment) +
                         std::string(1, 64) + static_cast<char>(protocol) + u16(0) +
                         text(ends_[from].address) + text(ends_[1 - from].address) + upper,
                     now_});
  now_ += kBetween;
}

packet::Frame Conversation::frame(std::size_t index, std::chrono::nanoseconds begin) const noexcept {
  const Sent& sent = frames_[index];
  return {.bytes = as_bytes(sent.bytes),
          .link = packet::Link::ip,
          .arrived = begin + sent.at,
          .wire_size = static_cast<std::uint32_t>(sent.bytes.size()),
          .checksums_trusted = true};
}

}  // namespace bansoko::patches
