// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/base64.h"
#include "base/bytes.h"

namespace bansoko::proto::smtp {

enum class Coding : std::uint8_t { none, base64, quoted_printable };

/// The coding that a Content-Transfer-Encoding names.
Coding coding_of(std::string_view name) noexcept;

/// Undoes a content transfer coding (RFC 2045 section 6), a piece at a time. Line ends are part of the input.
class TransferDecoder {
 public:
  static constexpr std::size_t kPiece = 1024;
  using Output = std::array<std::uint8_t, kPiece + 4>;

  void start(Coding coding) noexcept { *this = TransferDecoder(coding); }
  TransferDecoder() = default;

  /// At most kPiece bytes at a time. What is made of them is in `out`.
  Bytes decode(std::string_view in, Output& out) noexcept;

  Coding coding() const noexcept { return coding_; }
  /// There was what the coding does not allow.
  bool is_invalid() const noexcept { return is_invalid_; }

 private:
  explicit TransferDecoder(Coding coding) noexcept : coding_(coding) {}
  Bytes decode_base64(std::string_view in, Output& out) noexcept;
  Bytes decode_quoted(std::string_view in, Output& out) noexcept;

  Coding coding_ = Coding::none;
  bool is_invalid_ = false;
  Base64Digits digits_;
  std::array<char, 2> held_{};  // of quoted-printable: an equals sign and what follows it
  std::uint8_t held_size_ = 0;
};

}  // namespace bansoko::proto::smtp
