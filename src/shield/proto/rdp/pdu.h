// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "shield/proto/protocol.h"
#include "shield/proto/rdp/mcs.h"

namespace bansoko::proto::rdp {

/// Codes of X.224's TPDUs, their lower half off (ITU-T X.224 section 13).
enum TpduCode : std::uint8_t { connection_request = 0xe0, connection_confirm = 0xd0, data_tpdu = 0xf0 };

/// What [MS-RDPBCGR] puts into the two TPDUs that open a connection (sections 2.2.1.1 and 2.2.1.2).
struct Negotiation {
  std::optional<Bytes> cookie = {};  // or routing token: the line, without its end
  Number flags = {};
  Number requested_protocols = {};
  Number selected_protocol = {};
  Number failure_code = {};
};

/// One PDU: what a TPKT packet holds (RFC 1006). One serves all parsers of a worker, since a PDU is over
/// before the next begins.
struct Pdu {
  /// Of a client's channels no more than `most_channels` are looked at.
  explicit Pdu(std::size_t most_channels) { channels.reserve(most_channels); }

  /// Reads one, whose bytes stay where they are while it is looked at.
  AnomalyBits read(Bytes tpkt) noexcept;

  /// Encryption was agreed on.
  bool begins_encryption() const noexcept { return negotiation.selected_protocol.value_or(0) != 0; }

  Number code = {};  // of the TPDU
  Negotiation negotiation = {};
  McsPdu mcs = {};
  std::vector<Channel> channels;

 private:
  AnomalyBits read_request(ByteReader in) noexcept;
  AnomalyBits read_confirm(ByteReader in) noexcept;
};

/// It is told at once and then over.
class RdpTransaction final : public Transaction {
 public:
  /// What it says while it is told, else null.
  Pdu* pdu = nullptr;
};

inline constexpr std::size_t kTpktHeader = 4;

std::span<const Buffer> pdu_buffers() noexcept;
std::span<const Field> pdu_fields() noexcept;

}  // namespace bansoko::proto::rdp
