// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace bansoko::log {

enum class Level : std::uint8_t { debug, info, warning, error };

/// How a line begins: with the priority that journald reads and hides ("<4>"), or with time and level.
enum class Form : std::uint8_t { journal, terminal };

/// Form::journal if standard error leads to the journal, as systemd tells its services.
Form form_of_standard_error();

/// Says things to the operator, one line each. Made once by a program and passed by reference; any thread may
/// use it. Never on the packet path. What cannot be written is lost.
class Logger {
 public:
  /// Writes to standard error.
  explicit Logger(Level least = Level::info);
  /// Writes to `out`, which must outlive the logger.
  Logger(Level least, Form form, std::ostream& out);
  Logger(Logger&&) noexcept;
  Logger& operator=(Logger&&) noexcept;
  ~Logger();

  template <class... Args>
  void debug(fmt::format_string<Args...> text, Args&&... args) const {
    say(Level::debug, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> text, Args&&... args) const {
    say(Level::info, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> text, Args&&... args) const {
    say(Level::warning, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> text, Args&&... args) const {
    say(Level::error, text, std::forward<Args>(args)...);
  }

  /// Control characters are written as \xNN, so that nothing from outside can begin a line of its own.
  void write(Level level, std::string_view message) const;

 private:
  template <class... Args>
  void say(Level level, fmt::format_string<Args...> text, Args&&... args) const {
    if (level >= least_) write(level, fmt::format(text, std::forward<Args>(args)...));
  }

  struct State;
  Level least_;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::log
