// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dcerpc/pdu.h"

#include <algorithm>

namespace bansoko::proto::dcerpc {
namespace {

constexpr std::array kTypes{
    NamedValue{"request", request},
    NamedValue{"ping", 1},
    NamedValue{"response", response},
    NamedValue{"fault", fault},
    NamedValue{"working", 4},
    NamedValue{"nocall", 5},
    NamedValue{"reject", 6},
    NamedValue{"ack", 7},
    NamedValue{"cl_cancel", 8},
    NamedValue{"fack", 9},
    NamedValue{"cancel_ack", 10},
    NamedValue{"bind", bind},
    NamedValue{"bind_ack", bind_ack},
    NamedValue{"bind_nak", bind_nak},
    NamedValue{"alter_context", alter_context},
    NamedValue{"alter_context_resp", alter_context_resp},
    NamedValue{"auth3", auth3},
    NamedValue{"shutdown", 17},
    NamedValue{"co_cancel", 18},
    NamedValue{"orphaned", 19},
    NamedValue{"rts", 20},
};

constexpr std::uint8_t kIntegers = 0xF0, kCharacters = 0x0F;  // of the first byte of a data representation

// [C706] section 14.1: byte order 0 or 1, character set 0 or 1, floating point 0 to 3.
bool is_representation(Bytes label) noexcept {
  if (!label.empty() && ((label[0] & kIntegers) > 0x10 || (label[0] & kCharacters) > 1)) return false;
  return label.size() < 2 || label[1] <= 3;
}

bool is_little_endian(std::uint8_t label) noexcept { return (label & kIntegers) == 0x10; }

}  // namespace

Bytes format_label(bool little_endian, Syntax syntax) noexcept {
  using Label = std::array<std::uint8_t, kFormatLabelSize>;
  static constexpr std::array<Label, 3> kLittle{{{0x10, 0, 0}, {0x10, 0, 1}, {0x10, 0, 2}}};
  static constexpr std::array<Label, 3> kBig{{{0, 0, 0}, {0, 0, 1}, {0, 0, 2}}};
  return (little_endian ? kLittle : kBig)[static_cast<std::size_t>(syntax)];
}

bool is_ndr64(const Interface& syntax) noexcept {
  static constexpr Interface kNdr64{0x71, 0x71, 0x05, 0x33, 0xbe, 0xba, 0x49, 0x37, 0x83, 0x19,
                                    0xb5, 0xdb, 0xef, 0x9c, 0xcc, 0x36, 0x00, 0x01, 0x00, 0x00};
  return syntax == kNdr64;
}

Interface read_interface(OrderedReader& in) noexcept {
  Interface name{};
  std::size_t at = 0;
  const auto put = [&](std::uint32_t number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
      name[at++] = static_cast<std::uint8_t>(number >> shift);
  };
  put(in.u32(), 4);
  put(in.u16(), 2);
  put(in.u16(), 2);
  for (int i = 0; i < 8; ++i) put(in.u8(), 1);
  const std::uint32_t version = in.u32();
  put(version & 0xFFFF, 2);
  put(version >> 16, 2);
  return name;
}

Header read_header(Bytes bytes) noexcept {
  ByteReader in(bytes);
  Header header;
  in.skip(2);  // rpc_vers, rpc_vers_minor
  header.type = in.u8();
  header.flags = in.u8();
  header.little_endian = is_little_endian(in.u8());
  in.skip(3);
  OrderedReader rest(in.rest(), header.little_endian);
  header.size = rest.u16();
  header.auth_size = rest.u16();
  header.call = rest.u32();
  return header;
}

Guess look_like_pdu(Bytes bytes) noexcept {
  const auto wrong = [&](std::size_t at, std::uint8_t most) { return at < bytes.size() && bytes[at] > most; };
  if ((!bytes.empty() && bytes[0] != 5) || wrong(1, 1) || wrong(2, last_packet_type)) return Guess::no;
  if (bytes.size() > 4 && !is_representation(bytes.subspan(4))) return Guess::no;
  if (bytes.size() < kHeaderSize) return Guess::maybe;
  return read_header(bytes).size < kHeaderSize ? Guess::no : Guess::yes;
}

DatagramHeader read_datagram_header(Bytes bytes) noexcept {
  ByteReader in(bytes);
  DatagramHeader header;
  in.skip(1);  // rpc_vers
  header.type = in.u8();
  const std::uint8_t flags = in.u8();
  header.is_last = (flags & 0x02) != 0;
  header.is_fragment = (flags & 0x04) != 0;
  in.skip(1);  // flags2
  header.little_endian = is_little_endian(in.u8());
  in.skip(2 + 1 + 16);  // the rest of drep, serial_hi, object
  // The version stands apart from the UUID: they are put together here.
  std::array<std::uint8_t, 20> syntax{};
  const Bytes uuid = in.take(16);
  std::copy(uuid.begin(), uuid.end(), syntax.begin());
  const Bytes activity = in.take(16);
  std::copy(activity.begin(), activity.end(), header.activity.begin());
  in.skip(4);  // server_boot
  const Bytes version = in.take(4);
  std::copy(version.begin(), version.end(), syntax.begin() + 16);
  OrderedReader names(syntax, header.little_endian);
  header.interface = read_interface(names);
  OrderedReader tail(in.rest(), header.little_endian);
  header.sequence = tail.u32();
  header.opnum = tail.u16();
  tail.skip(4);  // ihint, ahint
  header.body_size = tail.u16();
  header.fragment = tail.u16();
  return header;
}

Guess look_like_datagram(Bytes datagram) noexcept {
  if (datagram.size() < kDatagramHeaderSize) return Guess::no;
  ByteReader in(datagram);
  const bool is_version = in.u8() == 4;
  const std::uint8_t type = in.u8();
  const std::uint8_t flags = in.u8();
  const std::uint8_t more_flags = in.u8();
  if (!is_version || type > 10 || (flags & 0x81) != 0 || (more_flags & 0xFC) != 0) return Guess::no;
  if (!is_representation(in.rest().first(3)) || in.rest()[2] != 0) return Guess::no;
  const std::size_t body = read_datagram_header(datagram).body_size;
  return body <= datagram.size() - kDatagramHeaderSize ? Guess::yes : Guess::no;
}

std::span<const NamedValue> packet_type_names() noexcept { return kTypes; }

}  // namespace bansoko::proto::dcerpc
