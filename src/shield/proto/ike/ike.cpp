// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "shield/proto/ike/message.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::ike {
namespace {

constexpr std::uint16_t kPort = 500, kEncapsulatedPort = 4500;

/// RFC 3948: messages stand behind four zeros where packets of ESP may come as well. Nothing: no marker.
std::optional<Bytes> behind_marker(Bytes bytes) noexcept {
  constexpr std::size_t kMarker = 4;
  const bool is_marked = bytes.size() > kMarker &&
                         std::ranges::all_of(bytes.first(kMarker), [](std::uint8_t c) { return c == 0; });
  return is_marked ? std::optional<Bytes>(bytes.subspan(kMarker)) : std::nullopt;
}

/// What the parsers of one worker share: each message is told and over at once.
struct IkeMemory final : SharedMemory {
  explicit IkeMemory(const Limits& limits) : message(limits) {}

  IkeMessage message;
};

/// Each datagram is a message, or a packet of ESP, which is passed over.
class IkeParser final : public Parser {
 public:
  /// `memory` outlives it.
  explicit IkeParser(IkeMemory& memory) : message_(memory.message) {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override {
    const auto marked = behind_marker(chunk.bytes());
    is_encapsulated_ |= marked.has_value();
    const Bytes bytes = marked.value_or(chunk.bytes());
    const bool is_esp = is_encapsulated_ && !marked && !IkeMessage::is_plausible(bytes);
    if (bytes.empty() || is_esp) return Parsed::more;
    message_.id = next_id_++;
    message_.progress = {};
    message_.notes = {};
    message_.progress[flow::index(chunk.from)] = kComplete;
    for (std::uint32_t left = message_.read(bytes); left != 0; left &= left - 1)
      sink.on_anomaly(chunk.from, static_cast<std::size_t>(std::countr_zero(left)));
    sink.on_progress(message_, chunk.from);
    sink.on_end(message_);
    return Parsed::more;
  }
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment&) noexcept override {
    next_id_ = 0;
    is_encapsulated_ = false;
  }

 private:
  IkeMessage& message_;
  std::uint64_t next_id_ = 0;
  bool is_encapsulated_ = false;
};

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<IkeMemory>(Limits::from(limits));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t>, SharedMemory* shared) {
  return std::make_unique<IkeParser>(static_cast<IkeMemory&>(*shared));
}

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (first.window.empty()) return Guess::maybe;
  if (is_port_of_another(approach, {kPort, kEncapsulatedPort})) return Guess::no;
  const bool is_message = IkeMessage::is_plausible(behind_marker(first.window).value_or(first.window));
  return unless_own_port(is_message ? Guess::yes : Guess::no, approach, {kPort, kEncapsulatedPort});
}

}  // namespace

const Protocol& describe() {
  static constexpr std::array<std::string_view, 2> kAlso{"ikev1", "ikev2"};
  static const Protocol protocol{
      .name = "ike",
      .also = kAlso,
      .help = "Internet Key Exchange, versions 1 and 2, as far as it is in the clear",
      .transports = kOverUdp,
      .probe = probe,
      .make_shared = make_shared,
      .make_parser = make_parser,
      .buffers = buffers(),
      .fields = fields(),
      .limits = kLimits,
      .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::ike
