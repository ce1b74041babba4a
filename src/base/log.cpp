// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <cstdlib>
#include <iostream>
#include <string>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bansoko::log {

struct Logger::State {
  Form form;
  spdlog::logger logger;
};

namespace {

spdlog::level::level_enum level_of(Level level) noexcept {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      break;
  }
  return spdlog::level::err;
}

/// The priorities of sd-daemon(3), which are those of syslog.
char priority_of(Level level) noexcept {
  switch (level) {
    case Level::debug:
      return '7';
    case Level::info:
      return '6';
    case Level::warning:
      return '4';
    case Level::error:
      break;
  }
  return '3';
}

spdlog::logger make_logger(Form form, std::ostream& out) {
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out, true);
  spdlog::logger logger("bansoko", std::move(sink));
  logger.set_formatter(form == Form::journal
                           ? std::make_unique<spdlog::pattern_formatter>("%v")
                           : std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l: %v",
                                                                         spdlog::pattern_time_type::utc));
  logger.set_level(spdlog::level::debug);
  return logger;
}

void append_safely(std::string& line, std::string_view message) {
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f)
      line += c;
    else
      line += fmt::format("\\x{:02x}", byte);
  }
}

}  // namespace

Form form_of_standard_error() {
  // systemd sets JOURNAL_STREAM to "device:inode" of what it gave us; a shell in between may have changed it.
  const char* const stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): read at start
  struct stat status {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return Form::terminal;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream ? Form::journal : Form::terminal;
}

Logger::Logger(Level least) : Logger(least, form_of_standard_error(), std::cerr) {}
Logger::Logger(Level least, Form form, std::ostream& out)
    : least_(least), state_(std::make_unique<State>(State{form, make_logger(form, out)})) {}
Logger::Logger(Logger&&) noexcept = default;
Logger& Logger::operator=(Logger&&) noexcept = default;
Logger::~Logger() = default;

void Logger::write(Level level, std::string_view message) const {
  if (level < least_) return;
  std::string line;
  if (state_->form == Form::journal) line = {'<', priority_of(level), '>'};
  append_safely(line, message);
  state_->logger.log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace bansoko::log
