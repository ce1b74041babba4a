// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/feed/feed.h"

namespace bansoko::feed {

/// Reads comma-separated values (RFC 4180) as a stream: fields may be quoted, and then hold commas, quotes
/// written twice, and line ends, which are told as "\n". Lines end with LF or CR LF; a byte order mark is
/// passed over; so are empty lines and those that begin with '#'.
class CsvReader {
 public:
  /// Both are loans for the life of this.
  CsvReader(ByteSource& bytes, const Limits& limits);

  /// The fields of the next record, valid until the next call; nothing at the end. A text behind a closing
  /// quote, a quote without end, and what exceeds a limit are errors, which name the line.
  Result<std::optional<std::span<const std::string_view>>> next();
  /// Of the record that was given last, from 1.
  std::uint64_t line() const noexcept { return line_; }
  /// The first line that began with '#'.
  const std::string& first_comment() const noexcept { return comment_; }

 private:
  static constexpr std::size_t kMostFields = 256;

  Result<bool> fill();
  Result<int> peek();
  Result<bool> begin_record();
  Result<> comment();
  Result<bool> field();
  Result<bool> quoted();
  Result<bool> end_of_field();
  Result<> keep(std::string_view bytes);

  ByteSource& bytes_;
  const Limits& limits_;
  std::vector<char> buffer_;
  std::size_t at_ = 0, size_ = 0;
  std::uint64_t read_ = 0;
  bool ended_ = false;
  std::uint64_t line_ = 1, lines_ended_ = 0;
  std::string text_;                 // of all fields of the record
  std::vector<std::size_t> begins_;  // of each field in it
  std::vector<std::string_view> fields_;
  std::string comment_;
};

/// Where the columns of these names stand in a header, whatever the case; nothing: it has no such column.
std::vector<std::optional<std::size_t>> columns_of(std::span<const std::string_view> header,
                                                   std::span<const std::string_view> names);

}  // namespace bansoko::feed
