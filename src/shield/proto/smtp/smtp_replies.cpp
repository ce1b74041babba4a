// SPDX-License-Identifier: Apache-2.0
// What the server says, and what it means for what the client says.
#include "shield/proto/smtp/smtp_parser.h"

namespace bansoko::proto::smtp {
namespace {

/// The three digits of an answer (RFC 5321 section 4.2); 0: it is none.
unsigned code_of(std::string_view line) noexcept {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5') return 0;
  unsigned code = 0;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + static_cast<unsigned>(c - '0');
  }
  return line.size() == 3 || line[3] == ' ' || line[3] == '-' ? code : 0;
}

}  // namespace

void SmtpParser::ask(Asked what) noexcept {
  if (asked_count_ == kMostAsked) {
    lost_count_ = true;
    return;
  }
  asked_[(asked_at_ + asked_count_++) % kMostAsked] = what;
}

void SmtpParser::reply_line(const Line& line) {
  if (line.starts && !line.ends)
    tell(Side::server, line.is_short_of_memory ? Anomaly::memory_limit : Anomaly::reply_line_limit);
  if (!line.starts) return;
  const unsigned code = code_of(line.text);
  if (code == 0) return tell(Side::server, Anomaly::invalid_reply);
  if (line.text.size() == 3 || line.text[3] != '-') reply(code);
}

void SmtpParser::reply(unsigned code) {
  const bool is_refusal = code >= 400;
  if (!is_greeted_) {
    is_greeted_ = true;
    if (code == 220 || code == 554 || code == 421) return;
    tell(Side::server, Anomaly::no_welcome);
  }
  // What ended the mail was lost; the server has seen it.
  if (step_ == Step::data && data_has_gap_ && asked_count_ == 0) {
    step_ = Step::command;
    data_has_gap_ = false;
    return finish_content();
  }
  if (asked_count_ == 0) {
    if (code != 421 && !lost_count_) tell(Side::server, Anomaly::unmatched_reply);
    return;
  }
  const Asked asked = asked_[asked_at_];
  asked_at_ = (asked_at_ + 1) % kMostAsked;
  --asked_count_;
  if (asked == Asked::auth) is_secret_ = code == 334;
  if (asked == Asked::tls) {
    if (code == 220) result_ = Parsed::finished;
    if (is_refusal) tell(Side::server, Anomaly::tls_rejected);
  }
  if (asked != Asked::data && code != 354) return;
  if (step_ == Step::data_asked) step_ = is_refusal ? Step::command : Step::data;
  if (!is_refusal || asked != Asked::data) return;
  tell(Side::server, Anomaly::data_rejected);
  // Sent without waiting, and not taken: what the client says next are commands again.
  if (step_ != Step::data) return;
  step_ = Step::command;
  client_.reset();
  end_mail(true);
}

void SmtpParser::lose(const StreamChunk& chunk) {
  tell(chunk.from, Anomaly::gap);
  if (chunk.from == Side::server) {
    server_.lose();
    asked_count_ = 0;
    lost_count_ = true;
    if (step_ == Step::data_asked) step_ = Step::data;
    return;
  }
  if (step_ == Step::chunk && chunk.gap <= chunk_left_) {
    chunk_left_ -= chunk.gap;
    mime_.lose();
    chunk_.lose();
    if (chunk_left_ > 0) return;
    step_ = Step::command;
    if (is_last_chunk_) finish_chunks();
    return;
  }
  client_.lose();
  mime_.lose();
  if (step_ == Step::data_asked) step_ = Step::data;
  if (step_ == Step::chunk) step_ = Step::command;
  data_has_gap_ = step_ == Step::data;
}

}  // namespace bansoko::proto::smtp
