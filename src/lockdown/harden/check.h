// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bansoko::harden {

/// One way to find out whether a service still answers.
struct Check {
  enum class Kind : std::uint8_t { command, tcp, http };
  Kind kind = Kind::command;
  std::string given = {};                   ///< as the operator wrote it
  std::vector<std::string> arguments = {};  ///< of a command
  std::string host = {};
  std::string port = {};
  std::string path = {};  ///< of a URL
};

/// "tcp:HOST:PORT", "http://HOST[:PORT][/PATH]" (also after "http:"), or a command: words between blanks, run
/// without a shell. HOST may be an IPv6 address in brackets.
Result<Check> parse_check(std::string_view given);

/// Asks what is to be asked, and gives the answer in a form that can be compared with an earlier one:
/// "ended with 0", "connected", "HTTP 200". An error means that there was no answer, or a bad one.
class Asker {
 public:
  Asker() = default;
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  virtual ~Asker() = default;

  virtual Result<std::string> ask(const Check& check) = 0;
  virtual void pause(std::chrono::milliseconds time) = 0;
};

/// Really asks. Each question may take 10 s.
class HostAsker final : public Asker {
 public:
  Result<std::string> ask(const Check& check) override;
  void pause(std::chrono::milliseconds time) override;
};

/// The status of the first line of an answer ("HTTP/1.1 200 OK"); 0 if it is none.
unsigned http_status(std::string_view answer) noexcept;

}  // namespace bansoko::harden
