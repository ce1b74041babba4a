// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "shield/proto/ftp/limits.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::ftp {

// Progress of the client's side.
inline constexpr std::uint8_t kCommand = 1;
inline constexpr std::uint8_t kSettled = 2;  // the port for data is known, if it is about one
// Of the server's.
inline constexpr std::uint8_t kReply = 1;  // lines follow

enum class DataMode : std::uint8_t { none = 0, active = 1, passive = 2 };

/// A command and what the server says to it.
class Exchange final : public Transaction {
 public:
  static constexpr std::size_t kMostLines = 64;

  /// `budget` outlives it.
  Exchange(const Limits& limits, MemoryBudget& budget) : limits_(limits), text_(budget, kFixed) {}

  void reset() noexcept;
  void release() { text_.release(); }

  /// `verb` is kept in upper case. False: there is no memory for all of it.
  bool set_command(std::string_view verb, std::string_view argument);
  /// One line of an answer; `code` is empty but in the first. False: it is beyond a limit.
  bool add_line(std::string_view code, std::string_view text);

  Bytes verb() const noexcept { return text_.bytes().first(verb_size_); }
  Bytes argument() const noexcept { return text_.bytes().subspan(verb_size_, argument_size_); }
  std::optional<Bytes> line(unsigned instance) const noexcept;
  std::optional<Bytes> code(unsigned instance) const noexcept;

  DataMode mode = DataMode::none;  // that it asks for
  std::uint16_t port = 0;          // for data; 0: none is named
  bool is_bounce = false;          // it names a host that is not the client
  /// The client had logged in when it sent the command; nothing: what the server said before was lost.
  std::optional<bool> is_logged_in = {};

 private:
  static constexpr std::size_t kFixed = 256;
  struct Place {
    std::uint32_t at = 0;
    std::uint16_t code_size = 0, size = 0;
  };

  const Limits& limits_;
  BudgetedBytes text_;
  std::size_t verb_size_ = 0, argument_size_ = 0;
  std::array<Place, kMostLines> lines_{};
  std::size_t line_count_ = 0;
};

std::span<const Buffer> buffers() noexcept;
std::span<const Field> fields() noexcept;

}  // namespace bansoko::proto::ftp
