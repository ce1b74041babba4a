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

namespace bansoko::proto::ldap {

/// A search filter as people write it (RFC 4515): "(&(objectClass=user)(cn=a*))".
class FilterText {
 public:
  /// As text of at most `most_size` bytes; parts that are deeper in each other than `most_depth` are left
  /// out.
  FilterText(std::size_t most_size, std::size_t most_depth) : text_(most_size), most_depth_(most_depth) {}

  void clear() noexcept;
  AnomalyBits write(const BerElement& filter, BerReader::TooLong at_end) noexcept;

  std::optional<Bytes> text() const noexcept {
    return is_here_ ? std::optional(Bytes(&text_[0], size_)) : std::nullopt;
  }
  /// How deep its parts are in each other; one more than looked at: so deep or deeper.
  std::optional<std::uint64_t> depth() const noexcept {
    return is_here_ ? std::optional(depth_) : std::nullopt;
  }

 private:
  void write_part(const BerElement& part, std::size_t depth) noexcept;
  void write_parts(char sign, Bytes parts, std::size_t depth) noexcept;
  void write_assertion(std::string_view sign, Bytes assertion) noexcept;
  void write_substrings(Bytes assertion) noexcept;
  void write_extensible(Bytes assertion) noexcept;
  void put(char c) noexcept;
  void put(std::string_view text) noexcept;
  void put_escaped(Bytes value) noexcept;
  BerReader reader(Bytes bytes) const noexcept { return BerReader(bytes, at_end_); }

  LazyArray<std::uint8_t> text_;
  std::size_t size_ = 0;
  std::size_t most_depth_;
  std::uint64_t depth_ = 0;
  bool is_here_ = false;
  BerReader::TooLong at_end_ = BerReader::TooLong::fails;
  AnomalyBits anomalies_ = 0;
};

}  // namespace bansoko::proto::ldap
