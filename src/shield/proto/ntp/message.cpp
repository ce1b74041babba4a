// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ntp/message.h"

namespace bansoko::proto::ntp {
namespace {

constexpr std::size_t kHeaderSize = 48;
constexpr std::size_t kControlSize = 12;
constexpr std::size_t kPrivateSize = 8;

}  // namespace

std::uint32_t NtpMessage::read(Bytes bytes) noexcept {
  version = mode = stratum = std::nullopt;
  reference_id.reset();
  ByteReader in(bytes);
  const std::uint8_t head = in.u8();
  if (!in.ok()) return kMalformed;
  version = head >> 3 & 7U;
  mode = head & 7U;
  if (mode == mode_control) return bytes.size() < kControlSize ? kMalformed : 0;
  if (mode == mode_private) return bytes.size() < kPrivateSize ? kMalformed : 0;
  if (bytes.size() < kHeaderSize) return kMalformed;
  stratum = in.u8();
  in.skip(2 + 8);  // poll and precision, root delay and dispersion
  reference_id = in.take(4);
  return version == 0 || mode == mode_reserved ? kMalformed : 0;
}

}  // namespace bansoko::proto::ntp
