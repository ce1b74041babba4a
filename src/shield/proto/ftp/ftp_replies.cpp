// SPDX-License-Identifier: Apache-2.0
// What the server says.
#include "base/text.h"
#include "shield/proto/ftp/ftp_parser.h"

namespace bansoko::proto::ftp {
namespace {

/// The three digits that an answer begins with; 0: it does not.
unsigned code_of(std::string_view line) noexcept {
  if (line.size() < 3) return 0;
  unsigned code = 0;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + static_cast<unsigned>(c - '0');
  }
  return code;
}

}  // namespace

// RFC 959 section 4.2: "230-" begins an answer of several lines, which "230 " ends.
void FtpParser::reply_line(const Line& line) {
  if (line.starts && !line.ends)
    tell(Side::server, line.is_short_of_memory ? Anomaly::memory_limit : Anomaly::reply_too_long);
  if (!line.starts) return;
  const unsigned code = code_of(line.text);
  const bool continues = reply_code_ != 0;
  const bool is_coded = code != 0 && (!continues || code == reply_code_);
  const bool is_last = is_coded && !line.text.substr(3).starts_with('-');
  const std::string_view text = is_coded ? line.text.substr(line.text.size() > 3 ? 4 : 3) : line.text;
  if (!continues && !is_coded) return;
  if (open_ > 0 && given_up_ == 0) {
    Exchange& exchange = *exchanges_.front();
    const std::string_view kept_code = continues ? std::string_view() : line.text.substr(0, 3);
    if (exchange.add_line(kept_code, text)) {
      progress(exchange, Side::server, kReply);
    } else {
      tell(Side::server, budget_.is_full() ? Anomaly::memory_limit : Anomaly::reply_limit);
    }
  }
  reply_code_ = is_last ? 0 : continues ? reply_code_ : code;
  if (is_last) finish_reply(code, text);
}

void FtpParser::finish_reply(unsigned code, std::string_view text) {
  const bool is_greeting = !is_greeted_ && (code == 220 || code == 120 || code == 421);
  if (open_ == 0 && given_up_ == 0) {
    if (!is_greeting && code != 421 && !is_sync_lost_) tell(Side::server, Anomaly::reply_unmatched);
    is_greeted_ = true;
    return;
  }
  is_greeted_ = true;
  if (code < 200) return;  // another follows
  if (code == 230 || code == 232) is_logged_in_ = true;  // RFC 959 section 4.2.2, RFC 2228 section 5.1
  if (given_up_ > 0) {
    --given_up_;
    return;
  }
  Exchange& exchange = *exchanges_.front();
  passive_reply(exchange, code, text);
  if (code == 220 && as_text(exchange.verb()) == "REIN") is_logged_in_ = false;
  const bool is_secured = code == 234 && as_text(exchange.verb()) == "AUTH";  // RFC 4217 section 4
  end_oldest(true);
  if (is_secured) result_ = Parsed::finished;
}

void FtpParser::passive_reply(Exchange& exchange, unsigned code, std::string_view text) {
  if (exchange.mode != DataMode::passive || code < 200 || code > 299) return;
  const auto port = code == 229 ? read_extended_passive(text) : read_port(text);
  if (!port) return tell(Side::server, Anomaly::port_invalid);
  exchange.port = port->port;
  // Clients go where they are told by port, and to the server they know: whatever host is named.
  waiting_ = Waiting{Side::server, port->port};
}

}  // namespace bansoko::proto::ftp
