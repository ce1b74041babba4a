// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ftp/ftp_parser.h"

#include <algorithm>

#include "base/text.h"
#include "shield/proto/ftp_data/transfer.h"

namespace bansoko::proto::ftp {
namespace {

constexpr std::size_t kExchangeSize = sizeof(Exchange) + 256;

/// Without the commands of Telnet that may stand before ABOR (RFC 959 section 4.1.3).
std::string_view without_telnet(std::string_view text) noexcept {
  while (text.size() >= 2 && text.front() == '\xff') text.remove_prefix(2);
  return text;
}

}  // namespace

FtpParser::FtpParser(const Limits& limits, FtpMemory& memory)
    : limits_(limits), budget_(memory.budget), client_(budget_, limits.line), server_(budget_, limits.line) {}

FtpParser::~FtpParser() {
  open_ = 0;
  drop_idle_exchanges();
}

void FtpParser::reset(const Assignment& assignment) noexcept {
  client_address_ = assignment.client;
  client_.reset();
  server_.reset();
  open_ = given_up_ = 0;
  if (budget_.is_tight()) {
    client_.release();
    server_.release();
    drop_idle_exchanges();
  }
  waiting_.reset();
  reply_code_ = 0;
  is_greeted_ = is_logged_in_ = is_sync_lost_ = false;
  next_id_ = 0;
  result_ = Parsed::more;
}

Parsed FtpParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  sink_ = &sink;
  if (chunk.gap > 0) lose(chunk.from);
  ByteReader in(chunk.bytes());
  LineReader& lines = chunk.from == Side::client ? client_ : server_;
  while (result_ == Parsed::more) {
    const auto line = lines.next(in);
    if (!line) break;
    if (chunk.from == Side::client) {
      command_line(*line);
    } else {
      reply_line(*line);
    }
  }
  if (result_ == Parsed::finished) sink.on_handover({.protocol = "tls", .left = in.rest().size()});
  sink_ = nullptr;
  return result_;
}

void FtpParser::end(TransactionSink& sink) noexcept {
  sink_ = &sink;
  while (open_ > 0) end_oldest(false);
  sink_ = nullptr;
}

void FtpParser::lose(Side side) {
  tell(side, Anomaly::gap);
  (side == Side::client ? client_ : server_).lose();
  while (open_ > 0) end_oldest(false);
  given_up_ = 0;
  reply_code_ = 0;
  is_sync_lost_ = true;
}

void FtpParser::command_line(const Line& line) {
  if (line.starts && !line.ends)
    tell(Side::client, line.is_short_of_memory ? Anomaly::memory_limit : Anomaly::command_too_long);
  const std::string_view text = without_telnet(line.text);
  if (!line.starts || trim(text).empty()) return;
  const auto blank = std::min(text.find(' '), text.size());
  const std::string_view argument = text.substr(std::min(blank + 1, text.size()));
  if (open_ == limits_.open) {
    tell(Side::client, Anomaly::too_many_commands);
    end_oldest(false);
    ++given_up_;
  }
  Exchange& exchange = open_exchange();
  if (!exchange.set_command(text.substr(0, blank), argument)) tell(Side::client, Anomaly::memory_limit);
  read_command(exchange, argument);
}

void FtpParser::read_command(Exchange& exchange, std::string_view argument) {
  const std::string_view verb = as_text(exchange.verb());
  if (verb == "PORT") use_port(exchange, read_port(argument));
  if (verb == "EPRT") use_port(exchange, read_extended_port(argument));
  const bool is_passive = verb == "PASV" || verb == "EPSV";
  if (is_passive) exchange.mode = DataMode::passive;
  if (verb == "RETR") announce(exchange, ftp_data::kRetrieve);
  if (verb == "STOR" || verb == "APPE" || verb == "STOU") announce(exchange, ftp_data::kStore);
  progress(exchange, Side::client, is_passive ? kCommand : kSettled);
}

void FtpParser::use_port(Exchange& exchange, const std::optional<DataPort>& port) {
  exchange.mode = DataMode::active;
  if (!port) return tell(Side::client, Anomaly::port_invalid);
  exchange.port = port->port;
  exchange.is_bounce = port->host != client_address_;
  waiting_.reset();
  if (!exchange.is_bounce) waiting_ = Waiting{Side::client, port->port};
}

void FtpParser::announce(const Exchange& exchange, std::uint64_t purpose) {
  if (!waiting_) return;
  sink_->on_expected({.protocol = "ftp-data",
                      .listener = waiting_->listener,
                      .port = waiting_->port,
                      .purpose = purpose,
                      .label = as_text(exchange.argument())});
  waiting_.reset();
}

Exchange& FtpParser::open_exchange() {
  if (open_ == exchanges_.size()) {
    budget_.take_anyway(kExchangeSize);
    exchanges_.push_back(std::make_unique<Exchange>(limits_, budget_));
  }
  Exchange& exchange = *exchanges_[open_++];
  exchange.reset();
  exchange.id = next_id_++;
  exchange.is_logged_in.reset();
  if (!is_sync_lost_) exchange.is_logged_in = is_logged_in_;
  return exchange;
}

void FtpParser::end_oldest(bool is_answered) {
  const auto oldest = exchanges_.begin();
  Exchange& exchange = **oldest;
  if (is_answered) {
    progress(exchange, Side::client, kComplete);
    progress(exchange, Side::server, kComplete);
  }
  sink_->on_end(exchange);
  std::rotate(oldest, oldest + 1, oldest + static_cast<std::ptrdiff_t>(open_));
  --open_;
  if (budget_.is_tight()) drop_idle_exchanges();
}

void FtpParser::drop_idle_exchanges() noexcept {
  for (; exchanges_.size() > open_; exchanges_.pop_back()) budget_.give_back(kExchangeSize);
}

void FtpParser::progress(Exchange& exchange, Side side, std::uint8_t step) {
  std::uint8_t& now = exchange.progress[flow::index(side)];
  now = std::max(now, step);
  sink_->on_progress(exchange, side);
}

}  // namespace bansoko::proto::ftp
