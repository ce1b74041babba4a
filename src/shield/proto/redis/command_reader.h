// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shield/proto/redis/message.h"
#include "shield/proto/redis/number_line.h"

namespace bansoko::proto::redis {

/// Who hears what readers find.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_message(Message& message, Side side) noexcept = 0;
  virtual void on_anomaly(Side side, Anomaly anomaly) noexcept = 0;
};

/// Takes what a client sends apart as the server does: RESP arrays of bulk strings, and lines of words.
class CommandReader {
 public:
  /// `budget` outlives it.
  CommandReader(const Limits& limits, MemoryBudget& budget);

  void reset(bool release);
  /// False: the server refuses to read on.
  bool feed(Bytes bytes, Listener& listener);
  /// Bytes were lost.
  void lose(std::uint32_t size, Listener& listener);
  /// Nothing more will come: what is at hand of a command is told.
  void finish(Listener& listener);

 private:
  enum class State : std::uint8_t { start, line, count, length, data, lost };

  bool take_start(std::uint8_t first);
  bool take_line(Bytes& rest, Listener& listener);
  bool take_words(Bytes line, Listener& listener);
  bool take_count(std::uint8_t c, Listener& listener);
  bool take_length(std::uint8_t c, Listener& listener);
  void take_data(Bytes& rest, Listener& listener);
  void take_lost(std::uint8_t c) noexcept;
  void begin_argument(std::uint64_t length, Listener& listener);
  void end_argument(Listener& listener);
  void heed(Message::Kept kept, Listener& listener);
  bool fail(Anomaly anomaly, Listener& listener);
  void tell(Listener& listener);

  static constexpr std::size_t kInlineSize = 64 << 10;  // what the server takes of a line of words
  static constexpr std::int64_t kMostArguments = 0x7fffffff;

  std::uint64_t bulk_limit_;
  Message message_;
  BudgetedBytes line_;
  NumberLine number_;
  State state_ = State::start;
  std::uint64_t arguments_left_ = 0, bytes_left_ = 0;
  std::uint8_t skip_ = 0;      // bytes to be passed over, whatever they are
  bool is_sign_due_ = false;   // '$' must come
  bool is_sync_lost_ = false;  // bytes were lost: what looks wrong may be within something
  bool is_cut_told_ = false;   // of this command
  std::uint8_t before_ = 0;    // in `lost`: the last two bytes
  bool is_star_ = false;
};

/// The words of a line, as the server splits it: blanks between, quotes and escapes undone.
class WordReader {
 public:
  explicit WordReader(Bytes line) noexcept : rest_(line) {}

  /// Another word begins.
  bool next() noexcept;
  /// The next byte of that word; nothing: it is over.
  std::optional<std::uint8_t> byte() noexcept;
  /// No quote was left open, none closed within a word.
  bool ok() const noexcept { return ok_; }

 private:
  std::optional<std::uint8_t> quoted_byte() noexcept;
  std::uint8_t escaped() noexcept;

  Bytes rest_;
  std::uint8_t quote_ = 0;
  bool ok_ = true;
};

}  // namespace bansoko::proto::redis
