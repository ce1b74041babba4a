// SPDX-License-Identifier: Apache-2.0
// The forms are those of "MySQL Client/Server Protocol" in MySQL's source documentation, and of MariaDB's
// knowledge base where it differs.
#include <algorithm>

#include "shield/proto/mysql/message.h"

namespace bansoko::proto::mysql {
namespace {

constexpr std::uint8_t kError = 0xFF, kVersion9 = 9, kVersion10 = 10;

/// Up to a zero. Without one: all, and the reader fails.
Bytes take_text(ByteReader& in) noexcept {
  const Bytes rest = in.rest();
  const auto end = std::ranges::find(rest, std::uint8_t{0});
  const auto size = static_cast<std::size_t>(end - rest.begin());
  in.skip(size + 1);
  return rest.first(size);
}

/// An integer of one to nine bytes.
std::uint64_t take_length(ByteReader& in) noexcept {
  const std::uint8_t first = in.u8();
  if (first < 0xFB) return first;
  if (first == 0xFC) return in.u16le();
  if (first == 0xFD) {
    const std::uint64_t low = in.u16le();
    return std::uint64_t{in.u8()} << 16U | low;
  }
  return first == 0xFE ? in.u64le() : 0;
}

/// What a side states, as much of it as there is.
Anomalies take_auth(ByteReader& in, std::uint64_t size, Parts& into) noexcept {
  into.auth_length = size;
  const std::uint64_t there = std::min<std::uint64_t>(size, in.rest().size());
  into.auth_data = in.take(static_cast<std::size_t>(there));
  return there < size ? bit(auth_length_outside) : 0;
}

Anomalies take_terminated_auth(ByteReader& in, Parts& into) noexcept {
  into.auth_data = take_text(in);
  into.auth_length = into.auth_data->size();
  return 0;
}

Anomalies read_login_41(ByteReader in, std::uint32_t flags, Parts& into) noexcept {
  in.skip(4 + 1 + 23);  // largest packet, character set, zeros
  const Bytes name = take_text(in);
  into.user = name;
  if (!in.ok()) return bit(malformed_login);
  const Anomalies found = (flags & length_encoded_auth) != 0 ? take_auth(in, take_length(in), into)
                          : (flags & secure_connection) != 0 ? take_auth(in, in.u8(), into)
                                                             : take_terminated_auth(in, into);
  if ((flags & connect_with_database) != 0) into.database = take_text(in);
  if ((flags & plugin_auth) != 0 && !in.rest().empty()) into.auth_plugin = take_text(in);
  return found | (in.ok() ? 0 : bit(malformed_login));
}

Anomalies read_login_320(ByteReader in, std::uint32_t flags, Parts& into) noexcept {
  in.skip(3);  // largest packet
  into.user = take_text(in);
  if (!in.ok()) return bit(malformed_login);
  if ((flags & connect_with_database) == 0) {
    into.auth_data = in.rest();
    into.auth_length = in.rest().size();
    return 0;
  }
  take_terminated_auth(in, into);
  into.database = in.ok() ? take_text(in) : Bytes{};
  return 0;
}

Anomalies read_change_of_user(Bytes message, std::uint32_t agreed, Parts& into) noexcept {
  ByteReader in(message);
  into.user = take_text(in);
  if (!in.ok()) return bit(malformed_login);
  const bool has_length = agreed == 0 || (agreed & secure_connection) != 0;
  const Anomalies found = has_length ? take_auth(in, in.u8(), into) : take_terminated_auth(in, into);
  if (!in.rest().empty()) into.database = take_text(in);
  in.skip(std::min<std::size_t>(2, in.rest().size()));  // character set
  if (!in.rest().empty()) into.auth_plugin = take_text(in);
  return found;
}

/// With attributes the text comes behind them; then all is given, since nothing but the text is looked for.
Bytes query_text(Bytes argument, std::uint32_t agreed) noexcept {
  if ((agreed & query_attributes) == 0) return argument;
  ByteReader in(argument);
  const std::uint64_t attributes = take_length(in);
  take_length(in);  // sets of them
  return in.ok() && attributes == 0 ? in.rest() : argument;
}

}  // namespace

Anomalies read_greeting(Bytes message, Parts& into) noexcept {
  if (read_error(message, into)) return 0;
  ByteReader in(message);
  const std::uint8_t protocol = in.u8();
  into.protocol_version = protocol;
  into.version = take_text(in);
  in.skip(4 + 8);  // connection, challenge
  if (!in.ok() || (protocol != kVersion9 && protocol != kVersion10)) return bit(malformed_greeting);
  if (protocol == kVersion9 || in.rest().size() < 3) return 0;
  in.skip(1);
  const std::uint32_t low = in.u16le();
  in.skip(1 + 2);  // character set, status
  const bool has_high = in.rest().size() >= 2;
  into.capabilities = has_high ? std::uint32_t{in.u16le()} << 16U | low : low;
  return 0;
}

bool read_error(Bytes message, Parts& into) noexcept {
  ByteReader in(message);
  if (in.u8() != kError) return false;
  const std::uint16_t code = in.u16le();
  if (!in.ok()) return false;
  into.error_code = code;
  constexpr std::size_t kStateSize = 6;  // with its mark
  const bool has_state = in.rest().size() >= kStateSize && in.rest().front() == '#';
  if (has_state) into.sql_state = in.take(kStateSize).subspan(1);
  into.error_text = in.rest();
  return true;
}

Anomalies read_login(Bytes message, Parts& into) noexcept {
  ByteReader in(message);
  const std::uint32_t low = in.u16le();
  if (!in.ok()) return bit(malformed_login);
  into.capabilities = low;
  if ((low & protocol_41) == 0) return read_login_320(in, low, into);
  const std::uint32_t flags = std::uint32_t{in.u16le()} << 16U | low;
  into.capabilities = flags;
  return read_login_41(in, flags, into);
}

Anomalies read_command(Bytes message, std::uint32_t agreed, Parts& into) noexcept {
  if (message.empty()) return bit(malformed_command);
  into.command = message.front();
  const Bytes argument = message.subspan(1);
  into.argument = argument;
  switch (message.front()) {
    case query_command:
      into.query = query_text(argument, agreed);
      return 0;
    case prepare:
      into.query = argument;
      return 0;
    case init_database:
      into.database = argument;
      return 0;
    case change_user:
      return read_change_of_user(argument, agreed, into);
    default:
      return 0;
  }
}

}  // namespace bansoko::proto::mysql
