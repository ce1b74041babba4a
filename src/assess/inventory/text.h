// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/host.h"

/// What every reader of an inventory needs of text.
namespace bansoko::inventory {

/// The text as UTF-8 without a byte order mark, whatever wrote it: UTF-8, UTF-16 (PowerShell), or a code page
/// of Windows, which its content tells. What cannot be read becomes U+FFFD.
std::string to_utf8(std::string_view bytes);

/// The beginning of a document as UTF-8: what recognises() looks at.
std::string beginning(std::string_view bytes, std::size_t most = 16384);

struct Line {
  std::string_view text = {};  // without its end and without blanks after it
  std::uint32_t number = 0;    // from 1
  bool ended = true;           // by a line end; the last one may be cut short
};

/// A loan of `text`. wmic ends its lines with CR CR LF. Of more than eight million lines the last holds the
/// rest, and has no end.
std::vector<Line> lines_of(std::string_view text);

/// UTF-8 fit for a screen and a report: controls and what turns the direction of writing are shown as \x..,
/// broken sequences as U+FFFD; at most `most` bytes.
std::string shown(std::string_view utf8, std::size_t most = 200);

assess::Evidence evidence(std::string_view source, std::uint32_t line, std::string_view text);

/// The number that exactly these digits make, without sign; nothing beyond 32 bits.
std::optional<std::uint32_t> number(std::string_view digits) noexcept;

/// The first run of digits in a text as a number.
std::optional<std::uint32_t> first_number(std::string_view text) noexcept;

/// The parts between separators, as they stand; at most `most` (the last holds the rest).
std::vector<std::string_view> split(std::string_view text, char separator, std::size_t most = SIZE_MAX);

/// One line of comma-separated values (RFC 4180); no more than these.
constexpr std::size_t kMostFields = 512;
std::vector<std::string> csv_fields(std::string_view line);

/// Whether an ASCII word is in a text, whatever the case of either.
bool has(std::string_view text, std::string_view word) noexcept;

/// An address without its prefix length and zone, if it is one of IPv4 or IPv6.
std::optional<std::string> address(std::string_view text);

}  // namespace bansoko::inventory
