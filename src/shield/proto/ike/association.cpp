// SPDX-License-Identifier: Apache-2.0
// The proposals of a security association: RFC 2408 sections 3.4 to 3.6 and RFC 2409 appendix A; RFC 7296
// section 3.3.
#include <algorithm>
#include <array>

#include "shield/proto/ike/message.h"

namespace bansoko::proto::ike {
namespace {

constexpr std::uint8_t kIkeProtocol = 1;  // what a proposal is about: not ESP or AH

constexpr std::array kByType1{
    Attribute::count,         Attribute::alg_enc,    Attribute::alg_hash,   Attribute::alg_auth,
    Attribute::alg_dh,        Attribute::group_type, Attribute::count,      Attribute::count,
    Attribute::count,         Attribute::count,      Attribute::count,      Attribute::life_type,
    Attribute::life_duration, Attribute::alg_prf,    Attribute::key_length, Attribute::field_size,
};
constexpr std::array kByType2{Attribute::count, Attribute::alg_enc, Attribute::alg_prf, Attribute::alg_auth,
                              Attribute::alg_dh};

/// By the numbers of IKEv2: ciphers with blocks or keys of 64 bits or none at all, functions upon MD5 and
/// DES, groups below 2048 bits (RFC 8247).
constexpr std::array<std::uint64_t, 10> kWeakEncryption{1, 2, 3, 4, 5, 6, 7, 8, 9, 11};
constexpr std::array<std::uint64_t, 2> kWeakFunctions{1, 3};
constexpr std::array<std::uint64_t, 4> kWeakIntegrity{1, 3, 4, 6};
constexpr std::array<std::uint64_t, 5> kWeakGroups{0, 1, 2, 5, 22};

template <std::size_t n>
bool is_one_of(std::uint64_t value, const std::array<std::uint64_t, n>& values) noexcept {
  return std::ranges::find(values, value) != values.end();
}

}  // namespace

bool IkeMessage::read_association(Bytes body) noexcept {
  ByteReader in(body);
  if (version == 1) in.skip(4 + 4);  // domain of interpretation, situation
  const std::uint64_t before = proposals;
  std::uint8_t more = 1;
  while (more != 0 && in.ok() && !in.rest().empty()) {
    more = in.u8();
    in.skip(1);
    const std::uint16_t size = in.u16();
    constexpr std::uint16_t kSizeOfHead = 4;
    ByteReader proposal(in.take(size >= kSizeOfHead ? size - kSizeOfHead : ~std::size_t{0}));
    if (!in.ok()) return false;
    ++proposals;
    proposal.skip(1);
    const bool is_ike = proposal.u8() == kIkeProtocol;
    const std::uint8_t spi_size = proposal.u8();
    const std::uint8_t count = proposal.u8();
    proposal.skip(spi_size);
    has_encryption_ = false;
    std::uint8_t last = 1;
    for (unsigned i = 0; i < count && last != 0 && proposal.ok(); ++i)
      if (!read_transform(proposal, last)) return false;
    if (!proposal.ok()) return false;
    if (is_ike && !has_encryption_) anomalies_ |= bit(Anomaly::no_encryption);
  }
  const bool is_answer = progress[flow::index(Side::server)] != kNotStarted;
  if (is_answer && proposals - before > 1) anomalies_ |= bit(Anomaly::multiple_server_proposal);
  return in.ok();
}

bool IkeMessage::read_transform(ByteReader& in, std::uint8_t& last) noexcept {
  constexpr std::uint16_t kSizeOfHead = 4;
  last = in.u8();
  in.skip(1);
  const std::uint16_t size = in.u16();
  ByteReader transform(in.take(size >= kSizeOfHead ? size - kSizeOfHead : ~std::size_t{0}));
  if (!in.ok()) return false;
  if (++transforms > most_transforms_) {
    anomalies_ |= bit(Anomaly::transform_limit);
    return true;
  }
  const std::uint8_t type = transform.u8();  // of version 1: its number
  const std::uint8_t name_1 = transform.u8();
  const std::uint16_t name = transform.u16();
  if (!transform.ok()) return false;
  if (version == 2 && type < kByType2.size()) {
    check(kByType2[type], name);
    choose(kByType2[type], name);
  }
  constexpr std::uint8_t kKeyIke = 1;  // RFC 2407 section 4.4.2: in others the attributes are those of IPsec
  if (version == 2 || name_1 == kKeyIke) read_attributes(transform.rest(), type);
  if (version == 1) is_first_transform_ = false;
  return true;
}

void IkeMessage::read_attributes(Bytes bytes, std::uint8_t of_type) noexcept {
  constexpr std::uint16_t kIsShort = 0x8000;
  constexpr std::uint16_t kKeyLength = 14;
  for (ByteReader in(bytes); !in.rest().empty();) {
    const std::uint16_t head = in.u16();
    const std::uint16_t type = head & 0x7fffU;
    std::uint64_t value = in.u16();
    if ((head & kIsShort) == 0) {
      const Bytes digits = in.take(static_cast<std::size_t>(value));
      value = 0;
      for (const std::uint8_t digit : digits.last(std::min<std::size_t>(digits.size(), 8)))
        value = value << 8U | digit;
    }
    if (!in.ok()) {
      anomalies_ |= bit(Anomaly::malformed_data);
      return;
    }
    if (version == 1 && type < kByType1.size()) {
      if (kByType1[type] == Attribute::alg_enc) has_encryption_ = true;
      if (kByType1[type] == Attribute::alg_dh) check(Attribute::alg_dh, value);
      choose(kByType1[type], value);
    } else if (version == 2 && of_type == 1 && type == kKeyLength) {
      choose(Attribute::key_length, value);
    }
  }
}

/// The first one counts.
void IkeMessage::choose(Attribute attribute, std::uint64_t value) noexcept {
  if (attribute == Attribute::count || (version == 1 && !is_first_transform_)) return;
  auto& chosen = chosen_[static_cast<std::size_t>(attribute)];
  if (!chosen) chosen = value;
}

void IkeMessage::check(Attribute attribute, std::uint64_t value) noexcept {
  if (attribute == Attribute::alg_enc) {
    has_encryption_ = true;
    if (is_one_of(value, kWeakEncryption)) anomalies_ |= bit(Anomaly::weak_crypto_enc);
  }
  if (attribute == Attribute::alg_prf && is_one_of(value, kWeakFunctions))
    anomalies_ |= bit(Anomaly::weak_crypto_prf);
  if (attribute == Attribute::alg_auth && is_one_of(value, kWeakIntegrity))
    anomalies_ |= bit(Anomaly::weak_crypto_auth);
  if (attribute == Attribute::alg_dh && is_one_of(value, kWeakGroups))
    anomalies_ |= bit(Anomaly::weak_crypto_dh);
}

}  // namespace bansoko::proto::ike
