// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/proto/protocol.h"
#include "shield/proto/rdp/rdp_parser.h"

namespace bansoko::proto::rdp {
namespace {

constexpr std::array kLimits{
    Limit{"channels", "channels looked at of those that a client asks for", 64, 31, 5461},
    Limit{"memory",
          "for the PDUs of all connections that come in parts, per worker, beyond a fixed part of each; when "
          "it "
          "is used up, the rest of such a PDU is not looked into",
          8 << 20, 1 << 16, 1ULL << 40, true},
};

Limits read_limits(std::span<const std::uint64_t> limits) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < limits.size() ? limits[i] : kLimits[i].value);
  };
  return {.channels = at(0), .memory = at(1)};
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<RdpMemory>(read_limits(limits));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t>, SharedMemory* shared) {
  return std::make_unique<RdpParser>(static_cast<RdpMemory&>(*shared));
}

constexpr std::uint16_t kPort = 3389;
constexpr std::uint8_t kNegotiationRequest = 1, kNegotiationFailure = 3;  // the response is 2

bool is_negotiation(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const std::uint8_t type = in.u8();
  in.skip(1);  // flags
  const std::uint16_t size = in.u16le();
  return in.ok() && size == 8 && type >= kNegotiationRequest && type <= kNegotiationFailure;
}

/// A line of text, as cookies and routing tokens are; other protocols over X.224 have parameters there.
bool is_token(Bytes bytes) noexcept {
  const std::string_view text = as_text(bytes);
  const std::size_t end = text.find("\r\n");
  const auto is_printable = [](char c) { return c >= ' ' && c < 0x7f; };
  return end != std::string_view::npos && end > 0 && std::ranges::all_of(text.substr(0, end), is_printable);
}

/// What comes behind the opening if no encryption is agreed on: MCS, which opens a domain.
Guess begins_domain(Bytes bytes) noexcept {
  constexpr std::array<std::uint8_t, 4> kMark{2, data_tpdu, 0x80, 0x7f};
  ByteReader in(bytes);
  in.skip(kTpktHeader);
  if (!in.ok()) return Guess::maybe;
  const Bytes seen = in.rest().first(std::min(in.rest().size(), kMark.size()));
  if (!std::equal(seen.begin(), seen.end(), kMark.begin())) return Guess::no;
  return seen.size() == kMark.size() ? Guess::yes : Guess::maybe;
}

bool has_mark(Bytes variable_part, std::uint8_t code) noexcept {
  return is_negotiation(variable_part) || (code == connection_request && is_token(variable_part));
}

/// The TPDU that opens a connection, or the one that confirms it. Where it has nothing that only RDP puts
/// into it, and on another port than RDP's, what follows tells.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  constexpr std::size_t kFixedPart = 7;  // of the TPDU
  ByteReader in(first.window);
  const std::uint8_t version = in.u8();
  if (!in.ok()) return Guess::maybe;
  if (version != 3) return Guess::no;
  in.skip(1);
  const std::size_t size = in.u16();
  const std::size_t stated = in.u8();
  const std::uint8_t code = in.u8() & 0xf0U;
  if (!in.ok()) return Guess::maybe;
  const bool is_opening = code == connection_request || code == connection_confirm;
  if (!is_opening || size < kTpktHeader + kFixedPart || stated + 1 != size - kTpktHeader) return Guess::no;
  if (approach.server_port == kPort) return Guess::yes;
  if (first.window.size() < size) return Guess::maybe;
  const Bytes tpkt = first.window.first(size);
  return has_mark(tpkt.subspan(kTpktHeader + kFixedPart), code) ? Guess::yes
                                                                : begins_domain(first.window.subspan(size));
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "rdp",
                                 .help = "the Remote Desktop Protocol, until TLS or CredSSP begins",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = pdu_buffers(),
                                 .fields = pdu_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::rdp
