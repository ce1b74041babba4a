// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ssrp/message.h"

#include <algorithm>

namespace bansoko::proto::ssrp {
namespace {

constexpr std::uint32_t bit(Anomaly anomaly) noexcept { return 1U << anomaly; }

constexpr std::size_t kDacAnswerSize = 6;  // the whole message, which is what it states

}  // namespace

std::uint32_t SsrpMessage::read(Bytes bytes) noexcept {
  type = instance_length = stated_size = dac_port = std::nullopt;
  instance = answer = std::nullopt;
  ByteReader in(bytes);
  type = in.u8();
  switch (*type) {
    case broadcast:
    case unicast:
    case ping:
      return in.rest().empty() ? 0 : bit(malformed_data);
    case instance_request:
      return read_name(in.rest());
    case dac_request: {
      const bool is_known_version = in.u8() == 1;
      return read_name(in.rest()) | (is_known_version ? 0 : bit(malformed_data));
    }
    case response:
      return read_answer(in);
    default:
      return bit(unknown_type);
  }
}

std::uint32_t SsrpMessage::read_name(Bytes rest) noexcept {
  const auto end = std::ranges::find(rest, std::uint8_t{0});
  const auto size = static_cast<std::size_t>(end - rest.begin());
  instance = rest.first(size);
  instance_length = size;
  const bool ends_with_zero = size + 1 == rest.size();
  return (size > kMaxName ? bit(name_too_long) : 0) | (ends_with_zero ? 0 : bit(malformed_data));
}

std::uint32_t SsrpMessage::read_answer(ByteReader in) noexcept {
  const std::uint16_t size = in.u16le();
  if (!in.ok()) return bit(malformed_data);
  stated_size = size;
  ByteReader dac(in.rest());
  const bool is_dac = size == kDacAnswerSize && dac.u8() == 1 && dac.rest().size() == 2;
  if (is_dac) {
    dac_port = dac.u16le();
    return 0;
  }
  answer = in.rest();
  return answer->size() == size ? 0 : bit(response_size);
}

bool is_instance_list(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const bool is_response = in.u8() == response;
  const std::size_t size = in.u16le();
  return is_response && in.rest().size() == size && as_text(in.rest()).starts_with("ServerName;");
}

}  // namespace bansoko::proto::ssrp
