// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shield/proto/dns/record_reader.h"

namespace bansoko::proto::dns {

/// What the data and the classes of one message's records say, gathered while they are read.
class RecordFacts {
 public:
  void note(Section section, const Record& record) noexcept;

  /// Of TSIG records (RFC 8945 section 4.2) the highest code of an error.
  std::optional<std::uint16_t> tsig_error() const noexcept { return tsig_error_; }
  /// Of TSIG records the most bytes that the names of key and algorithm take, uncompressed.
  std::optional<std::uint32_t> tsig_names_size() const noexcept { return tsig_names_size_; }
  /// Of SIG and RRSIG records the most bytes that the data takes with the signer's name uncompressed.
  std::optional<std::uint32_t> signature_size() const noexcept { return signature_size_; }
  /// A record is of another class than the question; nothing: there is no record to compare.
  std::optional<bool> is_class_mixed() const noexcept { return is_class_mixed_; }

 private:
  void note_class(Section section, const Record& record) noexcept;
  void note_tsig(const Record& record) noexcept;
  void note_signature(const Record& record) noexcept;

  std::optional<std::uint16_t> class_ = {};
  bool is_about_key_ = false;  // TKEY is asked for
  std::optional<std::uint16_t> tsig_error_ = {};
  std::optional<std::uint32_t> tsig_names_size_ = {};
  std::optional<std::uint32_t> signature_size_ = {};
  std::optional<bool> is_class_mixed_ = {};
};

}  // namespace bansoko::proto::dns
