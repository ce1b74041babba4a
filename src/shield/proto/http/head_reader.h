// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "shield/proto/http/limits.h"
#include "shield/proto/http/message.h"

namespace bansoko::proto::http {

/// Collects the start line and the headers of a message, one side's.
class HeadReader {
 public:
  HeadReader(Side side, const Limits& limits) noexcept : limits_(&limits), side_(side) {}

  void reset() noexcept;
  /// More headers follow those of `message`, read to their end: `to` begins with what it holds of them.
  void begin_trailers(const Message& message, Message& to);
  /// Takes bytes up to the end of the start line; whether it is complete.
  bool read_start_line(ByteReader& in, Message& message);
  /// Takes bytes up to the end of the headers; whether they are complete.
  bool read_headers(ByteReader& in, Message& message);
  /// The side has closed in the midst of its start line: it ends there.
  void cut_start_line(Message& message) noexcept { message.start_line_done(side_ == Side::client); }
  /// The side has closed in the midst of the headers: what is complete of them counts.
  void cut_headers(Message& message);

 private:
  bool read_line(ByteReader& in, Message& message, Anomaly if_too_long);
  std::size_t line_end(std::string_view rest) noexcept;
  bool add_header(Message& message);

  const Limits* limits_;  // the parser's own
  Side side_;
  std::size_t line_at_ = 0;    // of the line under way, in the message's head
  bool is_cut_ = false;        // there was no memory for the whole line under way
  bool after_return_ = false;  // the line ended in CR, which LF may follow
  bool after_feed_ = true;     // the line before ended in LF
};

}  // namespace bansoko::proto::http
