// SPDX-License-Identifier: Apache-2.0
#include "tests/evasion/trial.h"

#include <algorithm>
#include <optional>

#include "shield/packet/decode.h"

namespace bansoko::evasion {
namespace {

using packet::TcpFlag;
using traffic::IpFields;
using traffic::TcpFields;

constexpr std::size_t kPlainSize = 480;  // 60 fragments of 8 bytes
constexpr int kRetries = 2;
constexpr std::chrono::minutes kUntilForgotten{20};  // by the guard: flows, datagrams
constexpr std::uint32_t kFirstTimestamp = 1U << 31U;

/// What a credulous engine makes of a decoy: that it is in order.
Segment believed(Segment segment) {
  if (!segment.decoy) return segment;
  segment.ttl = 64;
  segment.bad_checksum = false;
  segment.timestamp_shift = 0;
  segment.acknowledgement_shift = 0;
  segment.header_words.reset();
  segment.options.clear();
  if (!segment.bytes.empty()) segment.flags = TcpFlag::ack | TcpFlag::psh;
  return segment;
}

packet::Packet decoded(Bytes bytes) {
  return packet::decode(
      {.bytes = bytes, .link = packet::Link::ip, .wire_size = static_cast<std::uint32_t>(bytes.size())}, 0,
      {});
}

/// The client's end of one connection, and the way from it to the target.
class Connection {
 public:
  Connection(Receiver& receiver, Guard* guard, const Plan& plan, const Transform* ip, std::uint16_t from,
             std::uint16_t to, std::uint32_t& ip_id)
      : receiver_(receiver), guard_(guard), plan_(plan), ip_(ip), from_(from), to_(to), ip_id_(ip_id) {}

  /// False: there is no connection.
  bool open() {
    const Segment syn{.at = -1, .bytes = plan_.syn_data, .flags = TcpFlag::syn};
    send(syn, {.mss = 1460, .window_scale = 7, .sack_permitted = true});
    // As RFC 7413 has it: data on the SYN was too much for somebody on the way.
    if (!server_next_)
      send({.at = -1, .flags = TcpFlag::syn}, {.mss = 1460, .window_scale = 7, .sack_permitted = true});
    if (!server_next_) return false;
    send({.flags = TcpFlag::ack});
    return true;
  }

  void send(const Segment& segment, const traffic::TcpOptions& options = {}) {
    if (guard_ != nullptr && segment.pause.count() > 0) guard_->wait(segment.pause);
    timestamp_ += 1 + static_cast<std::uint32_t>(segment.pause.count());
    ++ip_id_;
    const auto packets = packets_of(segment, options);
    const auto credulous = packets_of(believed(segment), options);
    for (std::size_t i = 0; i < packets.size(); ++i)
      carry(packets[i], i < credulous.size() ? credulous[i] : packets[i]);
  }

 private:
  std::vector<Octets> packets_of(const Segment& segment, traffic::TcpOptions options) const {
    IpFields ip{.source = plan_.ipv6 ? kAttacker6 : kAttacker, .dest = plan_.ipv6 ? kTarget6 : kTarget};
    ip.ttl = segment.ttl;
    ip.id = ip_id_;
    if (plan_.timestamps) {
      options.timestamp = timestamp_ + static_cast<std::uint32_t>(segment.timestamp_shift);
      options.timestamp_echo = server_timestamp_;
    }
    const bool has_ack = (segment.flags & TcpFlag::ack) != 0;
    TcpFields tcp{.source_port = from_,
                  .dest_port = to_,
                  .sequence = plan_.first_sequence + 1 + static_cast<std::uint32_t>(segment.at),
                  .flags = segment.flags};
    tcp.acknowledgement =
        has_ack ? server_next_.value_or(0) + static_cast<std::uint32_t>(segment.acknowledgement_shift) : 0;
    tcp.urgent = segment.urgent;
    tcp.options = traffic::to_bytes(options);
    tcp.options.insert(tcp.options.end(), segment.options.begin(), segment.options.end());
    tcp.stated_header_words = segment.header_words;
    tcp.bad_checksum = segment.bad_checksum;
    const Octets upper = traffic::tcp_segment(ip, tcp, segment.bytes);
    if (ip_ == nullptr || segment.bytes.empty())
      return {traffic::ip_packet(ip, packet::Protocol::tcp, upper)};
    return std::get<OnSegment>(ip_->apply)(ip, upper, ip_->variant);
  }

  void carry(const Octets& packet, const Octets& credulous) {
    if (guard_ != nullptr && !guard_->passes(packet, credulous)) return;
    const std::uint8_t ttl = packet[plan_.ipv6 ? 7 : 8];
    if (ttl > kHops) receiver_.deliver(packet);
    for (const Octets& answer : receiver_.answers()) hear(answer);
  }

  void hear(const Octets& answer) {
    const packet::Packet packet = decoded(answer);
    if (!packet.is_tcp() || packet.dest_port != from_) return;
    if (guard_ != nullptr && !guard_->passes(answer, answer)) return;
    if (packet.tcp.has_timestamp) server_timestamp_ = packet.tcp.timestamp;
    if (packet.has(TcpFlag::syn) && packet.has(TcpFlag::ack)) server_next_ = packet.tcp.sequence + 1;
  }

  Receiver& receiver_;
  Guard* guard_;
  const Plan& plan_;
  const Transform* ip_;
  std::uint16_t from_, to_;
  std::uint32_t& ip_id_;
  std::uint32_t timestamp_ = kFirstTimestamp;
  std::uint32_t server_timestamp_ = 0;
  std::optional<std::uint32_t> server_next_;
};

std::string stream_of(Messages messages, const Transform* transform) {
  if (transform != nullptr) {
    if (const auto* const on_messages = std::get_if<OnMessages>(&transform->apply)) {
      (*on_messages)(messages, transform->variant);
    } else {
      Request request = parse_request(messages.front());
      std::get<OnRequest>(transform->apply)(request, transform->variant);
      messages.front() = to_text(request);
    }
  }
  std::string stream;
  for (const std::string& message : messages) stream += message;
  return stream;
}

Plan plan_of(const Messages& messages, const Packaging& packaging) {
  Plan plan{.stream = stream_of(messages, packaging.message)};
  plan.ipv6 = packaging.ip != nullptr && packaging.ip->ipv6;
  cut(plan, kPlainSize);
  if (packaging.split != nullptr) std::get<OnPlan>(packaging.split->apply)(plan, packaging.split->variant);
  if (packaging.decoy != nullptr) std::get<OnPlan>(packaging.decoy->apply)(plan, packaging.decoy->variant);
  return plan;
}

}  // namespace

void Packaging::add(const Transform& transform) {
  switch (transform.layer) {
    case Layer::message:
      message = &transform;
      break;
    case Layer::split:
      split = &transform;
      break;
    case Layer::decoy:
      decoy = &transform;
      break;
    case Layer::ip:
      ip = &transform;
      break;
  }
}

bool Packaging::fits(const Attack& attack) const {
  if (message == nullptr) return true;
  return message->speaks == attack.speaks && (message->only_for.empty() || message->only_for == attack.name);
}

bool Packaging::is_hostile() const {
  return std::ranges::any_of(std::array{message, split, decoy, ip}, [](const Transform* transform) {
    return transform != nullptr && transform->hostile;
  });
}

std::string name_of(const Packaging& packaging) {
  std::string name;
  for (const Transform* transform : {packaging.message, packaging.split, packaging.decoy, packaging.ip}) {
    if (transform == nullptr) continue;
    if (!name.empty()) name += " + ";
    name += name_of(*transform);
  }
  return name;
}

Outcome Laboratory::attempt(const Messages& messages, const Attack& attack, const Packaging& packaging,
                            Guard* guard) {
  const Plan plan = plan_of(messages, packaging);
  Connection connection(receiver_, guard, plan, packaging.ip, next_port_, attack.port, next_ip_id_);
  next_port_ = next_port_ == 60000 ? 20000 : static_cast<std::uint16_t>(next_port_ + 1);
  Outcome outcome;
  std::string heard;
  const auto has_arrived = [&] {
    heard += receiver_.heard(attack.port);
    return outcome.delivered = heard.find(plan.stream) != std::string::npos;
  };
  if (connection.open()) {
    for (const Segment& segment : plan.segments) connection.send(segment);
    Plan again{.stream = plan.stream};
    cut(again, kPlainSize);
    for (int i = 0; !has_arrived() && guard != nullptr && i < kRetries; ++i)
      for (const Segment& segment : again.segments) connection.send(segment);
    has_arrived();
  }
  if (guard != nullptr) {
    outcome.alerts = guard->take_alerts();
    guard->wait(kUntilForgotten);
  }
  receiver_.forget();
  return outcome;
}

}  // namespace bansoko::evasion
