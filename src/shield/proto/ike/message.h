// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shield/proto/ike/limits.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::ike {

/// What an answer may choose, by Suricata's names.
enum class Attribute : std::uint8_t {
  alg_enc,
  alg_hash,
  alg_auth,
  alg_dh,
  alg_prf,
  group_type,
  life_type,
  life_duration,
  key_length,
  field_size,
  count
};

/// A message of version 1 (RFC 2408, RFC 2409) or 2 (RFC 7296), as far as it is not encrypted.
class IkeMessage final : public Transaction {
 public:
  explicit IkeMessage(const Limits& limits);

  /// Whether that could be a message: it has a header whose length is that of the datagram.
  static bool is_plausible(Bytes bytes) noexcept;
  /// Gives a bit for each Anomaly.
  std::uint32_t read(Bytes bytes) noexcept;

  struct Payload {
    std::uint8_t type = 0;
    Bytes body = {};
    std::uint16_t length = 0;  // as stated, with its header
  };
  const Payload* payload(std::size_t place) const noexcept {
    return place < payload_count_ ? &payloads_[place] : nullptr;
  }
  std::size_t payload_count() const noexcept { return payload_count_; }
  std::optional<Bytes> vendor(std::size_t place) const noexcept;
  std::optional<std::uint64_t> attribute(Attribute attribute) const noexcept {
    return chosen_[static_cast<std::size_t>(attribute)];
  }

  bool has_header = false;
  std::array<char, 16> initiator_spi{}, responder_spi{};  // in hexadecimal
  std::uint8_t version = 0, exchange = 0, flags = 0;
  std::uint32_t message_id = 0;
  std::uint64_t length = 0;  // as stated
  std::uint64_t proposals = 0, transforms = 0;
  std::optional<Bytes> key_exchange, nonce;

 private:
  struct VendorText {
    std::size_t at = 0, size = 0;
  };

  void clear() noexcept;
  void read_payloads(ByteReader& in, std::uint8_t type) noexcept;
  bool read_payload(const Payload& payload) noexcept;
  void add_vendor(Bytes whole) noexcept;
  bool read_association(Bytes body) noexcept;
  bool read_transform(ByteReader& in, std::uint8_t& last) noexcept;
  void read_attributes(Bytes bytes, std::uint8_t of_type) noexcept;
  void choose(Attribute attribute, std::uint64_t value) noexcept;
  void check(Attribute attribute, std::uint64_t value) noexcept;

  std::vector<Payload> payloads_;
  std::size_t payload_count_ = 0;
  std::vector<char> vendor_text_;
  std::vector<VendorText> vendors_;
  std::size_t vendor_size_ = 0, vendor_count_ = 0;
  std::size_t most_transforms_;
  std::array<std::optional<std::uint64_t>, static_cast<std::size_t>(Attribute::count)> chosen_{};
  bool has_encryption_ = false, is_first_transform_ = true;
  std::uint32_t anomalies_ = 0;
};

std::span<const Buffer> buffers() noexcept;
std::span<const Field> fields() noexcept;

}  // namespace bansoko::proto::ike
