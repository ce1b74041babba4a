// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "shield/packet/decode.h"
#include "tests/evasion/receiver.h"

namespace bansoko::evasion {
namespace {

using packet::System;
using packet::TcpFlag;
using traffic::Octets;

/// A piece of a datagram or a stream as it came.
struct Piece {
  std::int64_t begin = 0;
  Octets bytes = {};

  std::int64_t end() const noexcept { return begin + static_cast<std::int64_t>(bytes.size()); }
  bool has(std::int64_t at) const noexcept { return begin <= at && at < end(); }
};

/// Does the receiver take the byte from `later` rather than from `earlier`? Fragments: Novak 2005, the words
/// of its section on each policy.
bool takes_later_fragment(System system, const Piece& earlier, const Piece& later) {
  const bool starts_before = later.begin < earlier.begin;
  switch (system) {
    case System::first:
      return false;
    case System::last:
      return true;
    case System::linux:
      return later.begin <= earlier.begin;
    case System::bsd:
      return starts_before;
    case System::windows:
    case System::windows_2003:
      return starts_before && later.end() > earlier.end();
    case System::solaris:
      return starts_before && later.end() >= earlier.end();
  }
  return false;
}

/// Segments not handed over yet: Novak and Sturges 2007, table 1; Linux as its tcp_data_queue_ofo() sorts
/// them.
bool takes_later_segment(System system, const Piece& earlier, const Piece& later) {
  const bool starts_before = later.begin < earlier.begin;
  switch (system) {
    case System::first:
    case System::windows:
      return false;
    case System::last:
      return true;
    case System::linux:
      return starts_before || (later.begin == earlier.begin && later.end() > earlier.end());
    case System::windows_2003:
    case System::bsd:
      return starts_before;
    case System::solaris:
      return later.begin > earlier.begin ? later.end() > earlier.end() : later.end() >= earlier.end();
  }
  return false;
}

using Takes = bool (*)(System, const Piece&, const Piece&);

/// The byte at `at` of what has come, in the order in which it came.
std::optional<std::uint8_t> byte_at(const std::vector<Piece>& pieces, std::int64_t at, System system,
                                    Takes takes) {
  const Piece* holder = nullptr;
  for (const Piece& piece : pieces)
    if (piece.has(at) && (holder == nullptr || takes(system, *holder, piece))) holder = &piece;
  if (holder == nullptr) return std::nullopt;
  return holder->bytes[static_cast<std::size_t>(at - holder->begin)];
}

/// One connection: what of it has not been handed over, and what has.
struct Stream {
  std::uint32_t first = 0;  // sequence number of its first byte
  std::vector<Piece> waiting = {};
  std::string read = {};

  void add(std::uint32_t sequence, Bytes bytes, System system) {
    constexpr std::int64_t kWindow = 65535;
    const auto delivered = static_cast<std::int64_t>(read.size());
    const std::int64_t at =
        delivered + static_cast<std::int32_t>(sequence - first - static_cast<std::uint32_t>(read.size()));
    if (at > delivered + kWindow || at < delivered - kWindow) return;
    waiting.push_back({at, Octets(bytes.begin(), bytes.end())});
    while (const auto byte =
               byte_at(waiting, static_cast<std::int64_t>(read.size()), system, takes_later_segment))
      read += static_cast<char>(*byte);
    std::erase_if(waiting,
                  [&](const Piece& piece) { return piece.end() <= static_cast<std::int64_t>(read.size()); });
  }
};

class ModelReceiver final : public Receiver {
 public:
  explicit ModelReceiver(System system) : system_(system) {}

  void deliver(Bytes bytes) override {
    const packet::Packet packet = decoded(bytes);
    if (packet.checksum_bad || !packet.is_ip()) return;
    if (!packet.is_fragment) return take(packet);
    const Key key{packet.source, packet.dest, packet.fragment_id};
    std::vector<Piece>& pieces = datagrams_[key];
    pieces.push_back({packet.fragment_offset, Octets(packet.payload.begin(), packet.payload.end())});
    if (!packet.more_fragments) ends_[key] = pieces.back().end();
    const auto end = ends_.find(key);
    if (end == ends_.end()) return;
    Octets whole;
    while (const auto byte =
               byte_at(pieces, static_cast<std::int64_t>(whole.size()), system_, takes_later_fragment))
      whole.push_back(*byte);
    if (static_cast<std::int64_t>(whole.size()) < end->second) return;
    const traffic::IpFields ip{.source = packet.source, .dest = packet.dest};
    const Octets rebuilt = traffic::ip_packet(ip, packet::Protocol::tcp, whole);
    datagrams_.erase(key);
    ends_.erase(key);
    const packet::Packet read = decoded(rebuilt);
    if (!read.checksum_bad) take(read);
  }

  std::vector<Octets> answers() override { return std::exchange(answers_, {}); }
  std::string heard(std::uint16_t port) override {
    std::string text;
    for (auto& [ports, stream] : streams_)
      if (ports.second == port) text += stream.read.substr(std::exchange(handed_[ports], stream.read.size()));
    return text;
  }
  void forget() override {
    streams_.clear();
    handed_.clear();
    datagrams_.clear();
    ends_.clear();
    answers_.clear();
  }

 private:
  using Key = std::tuple<packet::Address, packet::Address, std::uint32_t>;
  using Ports = std::pair<std::uint16_t, std::uint16_t>;
  static constexpr std::uint32_t kOwnFirst = 7000;

  static packet::Packet decoded(Bytes bytes) {
    return packet::decode(
        {.bytes = bytes, .link = packet::Link::ip, .wire_size = static_cast<std::uint32_t>(bytes.size())}, 0,
        {});
  }

  void take(const packet::Packet& packet) {
    if (!packet.is_tcp()) return;
    const Ports ports{packet.source_port, packet.dest_port};
    const auto found = streams_.find(ports);
    if (packet.has(TcpFlag::syn)) {
      if (found == streams_.end()) open(packet, ports);
    } else if (found != streams_.end() && packet.has(TcpFlag::ack) && !packet.has(TcpFlag::rst)) {
      found->second.add(packet.tcp.sequence, packet.payload, system_);
      answer(packet, TcpFlag::ack, kOwnFirst + 1, found->second);
    }
  }

  void open(const packet::Packet& packet, const Ports& ports) {
    const auto& stream = streams_[ports] = {.first = packet.tcp.sequence + 1};
    answer(packet, TcpFlag::syn | TcpFlag::ack, kOwnFirst, stream);
  }

  void answer(const packet::Packet& packet, int flags, std::uint32_t sequence, const Stream& stream) {
    const traffic::IpFields ip{.source = packet.dest, .dest = packet.source};
    answers_.push_back(traffic::tcp_packet(
        ip, {.source_port = packet.dest_port,
             .dest_port = packet.source_port,
             .sequence = sequence,
             .acknowledgement = stream.first + static_cast<std::uint32_t>(stream.read.size()),
             .flags = static_cast<std::uint8_t>(flags)}));
  }

  System system_;
  std::map<Ports, Stream> streams_;
  std::map<Ports, std::size_t> handed_;
  std::map<Key, std::vector<Piece>> datagrams_;
  std::map<Key, std::int64_t> ends_;
  std::vector<Octets> answers_;
};

}  // namespace

std::unique_ptr<Receiver> model_receiver(packet::System system) {
  return std::make_unique<ModelReceiver>(system);
}

}  // namespace bansoko::evasion
