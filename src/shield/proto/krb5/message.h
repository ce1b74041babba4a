// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/lazy_array.h"
#include "shield/proto/ber_reader.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::krb5 {

/// Indexes into kAnomalies.
enum Anomaly : std::uint8_t {
  malformed_data,
  weak_encryption,
  message_limit,
  memory_limit,
  value_limit,
  unmatched_response,
  gap,
  anomaly_count
};

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "krb5.malformed_data",      // not as RFC 4120 has it: what came before is looked into
    "krb5.weak_encryption",     // an answer whose encryption is broken, or unknown
    "krb5.message_limit",       // longer than message_size: the rest is not looked into
    "krb5.memory_limit",        // the rest of a message is not looked into
    "krb5.value_limit",         // more parts of names, or more kinds of encryption, than are looked at
    "krb5.unmatched_response",  // an answer that no request came before
    "krb5.gap",                 // bytes of the stream were lost: it goes on at the next message
};

using AnomalyBits = std::uint32_t;
constexpr AnomalyBits bit(Anomaly anomaly) noexcept { return 1U << anomaly; }

using Number = std::optional<std::uint64_t>;

/// RFC 4120 section 5.10.
enum MessageType : std::uint8_t {
  as_req = 10,
  as_rep = 11,
  tgs_req = 12,
  tgs_rep = 13,
  ap_req = 14,
  ap_rep = 15,
  krb_error = 30,
};

/// Things that a message may have several of, as many as there is room for.
template <class Item>
class Several {
 public:
  explicit Several(std::size_t most) : items_(most) {}

  /// False: there is no room.
  bool add(Item item) noexcept {
    if (size_ == items_.size()) return false;
    items_[size_++] = item;
    return true;
  }
  void clear() noexcept { size_ = 0; }
  std::optional<Item> at(std::size_t i) const noexcept {
    return i < size_ ? std::optional(items_[i]) : std::nullopt;
  }

 private:
  LazyArray<Item> items_;
  std::size_t size_ = 0;
};

/// The message at hand (RFC 4120 section 5). One serves all parsers of a worker, since a message is over
/// before the next begins. What its type does not have is nothing. Negative numbers are in 32 bits.
class Message {
 public:
  explicit Message(std::size_t values)
      : cname(values), sname(values), encryption(values), padata_types(values) {}

  /// Reads one, whose bytes stay where they are while it is at hand. `is_cut`: its end is not among them.
  AnomalyBits read(Bytes bytes, bool is_cut) noexcept;

  Number type = {}, error_code = {}, options = {};
  Number cname_type = {}, sname_type = {};
  Several<Bytes> cname, sname;  // part by part
  std::optional<Bytes> realm = {}, client_realm = {}, error_text = {};
  Several<std::uint64_t> encryption;  // what a request offers, or what an answer is encrypted by
  Number ticket_encryption = {};
  Several<std::uint64_t> padata_types;
  Number include_pac = {};               // what PA-PAC-REQUEST says
  Number authorization_encryption = {};  // of enc-authorization-data in a request

 private:
  void clear() noexcept;
  BerReader reader(Bytes bytes) const noexcept { return BerReader(bytes, at_end_); }
  template <class Item>
  void add(Several<Item>& to, Item item) noexcept {
    if (!to.add(item)) anomalies_ |= bit(value_limit);
  }
  void fail() noexcept { anomalies_ |= bit(malformed_data); }

  Number number(Bytes content) noexcept;
  std::optional<Bytes> text(Bytes content) noexcept;
  Number encryption_of(Bytes encrypted_data) noexcept;
  void read_name(Bytes content, Number& name_type, Several<Bytes>& parts) noexcept;
  void read_ticket(Bytes content) noexcept;
  void read_padata(Bytes content) noexcept;
  void read_padata_entry(Bytes content) noexcept;
  void read_encryption_types(Bytes content) noexcept;
  void read_request_field(std::uint8_t field, Bytes content) noexcept;
  void read_body_field(std::uint8_t field, Bytes content) noexcept;
  void read_answer_field(std::uint8_t field, Bytes content) noexcept;
  void read_error_field(std::uint8_t field, Bytes content) noexcept;
  void read_ap_field(std::uint8_t field, Bytes content) noexcept;
  using ReadField = void (Message::*)(std::uint8_t, Bytes) noexcept;
  void read_fields(Bytes content, ReadField read_field) noexcept;

  BerReader::TooLong at_end_ = BerReader::TooLong::fails;
  AnomalyBits anomalies_ = 0;
};

/// Whether an encryption type is none of those that RFC 8429 and its like leave.
constexpr bool is_weak(std::uint64_t type) noexcept {
  return type < 17 || (type > 20 && type != 25 && type != 26);
}

/// Whether bytes begin a message between a client and a KDC.
Guess probe_message(Bytes bytes) noexcept;

}  // namespace bansoko::proto::krb5
