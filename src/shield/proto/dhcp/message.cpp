// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dhcp/message.h"

namespace bansoko::proto::dhcp {
namespace {

constexpr std::uint32_t kCookie = 0x63825363;

enum Option : std::uint8_t {
  option_pad = 0,
  option_lease_time = 51,
  option_overload = 52,
  option_renewal_time = 58,
  option_rebinding_time = 59,
  option_end = 255,
};

constexpr std::uint32_t bit(Anomaly anomaly) noexcept { return 1U << anomaly; }

}  // namespace

std::uint32_t DhcpMessage::read(Bytes bytes) noexcept {
  lease_time = renewal_time = rebinding_time = std::nullopt;
  overload_ = 0;
  anomalies_ = 0;
  ByteReader in(bytes);
  const std::uint8_t operation = in.u8();
  in.skip(27 + 16);  // up to the client's hardware address, and that
  const Bytes server_name = in.take(64);
  const Bytes file = in.take(128);
  const std::uint32_t cookie = in.u32();
  if (!in.ok() || operation < 1 || operation > 2 || cookie != kCookie) return bit(malformed_data);
  read_options(in.rest());
  // The two names may hold further options, the file's first (RFC 2131 section 4.1).
  const std::uint8_t overload = overload_;
  if ((overload & 1U) != 0) read_options(file);
  if ((overload & 2U) != 0) read_options(server_name);
  return anomalies_;
}

void DhcpMessage::read_options(Bytes bytes) noexcept {
  ByteReader in(bytes);
  for (;;) {
    const std::uint8_t code = in.u8();
    if (in.ok() && code == option_end) return;
    if (in.ok() && code == option_pad) continue;
    const Bytes value = in.take(in.u8());
    if (!in.ok()) {
      anomalies_ |= bit(truncated_options);
      return;
    }
    take_option(code, value);
  }
}

void DhcpMessage::take_option(std::uint8_t code, Bytes value) noexcept {
  ByteReader in(value);
  switch (code) {
    case option_overload:
      overload_ = in.u8();
      break;
    case option_lease_time:
      lease_time = in.u32();
      break;
    case option_renewal_time:
      renewal_time = in.u32();
      break;
    case option_rebinding_time:
      rebinding_time = in.u32();
      break;
    default:
      return;
  }
  if (!in.ok() || !in.rest().empty()) anomalies_ |= bit(malformed_options);
}

}  // namespace bansoko::proto::dhcp
