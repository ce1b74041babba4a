// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::detect {

/// What the values of a data set are, and so how its file writes them.
enum class DataType : std::uint8_t {
  string,  // base64
  md5,     // hexadecimal
  sha1,    // hexadecimal
  sha256,  // hexadecimal
  ipv4,    // an address
  ip,      // an address of either kind
};

/// "string", "md5", "sha1", "sha256", "ipv4", "ip".
std::optional<DataType> data_type_of(std::string_view name) noexcept;

/// Values, each with a number if the file gives one. Immutable once read.
class DataSet {
 public:
  static constexpr std::size_t kMaxValues = 4U << 20U;

  /// Reads one value a line, with `numbered` one of 0 to 65535 behind a comma. Empty lines and those that
  /// begin with '#' are skipped, and so is what stands behind a digest and a blank, as md5sum writes it; any
  /// other fault fails, with its line. Of a value that comes twice the last
  /// number counts.
  static Result<DataSet> parse(std::string_view text, DataType type, bool numbered);

  DataType type() const noexcept { return type_; }
  std::size_t size() const noexcept { return values_.size(); }

  /// The number of a value as traffic has it: bytes of a string, of a digest, of an address (4 or 16).
  /// Nothing: it is not in the set.
  std::optional<std::uint16_t> find(Bytes value) const noexcept;

 private:
  struct Value {
    std::uint32_t at = 0;  // in bytes_
    std::uint32_t size = 0;
    std::uint16_t number = 0;
  };
  Bytes bytes_of(const Value& value) const noexcept;
  Result<> add(std::string_view line, bool numbered);
  void settle();

  DataType type_ = DataType::string;
  std::string bytes_;
  std::vector<Value> values_;  // sorted by their bytes
};

}  // namespace bansoko::detect
