// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

/// The lines of a text, without their ends (LF or CR LF), which must outlive this.
class Lines {
 public:
  explicit Lines(std::string_view text) noexcept;

  bool next() noexcept;
  std::string_view text() const noexcept { return line_; }
  std::uint32_t number() const noexcept { return number_; }
  /// Whether the line has an end: the last of a file that was cut has none.
  bool ended() const noexcept { return ended_; }

 private:
  std::string_view rest_;
  std::string_view line_ = {};
  std::uint32_t number_ = 0;
  bool ended_ = true;
};

/// Takes the next word, up to a blank or a tab; empty at the end.
std::string_view take_word(std::string_view& text) noexcept;

/// Without quotation marks around it.
std::string_view unquoted(std::string_view text) noexcept;

/// "status" of "/var/lib/dpkg/status", whichever slashes it has.
std::string_view file_name(std::string_view path) noexcept;

/// At most `max_text` bytes, printable.
std::string kept_text(std::string_view text, std::size_t max_text);

assess::Evidence evidence_of(const Document& document, std::uint32_t line, std::string_view text);

void note(assess::Host& host, assess::Gap gap, std::string what, assess::Evidence evidence);

}  // namespace bansoko::inventory
