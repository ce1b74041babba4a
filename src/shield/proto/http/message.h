// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shield/proto/http/anomaly.h"
#include "shield/proto/http/arena.h"
#include "shield/proto/http/body.h"
#include "shield/proto/http/framing.h"
#include "shield/proto/http/header_numbers.h"
#include "shield/proto/http/headers.h"
#include "shield/proto/http/line.h"
#include "shield/proto/http/personality.h"
#include "shield/proto/http/uploads.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

// Progress of one side of a transaction.
inline constexpr std::uint8_t kFrame = 1;  // of HTTP/2
inline constexpr std::uint8_t kStartLine = 2;
inline constexpr std::uint8_t kHeaders = 3;
inline constexpr std::uint8_t kBody = 4;

/// A request or a response.
class Message {
 public:
  /// What a message may hold without asking: 1 KiB of head, its headers and what is built of them.
  static constexpr std::size_t kFixed = 4096;

  /// `memory` outlives it.
  explicit Message(HttpMemory& memory) noexcept : body(memory), sums(memory.budget), budget_(memory.budget) {}
  ~Message() { budget_.give_back(charged_); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  void reset() noexcept;
  /// Gives memory back where there is much of it, and all of it when others need it.
  void shrink() noexcept;
  void shrink_if_tight() noexcept;
  /// Has what head and headers hold by now counted.
  void count_memory() noexcept;
  /// How much longer the head may get.
  std::size_t room() const noexcept;
  bool has_room_for_header() const noexcept;

  /// Of a request: method, target, protocol; of a response: protocol, status, reason.
  const StartLine& start() noexcept;
  std::string_view start_line() const noexcept { return std::string_view(head).substr(0, headers_at); }
  std::string_view raw_headers() const noexcept {
    return headers_at == 0 ? std::string_view() : std::string_view(head).substr(headers_at);
  }

  void start_line_done(bool is_request) noexcept;
  /// Reads the target and notes what is odd, once the start line is known to be one. `version` is that of its
  /// carrier, which may stand in no line of HTTP/1.
  void check_start_line(std::string_view version = {});
  void headers_done();
  /// Takes the start line from `from`, which is as new afterwards.
  void take_start_line(Message& from) noexcept;
  /// Begins with the first `size` bytes of another's head and the headers in them, as far as there is memory.
  void continue_head(const Message& other, std::size_t size);

  std::string head;                 // start line and headers as received, as far as the limits let
  std::size_t headers_at = 0;       // in head; 0: the start line is not complete
  std::size_t start_line_size = 0;  // as received, whatever is kept of it
  Headers headers;
  Framing framing;
  RangeNumbers ranges;  // of a request
  std::uint64_t if_path_length = 0;
  Body body;
  FileSums sums;  // of the files in it
  AnomalySet anomalies;
  Arena arena;

  // Built when first asked for.
  std::optional<std::string_view> headers_text, header_names, whole_head, host;

  /// Of a request: its target as the server reads it; nothing where the reading adds none. A first reading
  /// that changes nothing is a part of the head.
  std::optional<std::string_view> uri(std::size_t reading) noexcept;

  packet::WebServer server = packet::WebServer::generic;  // who reads it

 private:
  void read_target();
  void check_headers();
  void read_numbers();

  std::array<std::optional<std::string_view>, kMostReadings> uris_;  // that differ from the target
  StartLine parts_;
  const char* parts_of_ = nullptr;  // where the head was when its start line was split: it moves as it grows
  bool is_request_ = true;
  MemoryBudget& budget_;
  std::size_t charged_ = 0;
};

struct HttpTransaction : Transaction {
  /// What it may hold without asking.
  static constexpr std::size_t kFixed = 2 * Message::kFixed;

  explicit HttpTransaction(HttpMemory& memory) noexcept : request(memory), response(memory) {}

  Message& message(Side side) noexcept { return side == Side::client ? request : response; }
  void reset() noexcept;
  void shrink() noexcept;
  void shrink_if_tight() noexcept;

  Message request, response;
  Uploads uploads;                // in the request's body
  std::size_t summed_files = 0;   // of those of a form
  std::size_t summed_bytes = 0;   // of the one after them
  std::size_t place = 0;          // in its parser's pool, in the order they were made
  bool is_answered = false;       // its response has begun
  std::array<bool, 2> is_over{};  // by Side: nothing more will come of it
};

}  // namespace bansoko::proto::http
