// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "shield/proto/line_reader.h"
#include "shield/proto/smtp/mail.h"
#include "shield/proto/smtp/mime_reader.h"

namespace bansoko::proto::smtp {

/// The memory of one worker's parsers.
class SmtpMemory final : public SharedMemory {
 public:
  explicit SmtpMemory(std::size_t most) noexcept : budget(most) {}

  MemoryBudget budget;
};

/// Follows one connection of SMTP (RFC 5321) with PIPELINING, CHUNKING (RFC 3030) and AUTH; ends at a
/// STARTTLS that was granted. Each mail is a transaction of the client's side alone.
class SmtpParser final : public Parser {
 public:
  /// `memory` outlives it.
  SmtpParser(const Limits& limits, SmtpMemory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  /// What an answer may be to.
  enum class Asked : std::uint8_t { other, data, data_end, auth, tls };
  enum class Step : std::uint8_t { command, data_asked, data, chunk };

  void client_bytes(ByteReader& in);
  void command_line(const Line& line);
  void command(std::string_view line);
  void greet(std::string_view name);
  void mail_from(std::string_view rest);
  void begin_chunk(std::string_view rest);
  void chunk_bytes(ByteReader& in);
  void data_line(const Line& line);
  void reply_line(const Line& line);
  void reply(unsigned code);
  void lose(const StreamChunk& chunk);

  void open_mail();
  void end_mail(bool is_complete);
  void finish_content();
  void finish_chunks();
  void advance(std::uint8_t step);
  void tell_growth();
  void ask(Asked what) noexcept;
  /// The last command is STARTTLS and was not answered.
  bool awaits_tls() const noexcept {
    return asked_count_ > 0 && asked_[(asked_at_ + asked_count_ - 1) % kMostAsked] == Asked::tls;
  }
  void tell(Side side, Anomaly anomaly) noexcept {
    sink_->on_anomaly(side, static_cast<std::size_t>(anomaly));
  }

  // Of commands whose answers are awaited. Beyond it the answers are no longer told apart.
  static constexpr std::size_t kMostAsked = 128;
  // One more than a name may have (RFC 5321 section 4.5.3.1.2), so that one that is longer shows.
  static constexpr std::size_t kMostHelo = 256;

  Limits limits_;
  MemoryBudget& budget_;
  Wanted wanted_;
  LineReader client_, server_;
  LineReader chunk_;  // lines within BDAT, whose chunks end anywhere
  Mail mail_;
  MimeReader mime_;
  std::array<char, kMostHelo> helo_{};
  std::size_t helo_size_ = 0;
  std::array<Asked, kMostAsked> asked_{};
  std::size_t asked_at_ = 0, asked_count_ = 0;
  Step step_ = Step::command;
  std::uint64_t chunk_left_ = 0;
  bool is_last_chunk_ = false;
  bool is_open_ = false;      // there is a mail
  bool has_content_ = false;  // and its content has begun
  bool is_greeted_ = false;   // the server has spoken
  bool is_secret_ = false;    // the next line is no command, but what AUTH asked for
  bool lost_count_ = false;   // of the answers
  bool data_has_gap_ = false;
  bool ends_with_cr_ = true;  // the line before the one at hand did
  Parsed result_ = Parsed::more;
  std::uint64_t next_id_ = 0;
  TransactionSink* sink_ = nullptr;  // during a call
};

}  // namespace bansoko::proto::smtp
