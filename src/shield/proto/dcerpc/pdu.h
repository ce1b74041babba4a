// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "shield/proto/protocol.h"

/// DCE/RPC: [C706] chapter 12, with what [MS-RPCE] section 2.2.2 adds.
namespace bansoko::proto::dcerpc {

/// [C706] section 12.6.4 and [MS-RPCE] section 2.2.2.5.
enum PacketType : std::uint8_t {
  request = 0,
  response = 2,
  fault = 3,
  bind = 11,
  bind_ack = 12,
  bind_nak = 13,
  alter_context = 14,
  alter_context_resp = 15,
  auth3 = 16,
  last_packet_type = 21,
};

/// [C706] section 12.6.3.1.
inline constexpr std::uint8_t kFirstFragment = 0x01, kLastFragment = 0x02, kObjectUuid = 0x80;

inline constexpr std::size_t kHeaderSize = 16;          // of a connection-oriented PDU
inline constexpr std::size_t kDatagramHeaderSize = 80;  // of a connectionless one

/// What says how the numbers behind it are written ([C706] section 14.1): characters and floating-point
/// numbers are left at ASCII and IEEE.
inline constexpr std::size_t kFormatLabelSize = 4;

/// How parameters are written: as [C706] chapter 14 has it, as [MS-RPCE] section 2.2.5, or in one of both,
/// since both were offered and the server has not said which.
enum class Syntax : std::uint8_t { ndr, ndr64, either };

/// The third byte, which [C706] reserves, has the Syntax.
Bytes format_label(bool little_endian, Syntax syntax) noexcept;

/// Numbers in the byte order that a PDU states ([C706] section 14.2.5).
class OrderedReader {
 public:
  OrderedReader(Bytes bytes, bool little_endian) noexcept : in_(bytes), little_(little_endian) {}

  std::uint8_t u8() noexcept { return in_.u8(); }
  std::uint16_t u16() noexcept { return little_ ? in_.u16le() : in_.u16(); }
  std::uint32_t u32() noexcept { return little_ ? in_.u32le() : in_.u32(); }
  void skip(std::size_t size) noexcept { in_.skip(size); }
  bool ok() const noexcept { return in_.ok(); }

 private:
  ByteReader in_;
  bool little_;
};

/// An interface: its UUID in the order in which people write it, then major and minor version, two bytes
/// each in network order.
using Interface = std::array<std::uint8_t, 20>;

/// Reads a UUID and, after it, the version: major in the lower half ([C706] section 12.6.3.1, p_syntax_id_t).
Interface read_interface(OrderedReader& in) noexcept;

/// The transfer syntax of [MS-RPCE] section 2.2.5.
bool is_ndr64(const Interface& syntax) noexcept;

/// The common header of connection-oriented PDUs.
struct Header {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  bool little_endian = false;
  std::uint16_t size = 0;  // of the PDU, header included
  std::uint16_t auth_size = 0;
  std::uint32_t call = 0;

  bool is_first() const noexcept { return (flags & kFirstFragment) != 0; }
  bool is_last() const noexcept { return (flags & kLastFragment) != 0; }
};

/// Needs kHeaderSize bytes that look_like_pdu().
Header read_header(Bytes bytes) noexcept;

/// Whether bytes could begin with a connection-oriented PDU: `yes` needs the whole header.
Guess look_like_pdu(Bytes bytes) noexcept;

/// The header of connectionless PDUs ([C706] section 12.5.2).
struct DatagramHeader {
  std::uint8_t type = 0;
  bool little_endian = false;
  bool is_fragment = false, is_last = false;
  Interface interface = {};
  std::array<std::uint8_t, 16> activity = {};
  std::uint32_t sequence = 0;
  std::uint16_t opnum = 0;
  std::uint16_t body_size = 0;
  std::uint16_t fragment = 0;
};

/// Needs kDatagramHeaderSize bytes that look_like_datagram().
DatagramHeader read_datagram_header(Bytes bytes) noexcept;
Guess look_like_datagram(Bytes datagram) noexcept;

std::span<const NamedValue> packet_type_names() noexcept;

}  // namespace bansoko::proto::dcerpc
