// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ike/message.h"

#include <algorithm>

#include "shield/proto/ike/codes.h"

namespace bansoko::proto::ike {
namespace {

constexpr std::size_t kHeaderSize = 28;
constexpr std::size_t kPayloadHeader = 4;

void write_hexadecimal(Bytes bytes, char* to) noexcept {
  constexpr std::string_view kSigns = "0123456789abcdef";
  for (const std::uint8_t byte : bytes) {
    *to++ = kSigns[byte >> 4U];
    *to++ = kSigns[byte & 0xfU];
  }
}

bool is_encrypted(std::uint8_t type) noexcept {
  return type == PayloadType::encrypted || type == PayloadType::encrypted_fragment;
}

}  // namespace

IkeMessage::IkeMessage(const Limits& limits)
    : payloads_(limits.payloads),
      vendor_text_(2 * limits.vendor),
      vendors_(limits.payloads),
      most_transforms_(limits.transforms) {}

bool IkeMessage::is_plausible(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const std::uint64_t initiator = in.u64();
  in.skip(8);
  const std::uint8_t first_payload = in.u8();
  const std::uint8_t kind = in.u8();
  const std::uint8_t exchange_type = in.u8();
  in.skip(1 + 4);
  const std::uint64_t size = in.u32();
  const bool is_1 = kind == 0x10 && (exchange_type <= 6 || (exchange_type >= 32 && exchange_type <= 33));
  const bool is_2 = kind == 0x20 && exchange_type >= 34 && exchange_type <= 44;
  const bool has_payload = first_payload <= 54 || (first_payload >= 128 && first_payload <= 136);
  return in.ok() && initiator != 0 && (is_1 || is_2) && has_payload && size == bytes.size();
}

void IkeMessage::clear() noexcept {
  has_header = false;
  payload_count_ = vendor_size_ = vendor_count_ = 0;
  proposals = transforms = 0;
  key_exchange = nonce = std::nullopt;
  chosen_ = {};
  is_first_transform_ = true;
  anomalies_ = 0;
}

std::uint32_t IkeMessage::read(Bytes bytes) noexcept {
  clear();
  ByteReader in(bytes);
  const Bytes initiator = in.take(8), responder = in.take(8);
  const std::uint8_t first = in.u8();
  version = in.u8() >> 4U;
  exchange = in.u8();
  flags = in.u8();
  message_id = in.u32();
  length = in.u32();
  if (!in.ok() || version < 1 || version > 2) return bit(Anomaly::malformed_data);
  has_header = true;
  write_hexadecimal(initiator, initiator_spi.data());
  write_hexadecimal(responder, responder_spi.data());
  if (length < kHeaderSize || length > bytes.size()) anomalies_ |= bit(Anomaly::malformed_data);
  if (length >= kHeaderSize && length < bytes.size()) anomalies_ |= bit(Anomaly::payload_extra_data);
  constexpr std::uint8_t kEncrypted = 1;  // RFC 2408 section 3.1
  if (version == 1 && (flags & kEncrypted) != 0) return anomalies_;
  ByteReader rest(length >= kHeaderSize && length < bytes.size()
                      ? in.rest().first(static_cast<std::size_t>(length) - kHeaderSize)
                      : in.rest());
  read_payloads(rest, first);
  return anomalies_;
}

/// Each names the type of the next.
void IkeMessage::read_payloads(ByteReader& in, std::uint8_t type) noexcept {
  while (type != 0) {
    if (payload_count_ == payloads_.size()) {
      anomalies_ |= bit(Anomaly::payload_limit);
      return;
    }
    const std::uint8_t next = in.u8();
    in.skip(1);
    const std::uint16_t size = in.u16();
    if (!in.ok()) break;
    Payload& payload = payloads_[payload_count_++];
    const bool fits = size >= kPayloadHeader && size - kPayloadHeader <= in.rest().size();
    payload = {type, fits ? in.take(size - kPayloadHeader) : in.rest(), size};
    if (!fits || !read_payload(payload)) {
      anomalies_ |= bit(Anomaly::malformed_data);
      if (!fits) return;
    }
    if (version == 2 && is_encrypted(type)) return;
    type = next;
  }
  if (!in.ok()) anomalies_ |= bit(Anomaly::malformed_data);
  if (in.ok() && !in.rest().empty()) anomalies_ |= bit(Anomaly::payload_extra_data);
}

bool IkeMessage::read_payload(const Payload& payload) noexcept {
  const bool is_2 = version == 2;
  if (payload.type == (is_2 ? PayloadType::association : PayloadType::association_1))
    return read_association(payload.body);
  if (payload.type == (is_2 ? PayloadType::vendor_id : PayloadType::vendor_1)) add_vendor(payload.body);
  if (payload.type == (is_2 ? PayloadType::nonce_payload : PayloadType::nonce_1)) nonce = payload.body;
  if (payload.type == PayloadType::key_exchange_1 && !is_2) key_exchange = payload.body;
  if (payload.type != PayloadType::key_exchange_payload || !is_2) return true;
  // Group and two reserved bytes (RFC 7296 section 3.4).
  constexpr std::size_t kGroup = 4;
  if (payload.body.size() < kGroup) return false;
  key_exchange = payload.body.subspan(kGroup);
  return true;
}

void IkeMessage::add_vendor(Bytes whole) noexcept {
  const std::size_t room = (vendor_text_.size() - vendor_size_) / 2;
  const Bytes kept = whole.first(std::min(whole.size(), room));
  if (kept.size() < whole.size()) anomalies_ |= bit(Anomaly::vendor_limit);
  write_hexadecimal(kept, vendor_text_.data() + vendor_size_);
  vendors_[vendor_count_++] = {vendor_size_, 2 * kept.size()};
  vendor_size_ += 2 * kept.size();
}

std::optional<Bytes> IkeMessage::vendor(std::size_t place) const noexcept {
  if (place >= vendor_count_) return {};
  return as_bytes({vendor_text_.data() + vendors_[place].at, vendors_[place].size});
}

}  // namespace bansoko::proto::ike
