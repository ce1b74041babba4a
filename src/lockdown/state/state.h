// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

/// What operators have said that outlives a restart: one small JSON file each in the state folder, written as
/// a whole or not at all. Times are seconds since 1970.
namespace bansoko::state {

/// A maintenance window. While it is open unknown code starts and is told of; once it is closed it waits for
/// what came meanwhile to be approved or refused as a whole.
struct Window {
  std::int64_t opened = 0;
  std::int64_t until = 0;        // it closes by itself then; 0: when it is told to
  std::int64_t closed = 0;       // 0: not yet, or by itself
  std::uint64_t generation = 0;  // of the approved list when it was opened
  std::string by = {}, note = {};
};

/// Enforce is suspended for a time.
struct BreakGlass {
  std::int64_t opened = 0, until = 0;
  std::string by = {}, note = {};
};

/// Enforce was confirmed: it does not fall back by itself any more.
struct Confirmation {
  std::int64_t confirmed = 0;
  std::string by = {};
};

/// Neither closed nor over. A clock that was put back before its beginning does not open one again.
constexpr bool is_open(const Window& window, std::int64_t now) noexcept {
  return window.closed == 0 && now >= window.opened && (window.until == 0 || now < window.until);
}
constexpr bool is_open(const BreakGlass& glass, std::int64_t now) noexcept {
  return now >= glass.opened && now < glass.until;
}

/// Nothing: there is none. A file that cannot be understood is an error, and is to count as none.
Result<std::optional<Window>> read_window(const std::string& folder);
Result<std::optional<BreakGlass>> read_break_glass(const std::string& folder);
Result<std::optional<Confirmation>> read_confirmation(const std::string& folder);

Result<> write(const std::string& folder, const Window& window);
Result<> write(const std::string& folder, const BreakGlass& glass);
Result<> write(const std::string& folder, const Confirmation& confirmation);

/// Also where there is none.
Result<> remove_window(const std::string& folder);
Result<> remove_break_glass(const std::string& folder);
Result<> remove_confirmation(const std::string& folder);

/// The same from a file's text; `what` is for errors.
Result<Window> parse_window(std::string_view text, std::string_view what);
Result<BreakGlass> parse_break_glass(std::string_view text, std::string_view what);
Result<Confirmation> parse_confirmation(std::string_view text, std::string_view what);

}  // namespace bansoko::state
