// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "shield/proto/redis/command_reader.h"

namespace bansoko::proto::redis {

/// Takes what a server sends apart into replies (RESP2 and RESP3).
class ReplyReader {
 public:
  /// `budget` outlives it.
  ReplyReader(const Limits& limits, MemoryBudget& budget);

  void reset(bool release);
  void feed(Bytes bytes, Listener& listener);
  /// Bytes were lost: where the next reply begins nobody knows.
  void lose(Listener& listener);

 private:
  enum class State : std::uint8_t { type, line, number, data, opaque };

  void take_type(std::uint8_t c, Listener& listener);
  void take_line(Bytes& rest, Listener& listener);
  void take_number(std::uint8_t c, Listener& listener);
  void take_data(Bytes& rest, Listener& listener);
  void begin_text(std::uint64_t length, Listener& listener);
  void begin_elements(std::int64_t count, Listener& listener);
  void end_element(Listener& listener);
  void tell(Listener& listener);
  void heed(Message::Kept kept, Listener& listener);
  void give_up(Anomaly anomaly, Listener& listener);

  Message message_;
  NumberLine number_;
  State state_ = State::type;
  char type_ = 0;                    // of the element under way
  std::vector<std::uint64_t> left_;  // elements to come, of each array that is open
  std::size_t depth_ = 0;            // arrays that are open
  std::uint64_t bytes_left_ = 0, line_size_ = 0;
  bool is_begun_ = false, has_cr_ = false, is_cut_told_ = false;
};

}  // namespace bansoko::proto::redis
