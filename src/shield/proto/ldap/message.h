// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/lazy_array.h"
#include "shield/proto/ber_reader.h"
#include "shield/proto/ldap/anomaly.h"
#include "shield/proto/ldap/filter_text.h"

namespace bansoko::proto::ldap {

using Number = std::optional<std::uint64_t>;

/// The numbers of the operations' tags (RFC 4511 appendix B).
enum Operation : std::uint8_t {
  bind_request = 0,
  bind_response = 1,
  unbind_request = 2,
  search_request = 3,
  search_result_entry = 4,
  search_result_done = 5,
  modify_request = 6,
  modify_response = 7,
  add_request = 8,
  add_response = 9,
  del_request = 10,
  del_response = 11,
  mod_dn_request = 12,
  mod_dn_response = 13,
  compare_request = 14,
  compare_response = 15,
  abandon_request = 16,
  search_result_reference = 19,
  extended_request = 23,
  extended_response = 24,
  intermediate_response = 25,
};

/// Nothing: it is the tag of no operation.
std::optional<Operation> operation_of(std::uint8_t tag) noexcept;
bool is_request(std::uint64_t operation) noexcept;

/// Parts of a message that it may have several of, as many as there is room for.
class Views {
 public:
  explicit Views(std::size_t most) : items_(most) {}

  /// False: there is no room.
  bool add(Bytes view) noexcept {
    if (size_ == items_.size()) return false;
    items_[size_++] = view;
    return true;
  }
  void clear() noexcept { size_ = 0; }
  std::optional<Bytes> at(std::size_t i) const noexcept {
    return i < size_ ? std::optional(items_[i]) : std::nullopt;
  }

 private:
  LazyArray<Bytes> items_;
  std::size_t size_ = 0;
};

struct Limits {
  std::size_t message_size = 0, values = 0, filter_size = 0, filter_depth = 0, open_requests = 0, memory = 0;
};

/// The message at hand (RFC 4511 section 4). One serves all parsers of a worker, since a message is over
/// before the next begins. What its operation does not have is nothing.
class Message {
 public:
  explicit Message(const Limits& limits);

  /// Reads one, whose bytes stay where they are while it is at hand. `is_cut`: its end is not among them.
  AnomalyBits read(Bytes bytes, bool is_cut) noexcept;

  Number operation = {};
  Number id = {};
  std::optional<Bytes> dn = {};
  Views attribute_types, attribute_values, controls;

  // Of requests.
  Number version = {}, authentication = {}, abandoned = {};
  Number scope = {}, deref_aliases = {}, size_limit = {}, time_limit = {};
  std::optional<Bytes> mechanism = {}, credentials = {}, new_rdn = {};
  FilterText filter;

  // Of responses.
  Number result_code = {};
  Number count = {};  // of the responses to its request, itself included; the parser's
  std::optional<Bytes> diagnostic = {};
  Views referrals;

  // Of extended operations and intermediate responses.
  std::optional<Bytes> name = {}, value = {};

 private:
  void clear() noexcept;
  BerReader reader(Bytes bytes) const noexcept { return BerReader(bytes, at_end_); }
  void add(Views& to, Bytes view) noexcept {
    if (!to.add(view)) anomalies_ |= bit(value_limit);
  }

  bool read_operation(BerReader& in) noexcept;
  bool read_bind(BerReader in) noexcept;
  bool read_search(BerReader in) noexcept;
  bool read_modify(BerReader in) noexcept;
  bool read_entry(BerReader in) noexcept;
  bool read_mod_dn(BerReader in) noexcept;
  bool read_compare(BerReader in) noexcept;
  bool read_result(BerReader in) noexcept;
  bool read_extended(BerReader in) noexcept;
  bool read_attribute(Bytes content) noexcept;
  bool read_attributes(Bytes list) noexcept;
  bool read_uris(BerReader in) noexcept;
  bool read_controls(Bytes list) noexcept;

  BerReader::TooLong at_end_ = BerReader::TooLong::fails;
  AnomalyBits anomalies_ = 0;
};

inline constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";  // RFC 4511 section 4.14.1

}  // namespace bansoko::proto::ldap
