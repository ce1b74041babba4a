// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "shield/packet/decode.h"
#include "shield/packet/layers.h"

namespace bansoko::packet {
namespace {

constexpr std::size_t kHeader = 40;
constexpr std::size_t kNextHeaderAt = 6;
constexpr std::size_t kMaxPayload = 65535;  // that the 16-bit field can state
constexpr int kMaxExtensions = 8;
constexpr std::uint8_t kNoNextHeader = 59;

enum ExtensionType : std::uint8_t {
  hop_by_hop = 0,
  routing = 43,
  fragment = 44,
  authentication = 51,
  destination = 60,
};

constexpr bool is_extension(std::uint8_t type) noexcept {
  return type == hop_by_hop || type == routing || type == fragment || type == authentication ||
         type == destination;
}

/// The place of a header among the others (RFC 8200 section 4.1); each may stand only after a lower one.
/// Destination options have two places, before a routing header and last.
constexpr int rank_of(std::uint8_t type, int previous) noexcept {
  switch (type) {
    case hop_by_hop:
      return 0;
    case routing:
      return 2;
    case fragment:
      return 3;
    case authentication:
      return 4;
    default:
      return previous < 1 ? 1 : 5;
  }
}

constexpr std::size_t size_of(std::uint8_t type, std::uint8_t length) noexcept {
  if (type == fragment) return 8;
  if (type == authentication) return std::size_t{4} * (length + 2U);  // RFC 4302 section 2.2
  return std::size_t{8} * (length + 1U);
}

/// What RFC 8200 says of options, and what is common besides: padding, router alert, jumbo payload, home
/// address.
constexpr bool is_common_option(std::uint8_t type) noexcept {
  return type == 0 || type == 1 || type == 5 || type == 0xc2 || type == 0xc9;
}

void check_options(Packet& packet, Bytes options, Anomaly if_uncommon) noexcept {
  constexpr std::uint8_t kPad1 = 0;
  ByteReader reader(options);
  while (!reader.rest().empty()) {
    const std::uint8_t type = reader.u8();
    if (type == kPad1) continue;
    reader.skip(reader.u8());
    if (!is_common_option(type)) packet.anomalies.add(if_uncommon);
  }
  if (!reader.ok()) packet.anomalies.add(Anomaly::ipv6_options_malformed);
}

/// How often a header may stand in a packet, and what it is if it stands there more often.
struct Repetition {
  std::uint8_t type;
  std::uint8_t most;
  Anomaly anomaly;
};
constexpr std::array kRepetitions{Repetition{hop_by_hop, 1, Anomaly::ipv6_hop_by_hop_repeated},
                                  Repetition{routing, 1, Anomaly::ipv6_routing_repeated},
                                  Repetition{fragment, 1, Anomaly::ipv6_fragment_repeated},
                                  Repetition{authentication, 1, Anomaly::ipv6_authentication_repeated},
                                  Repetition{destination, 2, Anomaly::ipv6_destination_repeated}};

/// The length a jumbo payload option states (RFC 2675), if the hop-by-hop header has one.
std::optional<std::size_t> jumbo_length(Bytes extension) noexcept {
  constexpr std::uint8_t kPad1 = 0;
  constexpr std::uint8_t kJumbo = 0xc2;
  ByteReader header(extension);
  header.skip(1);
  const std::size_t size = size_of(hop_by_hop, header.u8());
  ByteReader reader(header.take(size - 2));
  while (!reader.rest().empty()) {
    const std::uint8_t type = reader.u8();
    if (type == kPad1) continue;
    const std::uint8_t length = reader.u8();
    if (type == kJumbo && length == 4) {
      const std::size_t stated = reader.u32();
      return reader.ok() ? std::optional(stated) : std::nullopt;
    }
    reader.skip(length);
  }
  return std::nullopt;
}

/// A host has left it to its card to cut the packet, and to fill in lengths and checksums.
bool is_unsegmented(const NetworkBytes& network, std::uint16_t field, std::uint8_t next) noexcept {
  return field == 0 && network.may_be_unsegmented && next == Protocol::tcp;
}

/// How many bytes follow the fixed header according to it, or to what stands in for its field.
std::size_t stated_payload(Packet& packet, const NetworkBytes& network, std::uint16_t field,
                           std::uint8_t next) noexcept {
  if (field != 0) return field;
  const Bytes rest = network.bytes.subspan(kHeader);
  const std::size_t carried = rest.size() + network.cut;
  if (next == hop_by_hop) {
    if (const auto jumbo = jumbo_length(rest)) {
      if (*jumbo <= kMaxPayload) packet.anomalies.add(Anomaly::ipv6_payload_length);
      return *jumbo;
    }
  }
  if (is_unsegmented(network, field, next)) return carried;
  // Newer Linux sends BIG TCP super-packets to us without the option.
  return network.trusted && carried > kMaxPayload ? carried : 0;
}

/// Walks the extension headers.
class Chain {
 public:
  Chain(Packet& packet, std::uint8_t next, Bytes rest) noexcept
      : packet_(packet), next_(next), reader_(rest) {}

  /// Goes to the upper layer; false if there is none to be read.
  bool walk() noexcept {
    bool readable = true;
    for (int count = 0; readable && is_extension(next_); ++count) {
      if (count == kMaxExtensions) {
        packet_.anomalies.add(Anomaly::ipv6_extension_chain_too_long);
        readable = false;
        break;
      }
      readable = step();
    }
    packet_.protocol = next_;
    packet_.payload = reader_.rest();
    if (next_ == kNoNextHeader && !reader_.rest().empty())
      packet_.anomalies.add(Anomaly::ipv6_data_after_end);
    return readable;
  }

  Bytes rest() const noexcept { return reader_.rest(); }
  /// A routing header has further stops: the checksum covers the last of them, not `dest`.
  bool is_underway() const noexcept { return is_underway_; }

 private:
  bool step() noexcept {
    const int rank = rank_of(next_, rank_);
    if (rank <= rank_) packet_.anomalies.add(Anomaly::ipv6_extension_order);
    rank_ = std::max(rank, rank_);
    const Bytes from_here = reader_.rest();
    const std::size_t size = from_here.size() < 2 ? 2 : size_of(next_, from_here[1]);
    ByteReader header(reader_.take(size));
    if (!reader_.ok()) {
      packet_.anomalies.add(Anomaly::ipv6_extension_truncated);
      return false;
    }
    const std::uint8_t type = next_;
    next_ = header.u8();
    const std::uint8_t length = header.u8();
    count(type);
    if (type == hop_by_hop)
      check_options(packet_, header.rest(), Anomaly::ipv6_hop_by_hop_option_unknown);
    else if (type == destination)
      check_options(packet_, header.rest(), Anomaly::ipv6_destination_option_unknown);
    else if (type == routing)
      read_routing(header);
    else if (type == fragment && length != 0)
      packet_.anomalies.add(Anomaly::ipv6_fragment_reserved);
    return type != fragment || read_fragment(header);
  }

  void count(std::uint8_t type) noexcept {
    for (std::size_t i = 0; i < kRepetitions.size(); ++i)
      if (kRepetitions[i].type == type && ++counts_[i] > kRepetitions[i].most)
        packet_.anomalies.add(kRepetitions[i].anomaly);
  }

  /// Type 0 is deprecated (RFC 5095): with it a packet goes to and fro between two hosts.
  void read_routing(ByteReader header) noexcept {
    if (header.u8() == 0) packet_.anomalies.add(Anomaly::ipv6_routing_type_0);
    is_underway_ |= header.u8() != 0;
  }

  /// False for a real fragment; one that is the whole datagram (RFC 6946) is read on.
  bool read_fragment(ByteReader header) noexcept {
    const std::uint16_t offset_and_more = header.u16();
    packet_.fragment_id = header.u32();
    packet_.fragment_offset = offset_and_more & 0xfff8U;
    packet_.more_fragments = (offset_and_more & 1U) != 0;
    packet_.is_fragment = packet_.more_fragments || packet_.fragment_offset != 0;
    if (!packet_.is_fragment) packet_.anomalies.add(Anomaly::ipv6_fragment_needless);
    return !packet_.is_fragment;
  }

  Packet& packet_;
  std::uint8_t next_;
  ByteReader reader_;
  int rank_ = -1;
  std::array<std::uint8_t, kRepetitions.size()> counts_{};
  bool is_underway_ = false;
};

}  // namespace

void decode_ipv6(Packet& packet, const NetworkBytes& network) noexcept {
  ByteReader reader(network.bytes);
  reader.skip(4);
  const std::uint16_t field = reader.u16();
  const std::uint8_t next = reader.u8();
  const std::uint8_t hop_limit = reader.u8();
  const Bytes source = reader.take(16);
  const Bytes dest = reader.take(16);
  if (!reader.ok()) {
    packet.anomalies.add(Anomaly::ipv6_header_truncated);
    return;
  }
  packet.ip_version = 6;
  packet.ttl = hop_limit;
  packet.source = Address::from_v6(source);
  packet.dest = Address::from_v6(dest);
  const std::size_t stated = stated_payload(packet, network, field, next);
  const Bytes rest = reader.rest();
  if (stated > rest.size() + network.cut) packet.anomalies.add(Anomaly::ipv6_payload_length);
  const std::size_t present = std::min(stated, rest.size());
  packet.ip = network.bytes.first(kHeader + present);
  Chain chain(packet, next, rest.first(present));
  if (!chain.walk()) return;
  const bool verify = network.verify && !is_unsegmented(network, field, next);
  decode_transport(packet, chain.rest(),
                   {.verify_checksums = verify && present == stated && !chain.is_underway()});
}

bool holds_whole_chain(std::uint8_t next, Bytes data) noexcept {
  ByteReader reader(data);
  while (is_extension(next)) {
    const Bytes from_here = reader.rest();
    if (from_here.size() < 2) return false;
    const std::uint8_t type = std::exchange(next, from_here[0]);
    reader.skip(size_of(type, from_here[1]));
    if (!reader.ok()) return false;
  }
  constexpr std::size_t kTcpHeader = 20;
  constexpr std::size_t kSmallHeader = 8;  // UDP, and ICMPv6 with what every message has
  if (next == Protocol::tcp) return reader.rest().size() >= kTcpHeader;
  const bool is_small = next == Protocol::udp || next == Protocol::icmpv6;
  return !is_small || reader.rest().size() >= kSmallHeader;
}

std::size_t last_next_header(Bytes headers) noexcept {
  std::size_t at = kNextHeaderAt;
  std::size_t start = kHeader;
  while (start + 1 < headers.size()) {
    const std::size_t size = size_of(headers[at], headers[start + 1]);
    at = start;
    start += size;
  }
  return at;
}

}  // namespace bansoko::packet
