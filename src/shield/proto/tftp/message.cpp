// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tftp/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::proto::tftp {
namespace {

enum Operation : std::uint16_t { read_request = 1, write_request = 2, options = 6 };

constexpr std::array<std::string_view, 3> kModes{"netascii", "octet", "mail"};

/// The text up to a zero; a ByteReader that fails: there is none.
std::string_view take_text(ByteReader& in) noexcept {
  const std::string_view rest = as_text(in.rest());
  const std::size_t size = rest.find('\0');
  if (size == std::string_view::npos) {
    in.skip(rest.size() + 1);
    return {};
  }
  const std::string_view text = as_text(in.take(size));
  in.skip(1);
  return text;
}

}  // namespace

bool is_request(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const std::uint16_t operation = in.u16();
  const std::string_view file = take_text(in);
  const std::string_view mode = take_text(in);
  const bool known_mode = std::ranges::any_of(kModes, [mode](auto known) { return same_text(known, mode); });
  return in.ok() && (operation == read_request || operation == write_request) && !file.empty() && known_mode;
}

bool is_packet(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const std::uint16_t operation = in.u16();
  in.skip(2);
  return in.ok() && operation >= read_request && operation <= options;
}

std::uint32_t TftpMessage::read(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const bool asks = in.u16() <= write_request;
  return (asks ? is_request(bytes) : is_packet(bytes)) ? 0 : kMalformed;
}

}  // namespace bansoko::proto::tftp
