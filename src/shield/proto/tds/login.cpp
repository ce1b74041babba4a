// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/tds/body_reader.h"
#include "shield/proto/tds/utf16.h"

namespace bansoko::proto::tds {
namespace {

constexpr std::size_t kMostOptions = 32;
constexpr std::uint8_t kVersionOption = 0, kEncryptionOption = 1, kInstanceOption = 2, kEnd = 0xFF;

constexpr std::size_t kFixedPart = 86;   // of a LOGIN7 up to TDS 7.1; later ones have 8 more
constexpr std::size_t kMostUnits = 128;  // of a text
constexpr std::size_t kMostFileUnits = 260;
constexpr std::size_t kMostRead = 512;  // of a text that is longer than there may be

/// Nothing: it does not lie within.
std::optional<Bytes> part_of(Bytes whole, std::size_t offset, std::size_t size) noexcept {
  if (offset > whole.size() || size > whole.size() - offset) return std::nullopt;
  return whole.subspan(offset, size);
}

Bytes up_to_zero(Bytes bytes) noexcept {
  const auto end = std::ranges::find(bytes, std::uint8_t{0});
  return bytes.first(static_cast<std::size_t>(end - bytes.begin()));
}

}  // namespace

Anomalies BodyReader::prelogin(Bytes body) noexcept {
  ByteReader in(body);
  for (std::size_t i = 0; i < kMostOptions; ++i) {
    const std::uint8_t option = in.u8();
    if (in.ok() && option == kEnd) return found_;
    const std::size_t offset = in.u16();
    const std::size_t size = in.u16();
    if (!in.ok()) break;
    const auto value = part_of(body, offset, size);
    if (!value) {
      found_ |= bit(malformed_prelogin);
      // What is there of it may be what overflows.
      if (option == kInstanceOption && offset < body.size()) into_.instance = body.subspan(offset);
      continue;
    }
    ByteReader data(*value);
    if (option == kVersionOption && size >= 4) into_.prelogin_version = data.u32();
    if (option == kEncryptionOption && size >= 1) into_.encryption = data.u8();
    if (option == kInstanceOption) into_.instance = up_to_zero(*value);
  }
  return found_ | bit(malformed_prelogin);
}

Anomalies BodyReader::login(Bytes body) noexcept {
  ByteReader in(body);
  const std::uint32_t stated = in.u32le();
  const std::uint32_t version = in.u32le();
  const std::uint32_t packet_size = in.u32le();
  in.skip(24);
  if (!in.ok() || body.size() < kFixedPart) return bit(malformed_login);
  into_.version = version;
  into_.packet_size = packet_size;
  if (stated != body.size()) found_ |= bit(malformed_login);
  using enum LoginText;
  // The password and what is unused or an extension have no name here, but must lie within as well.
  constexpr std::array kTexts{host, user, count, application, server, count, library, language, database};
  for (const LoginText which : kTexts) {
    const std::size_t offset = in.u16le();
    found_ |= login_text(which, offset, in.u16le(), body);
  }
  in.skip(6);  // the client's address
  const std::size_t token = in.u16le();
  const std::size_t token_size = in.u16le();
  if (token_size > 0 && (token < kFixedPart || !part_of(body, token, token_size)))
    found_ |= bit(login_text_outside);
  const std::size_t file = in.u16le();
  const std::size_t file_units = in.u16le();
  if (file_units > 0 && (file < kFixedPart || !part_of(body, file, 2 * file_units)))
    found_ |= bit(login_text_outside);
  if (file_units > kMostFileUnits) found_ |= bit(login_text_too_long);
  return found_;
}

Anomalies BodyReader::login_text(LoginText which, std::size_t offset, std::size_t units,
                                 Bytes body) noexcept {
  Anomalies found = units > kMostUnits ? bit(login_text_too_long) : 0;
  if (units == 0) return found;
  const bool is_inside = offset >= kFixedPart && part_of(body, offset, 2 * units);
  if (!is_inside) found |= bit(login_text_outside);
  if (which == LoginText::count || offset >= body.size()) return found;
  const std::size_t size = std::min({2 * units, body.size() - offset, 2 * kMostRead});
  into_.login[static_cast<std::size_t>(which)] = add_text(body.subspan(offset, size), true);
  return found;
}

// The login record of TDS 4.2 and 5.0: texts of 30 bytes, each with its length behind it.
Anomalies BodyReader::legacy_login(Bytes body) noexcept {
  constexpr std::size_t kRoom = 30;
  ByteReader in(body);
  for (const LoginText which : {LoginText::host, LoginText::user}) {
    const Bytes room = in.take(kRoom);
    const std::size_t size = in.u8();
    if (!in.ok()) return bit(malformed_login);
    if (size > kRoom) found_ |= bit(login_text_outside);
    into_.login[static_cast<std::size_t>(which)] = add_text(room.first(std::min(size, kRoom)), false);
  }
  return found_;
}

TdsMessage::Part BodyReader::add_text(Bytes text, bool is_wide) noexcept {
  const std::size_t from = into_.text.size();
  const bool is_added = is_wide ? append_as_utf8(text, into_.text, most_) : into_.text.append(text, most_);
  if (!is_added) found_ |= bit(MessageParser::memory_limit);
  return {from, into_.text.size() - from};
}

}  // namespace bansoko::proto::tds
