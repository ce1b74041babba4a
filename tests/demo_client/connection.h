// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::demo {

inline constexpr std::chrono::seconds kTimeout{5};

/// Why no more bytes came.
enum class Heard { bytes, closed, reset, nothing };

/// "closed by the server", "connection reset", "no answer within 5 s".
std::string_view words_for(Heard heard) noexcept;

/// A TCP connection on which every wait ends after kTimeout.
class Connection {
 public:
  static Result<Connection> open(const std::string& host, const std::string& port);

  /// False: the connection was reset, or its peer takes no more.
  bool send(std::string_view bytes) noexcept;

  /// Appends what has come. Waits for at least one byte.
  Heard receive(std::string& into);

  /// Appends until `into` has `size` bytes in all.
  Heard receive_until(std::string& into, std::size_t size);

 private:
  explicit Connection(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace bansoko::demo
