// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smtp/smtp_parser.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace bansoko::proto::smtp {
namespace {

constexpr std::string_view kBlanks = " \t";

/// Takes the first word.
std::string_view take_word(std::string_view& rest) noexcept {
  rest = trim(rest);
  const auto end = std::min(rest.find_first_of(kBlanks), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  rest = trim(rest);
  return word;
}

bool begins_with(std::string_view text, std::string_view word) noexcept {
  return same_text(text.substr(0, word.size()), word);
}

/// What stands after the colon of "FROM:" or "TO:", without parameters; quoted blanks belong to it.
std::string_view path_of(std::string_view rest) noexcept {
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return {};
  rest = trim(rest.substr(colon + 1));
  const auto close = rest.find('>');
  if (rest.starts_with('<') && close != std::string_view::npos) return rest.substr(0, close + 1);
  return rest.substr(0, rest.find_first_of(kBlanks));
}

}  // namespace

SmtpParser::SmtpParser(const Limits& limits, SmtpMemory& memory)
    : limits_(limits),
      budget_(memory.budget),
      client_(budget_, limits.line),
      server_(budget_, limits.line),
      chunk_(budget_, limits.line),
      mail_(limits_, budget_),
      mime_(limits_, budget_, mail_) {}

void SmtpParser::reset(const Assignment& assignment) noexcept {
  wanted_ = Wanted::from(assignment.wanted);
  client_.reset();
  server_.reset();
  chunk_.reset();
  mail_.reset();
  if (budget_.is_tight()) {
    client_.release();
    server_.release();
    chunk_.release();
    mail_.release();
    mime_.release();
  }
  helo_size_ = asked_at_ = asked_count_ = 0;
  step_ = Step::command;
  is_open_ = has_content_ = is_greeted_ = is_secret_ = lost_count_ = data_has_gap_ = false;
  ends_with_cr_ = true;
  result_ = Parsed::more;
  next_id_ = 0;
}

Parsed SmtpParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  sink_ = &sink;
  if (chunk.gap > 0) lose(chunk);
  ByteReader in(chunk.bytes());
  if (chunk.from == Side::client) {
    client_bytes(in);
    tell_growth();
  } else {
    while (result_ == Parsed::more) {
      const auto line = server_.next(in);
      if (!line) break;
      reply_line(*line);
    }
  }
  if (result_ == Parsed::finished) sink.on_handover({.protocol = "tls", .left = in.rest().size()});
  sink_ = nullptr;
  return result_;
}

void SmtpParser::end(TransactionSink& sink) noexcept {
  sink_ = &sink;
  end_mail(false);
  sink_ = nullptr;
}

void SmtpParser::client_bytes(ByteReader& in) {
  while (result_ == Parsed::more && !in.rest().empty()) {
    if (step_ == Step::chunk) {
      chunk_bytes(in);
      continue;
    }
    // TLS without a word of the server's that we saw (RFC 8446 section 5.1: a handshake record).
    if (step_ == Step::command && awaits_tls() && in.rest().front() == 0x16 && !client_.is_within()) {
      result_ = Parsed::finished;
      return;
    }
    const auto line = client_.next(in);
    if (!line) return;
    if (step_ == Step::data_asked) {
      tell(Side::client, Anomaly::invalid_pipelining);
      step_ = Step::data;
    }
    if (step_ == Step::data) {
      data_line(*line);
    } else {
      command_line(*line);
    }
  }
}

void SmtpParser::command_line(const Line& line) {
  if (line.starts && !line.ends)
    tell(Side::client, line.is_short_of_memory ? Anomaly::memory_limit : Anomaly::command_line_limit);
  if (!line.starts) return;
  if (std::exchange(is_secret_, false)) return ask(Asked::auth);
  command(line.text);
}

void SmtpParser::command(std::string_view rest) {
  const std::string_view verb = take_word(rest);
  const auto is = [verb](std::string_view name) { return same_text(verb, name); };
  if (is("EHLO") || is("HELO") || is("LHLO")) {
    greet(rest);
  } else if (is("MAIL") && begins_with(rest, "FROM")) {
    mail_from(rest);
  } else if (is("RCPT") && begins_with(rest, "TO")) {
    open_mail();
    mail_.add(Listed::recipient, path_of(rest));
  } else if (is("DATA")) {
    open_mail();
    step_ = Step::data_asked;
    ends_with_cr_ = true;
    return ask(Asked::data);
  } else if (is("BDAT")) {
    return begin_chunk(rest);
  } else if (is("RSET") || is("QUIT") || is("STARTTLS")) {
    end_mail(true);
  }
  if (verb.empty()) return;
  ask(is("STARTTLS") ? Asked::tls : is("AUTH") ? Asked::auth : Asked::other);
}

void SmtpParser::greet(std::string_view name) {
  end_mail(true);
  helo_size_ = std::min(name.size(), helo_.size());
  std::copy_n(name.begin(), helo_size_, helo_.begin());
  open_mail();
}

void SmtpParser::mail_from(std::string_view rest) {
  if (is_open_ && mail_.has(Single::mail_from)) end_mail(true);
  open_mail();
  mail_.set(Single::mail_from, path_of(rest));
  advance(kEnvelope);
}

void SmtpParser::begin_chunk(std::string_view rest) {
  const std::string_view size = take_word(rest);
  std::uint64_t bytes = 0;
  const auto read = std::from_chars(size.data(), size.data() + size.size(), bytes);
  ask(Asked::other);
  if (size.empty() || read.ptr != size.data() + size.size() || read.ec != std::errc() ||
      (!rest.empty() && !same_text(rest, "LAST")))
    return tell(Side::client, Anomaly::invalid_bdat);
  open_mail();
  if (!std::exchange(has_content_, true)) mime_.start(wanted_);
  chunk_left_ = bytes;
  is_last_chunk_ = !rest.empty();
  step_ = Step::chunk;
  if (bytes > 0) return;
  step_ = Step::command;
  if (is_last_chunk_) finish_chunks();
}

void SmtpParser::chunk_bytes(ByteReader& in) {
  const Bytes bytes =
      in.take(static_cast<std::size_t>(std::min<std::uint64_t>(in.rest().size(), chunk_left_)));
  chunk_left_ -= bytes.size();
  ByteReader within(bytes);
  while (const auto line = chunk_.next(within)) mime_.line(*line);
  if (chunk_left_ > 0) return;
  step_ = Step::command;
  if (is_last_chunk_) finish_chunks();
}

/// The last line of a mail in chunks need not end.
void SmtpParser::finish_chunks() {
  ByteReader end(as_bytes("\n"));
  if (chunk_.is_within())
    while (const auto line = chunk_.next(end)) mime_.line(*line);
  chunk_.reset();
  finish_content();
}

void SmtpParser::data_line(const Line& line) {
  if (!std::exchange(has_content_, true)) mime_.start(wanted_);
  Line of_mail = line;
  if (line.starts && line.text.starts_with('.')) {
    if (line.ends && line.text.size() == 1) {
      // Some servers end a mail here, others only at CR LF . CR LF: what follows may be a mail of its own.
      if (!line.has_cr || !ends_with_cr_) tell(Side::client, Anomaly::data_end_ambiguous);
      ask(Asked::data_end);
      step_ = Step::command;
      ends_with_cr_ = true;
      data_has_gap_ = false;
      return finish_content();
    }
    of_mail.text.remove_prefix(1);
  }
  if (line.ends) ends_with_cr_ = line.has_cr;
  mime_.line(of_mail);
}

void SmtpParser::open_mail() {
  if (is_open_) return;
  is_open_ = true;
  mail_.reset();
  mail_.id = next_id_++;
  if (helo_size_ == 0) return;
  mail_.set(Single::helo, {helo_.data(), helo_size_});
  advance(kGreeted);
}

void SmtpParser::advance(std::uint8_t step) {
  std::uint8_t& progress = mail_.progress[flow::index(Side::client)];
  progress = std::max(progress, step);
  mail_.note_growth();
}

void SmtpParser::finish_content() {
  mime_.finish(true);
  end_mail(true);
}

void SmtpParser::tell_growth() {
  if (!is_open_) return;
  mail_.anomalies.drain([this](std::size_t anomaly) { sink_->on_anomaly(Side::client, anomaly); });
  if (mail_.take_growth() && mail_.progress[flow::index(Side::client)] != kNotStarted)
    sink_->on_progress(mail_, Side::client);
}

void SmtpParser::end_mail(bool is_complete) {
  if (!is_open_) return;
  mail_.end_file(false);
  tell_growth();
  if (is_complete) {
    mail_.progress[flow::index(Side::client)] = kComplete;
    sink_->on_progress(mail_, Side::client);
  }
  sink_->on_end(mail_);
  chunk_.reset();
  is_open_ = has_content_ = false;
  if (budget_.is_tight()) mail_.release();
}

}  // namespace bansoko::proto::smtp
