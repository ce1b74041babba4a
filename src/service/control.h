// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::service {

/// Bounds of the control socket. Who exceeds one is answered with an error, or cut off.
struct ControlLimits {
  std::size_t request_bytes = 4096;
  std::size_t connections = 8;                   // at one time; more are refused
  std::chrono::milliseconds request_time{2000};  // to say what is wanted, and to take the answer
};

/// Listens on a Unix socket (mode 0660): one line of JSON in, one line of JSON out, then it hangs up.
class ControlServer {
 public:
  /// Given a line without its end, gives the answer's line. Called from several threads.
  using Handler = std::function<std::string(std::string_view request)>;

  /// Fails when another server answers at `path`; a socket that nobody listens on is replaced.
  static Result<ControlServer> open(const std::string& path, Handler handler,
                                    const ControlLimits& limits = {});
  ControlServer(ControlServer&&) noexcept;
  ControlServer& operator=(ControlServer&&) noexcept;
  /// Waits for answers under way, then removes the socket.
  ~ControlServer();

 private:
  struct State;
  explicit ControlServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Asks a server: sends a line, gives the answer's line. Errc::not_found: nobody listens.
Result<std::string> ask_control(const std::string& path, std::string_view request,
                                std::chrono::milliseconds wait);

}  // namespace bansoko::service
