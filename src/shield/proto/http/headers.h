// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "shield/proto/http/arena.h"

namespace bansoko::proto::http {

/// One header line, unfolded.
struct Header {
  std::uint32_t at = 0;  // its line in the message's head
  std::uint32_t size = 0;
  std::uint32_t hash = 0;  // of the name in lower case
  std::uint16_t next = 0;  // the next header of the same name; 0: none
  bool is_folded = false;
  bool is_repeat = false;  // its value is part of an earlier header's
  std::string_view name = {};
  std::string_view value = {};  // its own, then of all of its name once joined
  std::string_view line = {};   // "name: value" once asked for
};

/// What is odd about any of them.
struct HeaderFlaws {
  bool nameless = false;
  bool line_end = false;  // other than CR LF
  bool folded = false;
  bool name_invalid = false;  // blanks before the colon, or what no name may hold
  bool control_character = false;
};

/// The headers of one message in their order. Those of the same name count as one, values joined by ", ".
class Headers {
 public:
  /// A line of the head, without its end. A line that begins with a blank continues the one before.
  void add_line(std::uint32_t at, std::uint32_t size, bool continues);
  /// All lines are there: `head` stays in place from now on.
  void finish(std::string_view head, Arena& arena);
  void reset() noexcept;
  void shrink(std::size_t most) noexcept;

  std::size_t memory() const noexcept { return lines_.capacity() * sizeof(Header); }
  /// One more line needs more memory.
  bool must_grow() const noexcept { return lines_.size() == lines_.capacity(); }
  std::size_t size() const noexcept { return lines_.size(); }
  const HeaderFlaws& flaws() const noexcept { return flaws_; }

  /// The first of that name (in lower case); null: none.
  Header* find(std::string_view name) noexcept;
  std::span<Header> all() noexcept { return lines_; }
  /// All values of that name.
  std::string_view value(Header& header, Arena& arena);
  /// "name: value"
  std::string_view line(Header& header, Arena& arena);

  /// Each as "name: value\r\n", but for the one named `except` (in lower case).
  std::string_view normalised(std::string_view except, Arena& arena);
  /// "\r\nname\r\nname\r\n\r\n"
  std::string_view names(Arena& arena);

 private:
  void read_line(Header& header, std::string_view head, Arena& arena);
  void check_line(const Header& header, std::string_view head, std::string_view line,
                  std::size_t colon) noexcept;
  void link(std::size_t index) noexcept;

  std::vector<Header> lines_;
  std::string_view block_ = {};  // the lines as received
  bool is_plain_ = true;         // every line reads as normalised
  HeaderFlaws flaws_;
};

/// Of a name in any case.
std::uint32_t name_hash(std::string_view name) noexcept;

}  // namespace bansoko::proto::http
